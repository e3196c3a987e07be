import type { RateBucket } from '../records/types.js';
import type { Allowance, LimitRule } from './limits.js';

/**
 * The bucket as it stands now (spec/device-flow 2.5 (8)): two adjoining windows, the first of which begins with the
 * first request. A window that begins later than one that begins now comes from a clock that was set back; it counts
 * as the window before, so that it neither blocks for long nor is forgiven. `undefined`: the rule's window was changed.
 */
export function bucketAt(bucket: RateBucket | undefined, { window }: LimitRule, now: number): RateBucket {
  if (bucket?.window !== window) return { windowStart: now, window, count: 0, before: 0 };
  const windows = Math.floor((now - bucket.windowStart) / window);
  if (windows === 0) return bucket;
  if (windows === 1) return { windowStart: bucket.windowStart + window, window, count: 0, before: bucket.count };
  if (windows > 1) return { windowStart: now, window, count: 0, before: 0 };
  return windows === -1 ? bucket : { windowStart: now, window, count: 0, before: bucket.count };
}

/**
 * What a rule says of one more, by a bucket that `bucketAt` made for this moment. The window before counts with the part
 * of it that lies less than a window back; so a subject that keeps exactly to the limit is never refused.
 */
export function allowance(bucket: RateBucket, { limit, window }: LimitRule, now: number): Allowance {
  const { count, before } = bucket;
  const elapsed = Math.max(0, now - bucket.windowStart);
  if (count + before * (1 - (elapsed + 1) / window) < limit) return { allowed: true, wait: 0 };
  if (limit < 1) return { allowed: false, wait: window };
  // The weight of the window before falls evenly; where this window alone is full, it has to become the one before.
  const until = count < limit ? window * (1 - (limit - count) / before) : window * (2 - limit / count);
  return { allowed: false, wait: Math.max(1, Math.ceil(until - elapsed)) };
}

/** Takes as many of `wanted` as the rule allows; `next` is absent where it allows none. */
export function takeFrom(
  stored: RateBucket | undefined,
  rule: LimitRule,
  wanted: number,
  now: number,
): { readonly next?: RateBucket; readonly taken: number; readonly refusal: Allowance } {
  let bucket = bucketAt(stored, rule, now);
  let taken = 0;
  while (taken < wanted && allowance(bucket, rule, now).allowed) {
    bucket = { ...bucket, count: bucket.count + 1 };
    taken += 1;
  }
  return { ...(taken > 0 && { next: bucket }), taken, refusal: allowance(bucket, rule, now) };
}

/** Gives one back that was taken a moment ago; `undefined` where nothing is left of it. */
export function giveBackTo(stored: RateBucket | undefined, rule: LimitRule, now: number): RateBucket | undefined {
  const bucket = bucketAt(stored, rule, now);
  if (bucket.count > 0) return { ...bucket, count: bucket.count - 1 };
  return bucket.before > 0 ? { ...bucket, before: bucket.before - 1 } : undefined;
}
