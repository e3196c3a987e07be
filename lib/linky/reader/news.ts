import type { SeriesDataset } from '../readings.js';
import { addDays } from '../paris.js';
import type { DayBook } from './cache.js';
import { isSettled } from './cached-day.js';
import { daysOf } from './days.js';
import type { Told } from './state.js';

/** So many days are told the first time. */
const firstDays = 7;

/** What a subscriber that was never told anything is given. */
function nothingTold(today: string): Told {
  return { until: addDays(today, -firstDays), pending: {} };
}

/** The days that may be news: those that were not told yet, and earlier ones that lacked something. In their order. */
export function newsDays(told: Told | undefined, today: string, floor: string): string[] {
  const { until, pending } = told ?? nothingTold(today);
  const days = new Set([...Object.keys(pending), ...daysOf(until, today)]);
  return [...days].filter((day) => day >= floor && day < today).sort();
}

/** The days that have more readings than were told. */
export function untoldDays(told: Told | undefined, days: readonly string[], book: DayBook): string[] {
  return days.filter((day) => (book.get(day)?.readings.length ?? 0) > (told?.pending[day] ?? 0));
}

/** What is told once these days were: days that may still get data stay pending, however long nobody could ask for them. */
export function toldAfter(
  told: Told | undefined,
  { dataset, days, book, today }: { dataset: SeriesDataset; days: readonly string[]; book: DayBook; today: string },
): Told {
  const open = days.filter((day) => !isSettled(dataset, day, book.get(day)));
  const until = told && told.until > today ? told.until : today;
  return { until, pending: Object.fromEntries(open.map((day) => [day, book.get(day)?.readings.length ?? 0])) };
}
