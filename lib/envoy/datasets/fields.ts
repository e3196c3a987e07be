import { EnergyError } from '../../errors.js';

/** A JSON object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object (no list, no null). */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list, in order; entries of another kind are left out, and anything but a list is an empty one. */
export function objectsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The number under `name`. What is no number, or larger than any quantity of a house, counts as missing; a negative zero is 0. */
export function numberAt(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value + 0 : undefined;
}

/** The text under `name`; an empty one counts as missing. */
export function textAt(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The object under `name`, or an empty one. */
export function fieldsAt(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

/** The error for a reply of `endpoint` in which `field` is missing or of another kind than it has to be. */
export function invalidReply(endpoint: string, field: string): EnergyError {
  return new EnergyError('reply_invalid', `The reply of ${endpoint} has no usable "${field}".`, {
    parameters: { endpoint, field },
  });
}

/**
 * The number under `name`.
 * @throws EnergyError `reply_invalid` with endpoint and field where there is none.
 */
export function requiredNumber(fields: Fields, name: string, endpoint: string): number {
  const value = numberAt(fields, name);
  if (value === undefined) throw invalidReply(endpoint, name);
  return value;
}

/** `value` to the nearest whole number, a half to the even one as the reference does; never a negative zero. */
export function whole(value: number): number {
  const rounded = Math.round(value);
  const isOddHalf = rounded - value === 0.5 && rounded % 2 !== 0;
  return (isOddHalf ? rounded - 1 : rounded) + 0;
}

/** The same object without the keys whose value is undefined: what is absent has no key in a payload. */
export function present<T extends Fields>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
