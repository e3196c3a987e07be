const hour = 3_600_000;
const day = 24 * hour;

/** Local time of a time zone, daylight saving included. */
export interface Calendar {
  readonly timeZone: string;
  /** What local time is ahead of UTC at that moment, ms. */
  offset(time: number): number;
  /** The local midnight that began the day of `time`, or one so many days earlier, ms since the epoch. */
  midnight(time: number, daysEarlier?: number): number;
}

/** The calendar of a time zone of the IANA database. */
export function createCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const known = new Map<number, number>();

  // Zones change their offset at whole hours of UTC, so one look an hour is enough.
  const look = (start: number): number => {
    const parts = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
    const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const local = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'));
    return local - start;
  };
  const offset = (time: number): number => {
    const start = Math.floor(time / hour) * hour;
    let found = known.get(start);
    if (found === undefined) {
      found = look(start);
      known.set(start, found);
    }
    return found;
  };
  return {
    timeZone,
    offset,
    midnight: (time, daysEarlier = 0) => {
      const local = Math.floor((time + offset(time)) / day) * day - daysEarlier * day;
      const guess = local - offset(local);
      return local - offset(guess);
    },
  };
}
