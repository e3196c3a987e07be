const hour = 3_600_000;
const day = 24 * hour;

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

/** The day so many days later. Calendar arithmetic: no clock change matters. */
export function addDays(date: string, count: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + count * day).toISOString().slice(0, 10);
}

/** Wall time in Europe/Paris, `YYYY-MM-DD HH:MM:SS`, of a moment in ms since the epoch. */
export function parisWallTime(instant: number): string {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The day in Europe/Paris of a moment in ms since the epoch. */
export function parisDay(instant: number): string {
  return parisWallTime(instant).slice(0, 10);
}

/**
 * The moments (ms since the epoch) at which clocks in Europe/Paris show a wall time: one, two in the hour that autumn
 * repeats (summer time first), none in the hour that spring leaves out.
 */
export function parisInstants(wall: string): readonly number[] {
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}Z`);
  return [asUtc - 2 * hour, asUtc - hour].filter((instant) => parisWallTime(instant) === wall);
}

/** Whether clocks are put back on this day. */
export function isLongDay(date: string): boolean {
  return parisInstants(`${date} 02:30:00`).length === 2;
}
