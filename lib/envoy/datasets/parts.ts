import { isFields } from './fields.js';
import type { Parts } from './types.js';

/**
 * The parts of two sources as one: objects under the same key are merged, at every depth; of two other values the
 * second one stands. Neither side is changed.
 */
export function mergeParts(first: Parts, second: Parts): Parts {
  const shared = Object.entries(second).map(([key, value]) => {
    const known = Object.hasOwn(first, key) ? first[key] : undefined;
    return [key, isFields(known) && isFields(value) ? mergeParts(known, value) : value] as const;
  });
  return { ...first, ...Object.fromEntries(shared) };
}
