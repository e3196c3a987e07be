import type { Quotas } from '../switches.js';

/** Counts calls by interface in fixed windows of a second and of an hour. */
export interface QuotaCounter {
  /** Counts a call; where it is one too many, ms since the epoch at which the next one is let through. */
  take(subject: string, quotas: Quotas): number | undefined;
  clear(): void;
}

const second = 1000;
const hour = 3_600_000;

/** A counter that has seen nothing. */
export function createQuotaCounter(now: () => number): QuotaCounter {
  const windows = new Map<string, { start: number; count: number }>();
  const exceeded = (key: string, length: number, limit: number): number | undefined => {
    const start = Math.floor(now() / length) * length;
    let window = windows.get(key);
    if (window?.start !== start) {
      window = { start, count: 0 };
      windows.set(key, window);
    }
    window.count++;
    return window.count > limit ? start + length : undefined;
  };
  return {
    take: (subject, { perSecond = Number.POSITIVE_INFINITY, perHour = Number.POSITIVE_INFINITY }) => {
      const untilHour = exceeded(`${subject} hour`, hour, perHour);
      return untilHour ?? exceeded(`${subject} second`, second, perSecond);
    },
    clear: () => {
      windows.clear();
    },
  };
}
