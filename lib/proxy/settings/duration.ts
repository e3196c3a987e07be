const longestDays = 3 * 366;

function daysOf(duration: string): number | undefined {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(duration);
  if (!match || duration === 'P') return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return years * 366 + months * 30.5 + weeks * 7 + days;
}

/** Whether Enedis takes this consent duration: ISO 8601 in days to years, positive, three years at most (spec/device-flow 4.1). */
export function isConsentDuration(duration: string): boolean {
  const days = daysOf(duration);
  return days !== undefined && days > 0 && days <= longestDays;
}

/** The duration as the portal of 2026 takes it: it refuses whole years, which are written in days (P3Y is P1095D). */
export function withoutWholeYears(duration: string): string {
  const years = /^P(\d+)Y$/.exec(duration)?.[1];
  return years === undefined ? duration : `P${Number(years) * 365}D`;
}
