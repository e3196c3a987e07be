const formatters = new Map<string, Intl.DateTimeFormat>();

/** The time zone of this computer, an IANA name. */
export function systemTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(timeZone, format);
  return format;
}

/** The zone under its IANA name where this computer knows it, else that of the computer; the gateway says `unknown`, too. */
export function usableTimeZone(name: unknown): string {
  if (typeof name !== 'string' || name === '') return systemTimeZone();
  try {
    formatterOf(name);
    return name;
  } catch {
    return systemTimeZone();
  }
}

/** No local day is longer, changes of the clock included. */
const longestDay = 27 * 3_600_000;

/**
 * The moment at which the local day of `at` began (both ms since the epoch): midnight, or the first moment after it
 * where the clocks skip midnight.
 */
export function startOfDay(at: number, timeZone: string): number {
  const format = formatterOf(timeZone);
  const today = format.format(at);
  let [before, within] = [at - longestDay, at];
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (format.format(middle) === today) within = middle;
    else before = middle;
  }
  return within;
}
