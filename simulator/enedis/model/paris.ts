import { createCalendar } from '../../model/calendar.js';

const calendar = createCalendar('Europe/Paris');
const dayMilliseconds = 86_400_000;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!dayPattern.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day so many days later, `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMilliseconds).toISOString().slice(0, 10);
}

/** The day so many months later; the last day of a month where that one is shorter. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** How many days lie between two days. */
export function daysBetween(from: string, until: string): number {
  return (Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMilliseconds;
}

/** The days from `from` until the one before `until`. */
export function daysOf(from: string, until: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(from, until)) }, (_, index) => addDays(from, index));
}

/** The beginning of a day in France, ms since the epoch. */
export function startOf(day: string): number {
  return calendar.midnight(Date.parse(`${day}T12:00:00Z`));
}

/** The day in France at a moment. */
export function dayAt(time: number): string {
  return new Date(time + calendar.offset(time)).toISOString().slice(0, 10);
}

/** What French clocks show, `YYYY-MM-DD HH:MM:SS`. */
export function wallTime(time: number): string {
  return new Date(time + calendar.offset(time)).toISOString().slice(0, 19).replace('T', ' ');
}

/** The offset from UTC as Enedis writes it with dates, such as `+0100`. */
export function offsetText(time: number): string {
  return `+0${calendar.offset(time) / 3_600_000}00`;
}

/** What French clocks show at a moment, hours since midnight with fraction. */
export function clockHours(time: number): number {
  return ((time + calendar.offset(time)) % dayMilliseconds) / 3_600_000;
}
