import { addDays, startOfDay } from '../paris.js';
import type { Reading, SeriesDataset } from '../readings.js';
import { mayAskAgainAt } from './schedule.js';

/** What a server gave for one day. */
export interface CachedDay {
  /** When it was asked last, ms since the epoch. */
  readonly askedAt: number;
  /** In the order of time; empty where there was nothing (yet). */
  readonly readings: readonly Reading[];
}

/** So long after its end a day may still get data, ms; afterwards it stays as it is (spec/device-flow 4.6). */
const stillComing = 15 * 24 * 3_600_000;

/** Whether the intervals fill the day from midnight to midnight, whatever their lengths (46, 48, 50 half-hours and so on). */
function isFilled(day: string, readings: readonly Reading[]): boolean {
  let reached = startOfDay(day);
  for (const { start, end } of readings) {
    if (start !== reached) return false;
    reached = end;
  }
  return reached === startOfDay(addDays(day, 1));
}

/** Whether nothing of the day is missing. */
export function isComplete(dataset: SeriesDataset, day: string, readings: readonly Reading[]): boolean {
  return dataset.endsWith('_load_curve') ? isFilled(day, readings) : readings.length > 0;
}

/** Whether the day is never asked for again: it is complete, or was asked for long after its end. */
export function isSettled(dataset: SeriesDataset, day: string, cached: CachedDay | undefined): boolean {
  if (cached === undefined) return false;
  if (isComplete(dataset, day, cached.readings)) return true;
  return cached.askedAt >= startOfDay(addDays(day, 1)) + stillComing;
}

/** Whether the day is to be asked for now, ms since the epoch. */
export function isDue(dataset: SeriesDataset, day: string, cached: CachedDay | undefined, now: number): boolean {
  if (cached === undefined) return true;
  // A clock that was put back must not keep a day from being asked for.
  if (cached.askedAt > now) return !isComplete(dataset, day, cached.readings);
  return !isSettled(dataset, day, cached) && now >= mayAskAgainAt(day, cached.askedAt);
}
