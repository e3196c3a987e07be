import { EnergyError } from '../../errors.js';
import { addDays, daysBetween, isCalendarDay, parisDay } from '../paris.js';

/** The days of a range, the last one left out. */
export function daysOf(start: string, end: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(start, end)) }, (_, index) => addDays(start, index));
}

/** The day so many months later; the last one of a month that is too short. */
function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

function invalid(field: string): EnergyError {
  const allowed = 'a day (2026-11-20), "today", "yesterday", "-7d", "-2w", "-3m", "-1y", a date or milliseconds';
  return new EnergyError('invalid_argument', `"${field}" must be ${allowed}.`, { parameters: { field, allowed } });
}

function relativeDay(text: string, today: string): string | undefined {
  if (text === 'today') return today;
  if (text === 'yesterday') return addDays(today, -1);
  const [, digits, unit] = /^-\s?(\d{1,4})\s?([dwmy])$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const count = -Number(digits);
  if (unit === 'd') return addDays(today, count);
  if (unit === 'w') return addDays(today, 7 * count);
  return addMonths(today, unit === 'm' ? count : 12 * count);
}

/** The oldest moment that a number may stand for: anything less is no time in ms. */
const oldest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

function dayOfInstant(instant: number, field: string): string {
  if (!(instant >= oldest && instant < latest)) throw invalid(field);
  return parisDay(instant);
}

/** A date of ISO 8601: with an offset it is a moment, without one the day that is written. */
function isoDay(text: string, field: string): string | undefined {
  const [, day, time, offset] = /^(\d{4}-\d{2}-\d{2})(?:[T ]([\d:.]+)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text) ?? [];
  if (day === undefined || !isCalendarDay(day)) return undefined;
  return time === undefined || offset === undefined ? day : dayOfInstant(Date.parse(text.replace(' ', 'T')), field);
}

/**
 * The day in Europe/Paris that a value stands for (design 3.6): `YYYY-MM-DD`, an ISO 8601 date and time, `today`,
 * `yesterday`, so many days, weeks, months or years ago (`-7d`, `-2w`, `-3m`, `-1y`), ms since the epoch, a `Date`.
 * @param now ms since the epoch
 * @param field name of the value, for the error
 * @throws EnergyError `invalid_argument` naming the field
 */
export function parseDay(value: unknown, now: number, field = 'from'): string {
  if (value instanceof Date) return dayOfInstant(value.getTime(), field);
  if (typeof value === 'number') return dayOfInstant(value, field);
  const text = typeof value === 'string' ? value.trim() : '';
  if (/^\d{12,13}$/.test(text)) return dayOfInstant(Number(text), field);
  const day = relativeDay(text.toLowerCase(), parisDay(now)) ?? isoDay(text, field);
  if (day === undefined) throw invalid(field);
  return day;
}
