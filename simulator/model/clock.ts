import type { Calendar } from './calendar.js';

const hour = 3_600_000;
const day = 24 * hour;

/** A clock that started now and runs `scale` times as fast as the real one. */
export function fastClock(scale: number, start = Date.now()): () => number {
  return () => start + (Date.now() - start) * scale;
}

/**
 * By how much the sun of a plant has to run ahead so that it is `localHour` there at `time`, ms in 0 … 24 h. Ahead and
 * never behind: counters then do not fall below what an earlier start on the same day has shown by day.
 */
export function shiftToHour(calendar: Calendar, time: number, localHour: number): number {
  const now = (time + calendar.offset(time)) % day;
  return (localHour * hour - now + day) % day;
}
