import { addDays, isCalendarDay, parisDay } from '../../lib/linky/paris.js';

type Unit = 'd' | 'w' | 'm' | 'y';

/** The same day so many months earlier; in a shorter month its last day. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
}

function before(day: string, count: number, unit: Unit): string {
  if (unit === 'm' || unit === 'y') return monthsBefore(day, unit === 'y' ? 12 * count : count);
  return addDays(day, -(unit === 'w' ? 7 * count : count));
}

function dayOfMoment(milliseconds: number): string | undefined {
  // What a Date can hold is far more than what a meter has; years of four digits keep days comparable as text.
  return milliseconds >= 0 && milliseconds < 253_000_000_000_000 ? parisDay(milliseconds) : undefined;
}

function dayOfText(text: string, now: number): string | undefined {
  const today = parisDay(now);
  if (text === 'today') return today;
  if (text === 'yesterday') return addDays(today, -1);
  const relative = /^-(\d{1,4})([dwmy])$/.exec(text);
  if (relative) {
    const day = before(today, Number(relative[1]), relative[2] as Unit);
    return isCalendarDay(day) ? day : undefined;
  }
  if (isCalendarDay(text)) return text;
  // A time without an offset would mean another day on another machine.
  const isMoment = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})$/.test(text);
  return isMoment ? dayOfMoment(Date.parse(text.toUpperCase())) : undefined;
}

/**
 * The day in France, `YYYY-MM-DD`, that somebody means: `2026-11-20`; relative to today `today`, `yesterday`, `-7d`, `-2w`,
 * `-3m`, `-1y`; a moment as ms since the epoch, as a Date, or in ISO 8601 with its offset. `undefined` for anything else.
 * @param now ms since the epoch
 */
export function dayOf(value: unknown, now: number): string | undefined {
  if (typeof value === 'number') return dayOfMoment(value);
  if (value instanceof Date) return dayOfMoment(value.getTime());
  return typeof value === 'string' ? dayOfText(value.trim().toLowerCase(), now) : undefined;
}

/** Whether a value stands for "nothing was given". */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** The 14 digits of a usage point, without the spaces, dots and dashes that people write between them. */
export function usagePointOf(value: unknown): string | undefined {
  const digits = typeof value === 'string' ? value.replace(/[\s.-]/g, '') : '';
  return /^\d{14}$/.test(digits) ? digits : undefined;
}
