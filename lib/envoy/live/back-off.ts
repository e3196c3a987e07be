const shortest = 1000;
const longest = 60_000;

/** How attempts went so far. A value. */
export interface Attempts {
  /** In a row, that did not last. */
  readonly failures: number;
  /** The wait before the attempt under way, ms. */
  readonly waited: number;
}

/** Nothing was tried yet. */
export const noAttempts: Attempts = { failures: 0, waited: 0 };

/**
 * After an attempt that brought readings for `lasted` ms (0 where it brought none): the wait until the next one stands
 * in `waited`, from 1 to 60 s, longer each time, of which half is left to chance so that gateways of one
 * installation do not all come back at once. Whoever held out longer than the wait before starts anew.
 */
export function afterAttempt(before: Attempts, lasted: number, random: number): Attempts {
  const failures = lasted > before.waited ? 1 : before.failures + 1;
  const bound = Math.min(longest, 2 * shortest * 2 ** (failures - 1));
  return { failures, waited: (bound / 2) * (1 + random) };
}
