import type { EnergyError } from '../../errors.js';
import { invalidArgument, type BrokenRule } from '../../explanations.js';
import { isFields, type Fields } from '../datasets/fields.js';

/** Turns a value that a flow gave into one that may be sent; raises `invalid_argument` for every other one. */
export type Check<T> = (value: unknown, field: string) => T;

/**
 * The error for an argument that may not be sent; it never shows the value, which may hold anything.
 * @param allowed what it may be, in English
 */
export function invalid(field: string, broken: BrokenRule, allowed: string): EnergyError {
  const told = { ...broken, allowed };
  return invalidArgument(field, told, `"${field}" must be ${allowed}.`);
}

/** One of these words, as written here. */
export function oneOf<const T extends string>(words: readonly T[]): Check<T> {
  return (value, field) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw invalid(field, { rule: 'oneOf', words }, `one of ${words.join(', ')}`);
    return found;
  };
}

/** One of these words in any case of its letters; the result is written as here. */
export function oneOfAnyCase<const T extends string>(words: readonly T[]): Check<T> {
  return (value, field) => {
    const wanted = typeof value === 'string' ? value.toLowerCase() : undefined;
    return oneOf(words)(
      words.find((word) => word.toLowerCase() === wanted),
      field,
    );
  };
}

/** A number within these bounds. */
export function between(lowest: number, highest: number): Check<number> {
  return (value, field) => {
    if (typeof value === 'number' && value >= lowest && value <= highest) return value + 0;
    const broken = { rule: 'numberBetween', minimum: lowest, maximum: highest } as const;
    throw invalid(field, broken, `a number from ${lowest} to ${highest}`);
  };
}

/** A whole number within these bounds, in these steps from the lowest one. */
export function wholeBetween(lowest: number, highest: number, step = 1): Check<number> {
  return (value, field) => {
    const isWhole = typeof value === 'number' && Number.isInteger(value) && (value - lowest) % step === 0;
    if (isWhole && value >= lowest && value <= highest) return value + 0;
    const bounds = { minimum: lowest, maximum: highest };
    const range = `a whole number from ${lowest} to ${highest}`;
    if (step === 1) throw invalid(field, { rule: 'wholeNumber', ...bounds }, range);
    throw invalid(field, { rule: 'wholeNumberInSteps', ...bounds, step }, `${range} in steps of ${step}`);
  };
}

/** A truth value: true, false, or the words `true`, `false`, `on`, `off`; nothing else, so that no 0 or "" slips in. */
export const truth: Check<boolean> = (value, field) => {
  if (value === true || value === 'true' || value === 'on') return true;
  if (value === false || value === 'false' || value === 'off') return false;
  throw invalid(field, { rule: 'truth' }, 'true, false, on or off');
};

/** Text of a limited length without control characters. */
export function textUpTo(longest: number): Check<string> {
  return (value, field) => {
    if (typeof value === 'string' && value.length <= longest && !/\p{Cc}/u.test(value)) return value;
    throw invalid(field, { rule: 'textUpTo', longest }, `text of at most ${longest} characters`);
  };
}

/** The serial number of a device: letters and digits, without the blanks around it. */
export const serialNumber: Check<string> = (value, field) => {
  const serial = typeof value === 'string' ? value.trim() : '';
  if (!/^[A-Za-z0-9]{1,32}$/.test(serial)) throw invalid(field, { rule: 'serialNumber' }, 'a serial number as text');
  return serial;
};

/** A list of serial numbers, which may be empty. */
export const serialNumbers: Check<readonly string[]> = (value, field) => {
  if (!Array.isArray(value)) throw invalid(field, { rule: 'serialNumbers' }, 'a list of serial numbers');
  // Unlike `map`, this does not pass over the holes of a list.
  return Array.from(value, (item: unknown, index) => serialNumber(item, `${field}[${index}]`));
};

/** An object. */
export const fields: Check<Fields> = (value, field) => {
  if (!isFields(value)) throw invalid(field, { rule: 'object' }, 'an object');
  return value;
};

/** Refuses every key of `given` that is not among `names`. */
export function onlyKnown(given: Fields, names: readonly string[], field: string): void {
  if (Object.keys(given).some((key) => !names.includes(key))) {
    const broken = { rule: 'knownKeys', words: names } as const;
    throw invalid(field, broken, `an object with no other keys than ${names.join(', ')}`);
  }
}

/** One setting that may be changed: its name at the gateway, by which it may be given, too, and its check. */
interface Setting<T> {
  readonly gatewayName: string;
  readonly check: Check<T>;
}

/** The settings that may be changed, by their names in the payload. */
export type Settings<C> = { readonly [K in keyof C]-?: Setting<NonNullable<C[K]>> };

/**
 * The changes to some settings, given under the names of the payload or those of the gateway; at least one.
 * @throws EnergyError `invalid_argument`: another key, a setting given twice, a value that is not allowed, no change
 */
export function changes<C extends object>(settings: Settings<C>, given: Fields, field: string): C {
  const entries = Object.entries<Setting<unknown>>(settings);
  const names = entries.flatMap(([name, { gatewayName }]) => (name === gatewayName ? [name] : [name, gatewayName]));
  onlyKnown(given, names, field);
  const found = entries.flatMap(([name, { gatewayName, check }]) => {
    const used = [...new Set([name, gatewayName])].filter((key) => Object.hasOwn(given, key));
    if (used.length > 1) {
      const broken = { rule: 'givenOnce', words: used } as const;
      throw invalid(`${field}.${name}`, broken, `given once, not as ${used.join(' and as ')}`);
    }
    return used.map((key) => [name, check(given[key], `${field}.${key}`)] as const);
  });
  if (found.length === 0) {
    const words = Object.keys(settings);
    throw invalid(field, { rule: 'someChange', words }, `an object with a change of one of ${words.join(', ')}`);
  }
  return Object.fromEntries(found) as C;
}
