/** The value below which the given part (0 to 1) of the values lies; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** The middle value; NaN of none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** CPU time of this process, user and system, ms. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A number with as many digits after the point. */
export function digits(value: number, count: number): string {
  return new Intl.NumberFormat('en', { minimumFractionDigits: count, maximumFractionDigits: count }).format(value);
}
