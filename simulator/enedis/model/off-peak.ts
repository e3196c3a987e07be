/** The off-peak hours of a contract. */
export interface OffPeakHours {
  /** Whether they run at that clock time (hours since midnight). */
  includes(clock: number): boolean;
  /** Hours since they last began, infinite outside of them. */
  hoursSince(clock: number): number;
}

/** Reads Enedis's text, such as `HC (1H30-8H00;12H30-14H00)`; no text, no such hours (spec/device-flow 4.5). */
export function offPeakHours(text: string | undefined): OffPeakHours {
  const ranges = [...(text ?? '').matchAll(/(\d{1,2})H(\d{2})-(\d{1,2})H(\d{2})/g)].map((match) => {
    const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
    const from = fromHour + fromMinute / 60;
    return { from, length: (toHour + toMinute / 60 - from + 24) % 24 };
  });
  const hoursSince = (clock: number): number => {
    for (const { from, length } of ranges) {
      const since = (clock - from + 24) % 24;
      if (since < length) return since;
    }
    return Number.POSITIVE_INFINITY;
  };
  return { includes: (clock) => hoursSince(clock) < 24, hoursSince };
}
