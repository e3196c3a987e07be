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

/** The text under `name`, an empty one included. */
export function wordAt(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** The code under `name`: gateways give the same ones as numbers or as words. */
export function codeAt(fields: Fields, name: string): number | string | undefined {
  return numberAt(fields, name) ?? textAt(fields, name);
}

/** The truth value under `name`, which gateways give as such, as `"true"` or `"false"`, or as a number (0 is false). */
export function flagAt(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'number' && Number.isFinite(value) ? value !== 0 : undefined;
}

/** The texts of the list under `name`; undefined where there is no list. */
export function textsAt(fields: Fields, name: string): readonly string[] | undefined {
  const value: unknown = fields[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

/** The object under `name`, or an empty one. */
export function fieldsAt(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

/** Whether a reply says that there is nothing, as some gateways do with the status 200 (spec 7.5). */
export function isErrorReply(reply: unknown): boolean {
  return isFields(reply) && ('error' in reply || 'err' in reply);
}

/** Levels of a document that are copied; what the gateways give has six. */
const deepest = 16;

const camel = (name: string): string =>
  /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)
    ? name.replace(/_([a-z0-9])/g, (_, next: string) => next.toUpperCase())
    : name;

/**
 * A copy of a part of a reply whose inside nobody looks into, with its names in camelCase and without nulls;
 * undefined where nothing is left.
 */
export function camelCopy(value: unknown, depth = 0): unknown {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  if (depth >= deepest) return undefined;
  if (Array.isArray(value)) return value.map((item) => camelCopy(item, depth + 1)).filter((item) => item !== undefined);
  if (!isFields(value)) return undefined;
  return present(
    Object.fromEntries(Object.entries(value).map(([name, item]) => [camel(name), camelCopy(item, depth + 1)])),
  );
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

/**
 * A reply that has to be a JSON object.
 * @throws EnergyError `reply_invalid` with endpoint and `field`, the one that is missed, where it is none or an error.
 */
export function requiredFields(reply: unknown, endpoint: string, field: string): Fields {
  if (!isFields(reply) || isErrorReply(reply)) throw invalidReply(endpoint, field);
  return reply;
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
