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

/** How many days later the second day is; negative where it is earlier. */
export function daysBetween(first: string, second: string): number {
  return (Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / day;
}

/** Wall time as the time zone data have it. */
function formatted(instant: number): string {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

function offsetAt(instant: number): number {
  const seconds = Math.floor(instant / 1000) * 1000;
  return Date.parse(`${formatted(seconds).replace(' ', 'T')}Z`) - seconds;
}

/** Offsets from UTC of days (UTC) throughout which the clock keeps one; formatting every moment would take long. */
const steadyOffsets = new Map<number, number | undefined>();
const mostOffsets = 5_000;

function steadyOffset(instant: number): number | undefined {
  const index = Math.floor(instant / day);
  if (!steadyOffsets.has(index)) {
    if (steadyOffsets.size >= mostOffsets) steadyOffsets.clear();
    const [first, last] = [offsetAt(index * day), offsetAt((index + 1) * day)];
    steadyOffsets.set(index, first === last ? first : undefined);
  }
  return steadyOffsets.get(index);
}

/** Wall time in Europe/Paris, `YYYY-MM-DD HH:MM:SS`, of a moment in ms since the epoch. */
export function parisWallTime(instant: number): string {
  const offset = steadyOffset(instant);
  if (offset === undefined) return formatted(instant);
  return new Date(instant + offset).toISOString().slice(0, 19).replace('T', ' ');
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

/** When a day begins in Europe/Paris, ms since the epoch. */
export function startOfDay(date: string): number {
  return parisInstants(`${date} 00:00:00`)[0] ?? Date.parse(`${date}T00:00:00Z`) - hour;
}

/** Whether clocks are put back on this day. */
export function isLongDay(date: string): boolean {
  return parisInstants(`${date} 02:30:00`).length === 2;
}
