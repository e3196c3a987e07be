import { AuthenticationError, EnergyError } from '../../lib/errors.js';
import { addDays, parisDay } from '../../lib/linky/paris.js';
import type { ReadNote, ReadResult } from '../../lib/linky/reader/reader.js';

/** What no waiting changes. */
const lasting: ReadonlySet<ReadNote> = new Set(['not_activated', 'wrong_direction', 'no_consent', 'moved_out']);

/**
 * Whether yesterday's data may still come today: they are not there, or not all of them, and nothing says that they never will
 * be (spec/device-flow 4.6).
 * @param now ms since the epoch
 */
export function isWorthAnotherTry(results: readonly ReadResult[], now: number): boolean {
  const yesterday = addDays(parisDay(now), -1);
  return results.some(({ missing, incomplete = [], notes, problem }) => {
    if (notes.some((note) => lasting.has(note))) return false;
    return problem !== undefined || missing.includes(yesterday) || incomplete.includes(yesterday);
  });
}

/** Whether a read that failed may succeed later on the same day without anybody doing anything. */
export function isWorthAnotherTryAfter(error: EnergyError): boolean {
  return error.code === 'reply_invalid' || (error instanceof AuthenticationError && error.retryable);
}
