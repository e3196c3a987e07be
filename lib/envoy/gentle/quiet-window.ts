/** First minute of the window, and the first one after it, of the local day. */
const begin = 22 * 60 + 57;
const end = 23 * 60 + 10;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/**
 * Whether `at` (ms since the epoch) lies in the minutes around 23:00 local time, 22:57 up to 23:10, in which gateways
 * do their nightly maintenance and may not answer (spec/envoy 7.6, appendix C 12).
 * @param timeZone IANA name that this computer knows (see `usableTimeZone`)
 * @throws RangeError for any other name
 */
export function isQuietTime(at: number, timeZone: string): boolean {
  const parts = formatOf(timeZone).formatToParts(at);
  const value = (type: 'hour' | 'minute'): number => Number(parts.find((part) => part.type === type)?.value);
  const minute = value('hour') * 60 + value('minute');
  return minute >= begin && minute < end;
}
