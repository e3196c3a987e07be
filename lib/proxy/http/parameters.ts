import { ProxyError } from './error.js';

/** The parameters of a form or of a query string, decoded. */
export interface Parameters {
  /** The value of a parameter; `undefined` where it is missing or empty (spec/device-flow C8: `"0"` is a value). */
  get(name: string): string | undefined;
  /** The names of all parameters, empty ones included. */
  readonly names: readonly string[];
}

/** What is done about a parameter that is given several times or as an array (`name[]`): refused, or the first counts. */
export type Repeats = 'refused' | 'first';

function invalid(description: string, cause?: unknown): ProxyError {
  return new ProxyError(400, 'invalid_request', { description, cause });
}

function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw invalid('Malformed percent-encoding', cause);
  }
}

/**
 * Reads parameters encoded as `application/x-www-form-urlencoded`.
 * @throws ProxyError 400 `invalid_request` where the encoding is broken, or a parameter is repeated and that is refused
 */
export function parseParameters(text: string, repeats: Repeats): Parameters {
  const values = new Map<string, string>();
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    const part = text.slice(start, end);
    start = end + 1;
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decoded(part.slice(equals + 1));
    if (repeats === 'refused' && name.includes('[')) throw invalid('A parameter was given as an array');
    if (!values.has(name)) values.set(name, value);
    else if (repeats === 'refused') throw invalid('A parameter was given more than once');
  }
  return {
    get: (name) => {
      const value = values.get(name);
      return value === '' ? undefined : value;
    },
    get names() {
      return [...values.keys()];
    },
  };
}
