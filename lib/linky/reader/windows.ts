import type { DayRange, WindowLimits } from '../api/meter-api.js';
import { addDays } from '../paris.js';
import type { ReadNote } from './reader.js';

/** The first day that may be asked for, and why not an earlier one. */
export interface Floor {
  readonly day: string;
  readonly reason: Extract<ReadNote, 'before_activation' | 'before_consent' | 'before_history'>;
}

/** The latest of the floors: the history that the server keeps, the activation of the meter, what it told earlier. */
export function highestFloor(today: string, { historyDays }: WindowLimits, others: readonly Floor[]): Floor {
  const history: Floor = { day: addDays(today, -historyDays), reason: 'before_history' };
  return others.reduce((highest, floor) => (floor.day > highest.day ? floor : highest), history);
}

/** The part of a range that can be had: no earlier than the floor, no later than yesterday. Empty where start is end. */
export function reachable({ start, end }: DayRange, floor: string, today: string): DayRange {
  const last = end < today ? end : today;
  const first = start > floor ? start : floor;
  return first < last ? { start: first, end: last } : { start: last, end: last };
}

/**
 * The calls that fetch these days: each day in exactly one window, no other day in any, none longer than the server allows.
 * The newest come first, since people want those first and history may come to an end.
 * @param days in the order of the calendar, each once
 */
export function planWindows(days: readonly string[], { longestDays }: Pick<WindowLimits, 'longestDays'>): DayRange[] {
  const windows: DayRange[] = [];
  for (const day of days.toReversed()) {
    const open = windows.at(-1);
    const isNext = open?.start === addDays(day, 1) && day >= addDays(open.end, -longestDays);
    if (open && isNext) windows[windows.length - 1] = { start: day, end: open.end };
    else windows.push({ start: day, end: addDays(day, 1) });
  }
  return windows;
}

/** The two halves of a window, the newer one first; `undefined` where it is one day. */
export function halves({ start, end }: DayRange): readonly [DayRange, DayRange] | undefined {
  const length = (Date.parse(end) - Date.parse(start)) / 86_400_000;
  if (length < 2) return undefined;
  const middle = addDays(start, Math.floor(length / 2));
  return [
    { start: middle, end },
    { start, end: middle },
  ];
}
