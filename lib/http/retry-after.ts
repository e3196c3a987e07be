import type { TransportReply } from './transport.js';

/** Longer waits, in ms, are a mistake of the server's: seconds with more than nine digits, such as a moment. */
export const longestWait = 999_999_999_000;

/**
 * What a `Retry-After` header says, seconds or a date (RFC 9110 10.2.3), in ms from `now`; `undefined` without a usable one.
 * Negative for a date that has passed, and as long as the server wants: the caller knows what is sensible.
 * @param now ms since the epoch, by the clock that a date is held against
 */
export function retryWait({ headers }: Pick<TransportReply, 'headers'>, now: number): number | undefined {
  const text = [headers['retry-after']].flat()[0]?.trim() ?? '';
  // JavaScript takes nearly every number for a date; those of HTTP have a time of day.
  const date = /\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : date - now;
  return Number.isFinite(wait) ? wait : undefined;
}
