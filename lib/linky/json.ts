import { isUsagePoint } from './usage-point.js';

/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A string of JSON, or an integer that a number of JavaScript may not hold. */
const stringOrLongInteger = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/gs;

/**
 * Reads JSON text; integers of 16 digits and more become strings, since ids of 64 bits would lose digits as numbers.
 * `undefined` where it is no JSON, whatever its content type says (Enedis labels JSON as octet-stream).
 */
export function parseJson(text: string): unknown {
  const safe = text
    .replace(/^\uFEFF/, '')
    .replace(stringOrLongInteger, (found) => (found.startsWith('"') ? found : `"${found}"`));
  try {
    return JSON.parse(safe) as unknown;
  } catch {
    return undefined;
  }
}

/** The value as an object; an empty one where it is none. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list: nothing becomes an empty one, a single value a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** Text, whether it came as a string or as a number; `undefined` where it is neither or empty. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return text === '' ? undefined : text;
}

/** A number, whether it came as a number or as a string, with a point or a comma; `undefined` where it is none. */
export function numberOf(value: unknown): number | undefined {
  const text = textOf(value)?.replace(',', '.');
  if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A usage point (PRM): 14 digits; as a number it has lost its leading zeros. */
export function usagePointOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value).padStart(14, '0') : textOf(value);
  return text !== undefined && isUsagePoint(text) ? text : undefined;
}
