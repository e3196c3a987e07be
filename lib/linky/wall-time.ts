import { addDays, isCalendarDay, isLongDay, parisInstants, parisWallTime } from './paris.js';

/** A date as Enedis writes it: wall time in Europe/Paris. */
export interface WallTime {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** `HH:MM:SS`; absent where only a day was given. */
  readonly time?: string;
  /** ms since the epoch, where the date said which moment it is. */
  readonly instant?: number;
}

const pattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const utc = /^(Z|[+-]00(:?00)?)$/i;

/**
 * Reads a date of Enedis (spec/device-flow 1.13): `T` or a space, fractions cut. Explicit UTC becomes time of Paris,
 * any other offset is left aside, since the wall time beside it is the local one. `undefined` where it is no date.
 */
export function parseWallTime(value: unknown): WallTime | undefined {
  const found = typeof value === 'string' ? pattern.exec(value.trim()) : null;
  const [, day = '', hours, minutes = '', seconds = '00', offset] = found ?? [];
  if (!isCalendarDay(day)) return undefined;
  if (hours === undefined) return { day };
  if (`${minutes}${seconds}` === '0000' && hours === '24') return { day: addDays(day, 1), time: '00:00:00' };
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const time = `${hours}:${minutes}:${seconds}`;
  return offset !== undefined && utc.test(offset) ? wallTimeAt(Date.parse(`${day}T${time}Z`)) : { day, time };
}

/** The wall time of a moment in ms since the epoch. */
export function wallTimeAt(instant: number): WallTime {
  const text = parisWallTime(instant);
  return { day: text.slice(0, 10), time: text.slice(11), instant };
}

/** `YYYY-MM-DD HH:MM:SS`, or the day alone where nothing else is known. */
export function wallText({ day, time }: WallTime): string {
  return time === undefined ? day : `${day} ${time}`;
}

/** Whether the time may stand twice in a series: at the beginning or the end of the hour that autumn repeats, or within. */
function mayRepeat({ day, time = '' }: WallTime): boolean {
  return time >= '02:00:00' && time <= '03:00:00' && isLongDay(day);
}

/** Whether the second time may follow the first: later, or earlier in the hour that autumn repeats. */
function mayFollow(first: WallTime | undefined, second: WallTime): boolean {
  if (first === undefined) return true;
  return wallText(first) <= wallText(second) || (first.day === second.day && mayRepeat(first) && mayRepeat(second));
}

/** What a shuffled series is sorted by: in the repeated hour, the first of two equal times goes into its first half. */
function sortKeys(times: readonly WallTime[]): number[] {
  const texts = times.map(wallText);
  const seen = new Map<string, number>();
  return times.map((time, index) => {
    const text = texts[index] ?? '';
    const plain = Date.parse(`${time.day}T${time.time ?? '00:00:00'}Z`);
    if (!mayRepeat(time)) return plain;
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    const isAlone = nth === 1 && texts.lastIndexOf(text) === index;
    const isSecond = nth > 1 || (isAlone && time.time === '03:00:00');
    const begin = Date.parse(`${time.day}T02:00:00Z`);
    return begin + (isSecond ? 1_800_000 : 0) + (plain - begin) / 4;
  });
}

function sortedBy<T>(items: readonly T[], keys: readonly number[]): T[] {
  return items
    .map((item, index) => ({ item, key: keys[index] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

/**
 * Brings a series into the order of time, forwards. The hour that autumn repeats is kept in its sequence, since its
 * wall times alone do not tell which comes first (spec/device-flow 4.5).
 */
export function chronological<T>(items: readonly T[], timeOf: (item: T) => WallTime): T[] {
  const instants = items.flatMap((item) => timeOf(item).instant ?? []);
  if (instants.length === items.length) return sortedBy(items, instants);
  const texts = items.map((item) => wallText(timeOf(item)));
  const falls = texts.filter((text, index) => text < (texts[index - 1] ?? '')).length;
  const rises = texts.filter((text, index) => text > (texts[index - 1] ?? text)).length;
  const forwards = falls > rises ? items.toReversed() : [...items];
  const times = forwards.map(timeOf);
  const isOrdered = times.every((time, index) => mayFollow(times[index - 1], time));
  return isOrdered ? forwards : sortedBy(forwards, sortKeys(times));
}

/** The moments that one wall time of a series may be; of the end of the repeated hour also the one of summer time. */
function candidates(time: WallTime, next: WallTime | undefined): readonly number[] {
  const text = `${time.day} ${time.time ?? '00:00:00'}`;
  const found = parisInstants(text);
  const [first] = found;
  if (first === undefined) return [Date.parse(`${text.replace(' ', 'T')}Z`) - 3_600_000];
  const isInnerEnd = time.time === '03:00:00' && next?.day === time.day && (next.time ?? '') <= '03:00:00';
  return isInnerEnd && isLongDay(time.day) ? [first - 3_600_000, ...found] : found;
}

/** The moments (ms since the epoch) of a series in the order of time; a day alone counts as its beginning. */
export function instantsOf(times: readonly WallTime[]): number[] {
  let previous = Number.NEGATIVE_INFINITY;
  return times.map((time, index) => {
    const possible = time.instant === undefined ? candidates(time, times[index + 1]) : [time.instant];
    previous = possible.find((instant) => instant > previous) ?? possible.at(-1) ?? previous;
    return previous;
  });
}
