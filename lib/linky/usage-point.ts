/** Whether a text is a usage point (PRM): 14 digits (spec/device-flow 4.4). */
export function isUsagePoint(text: string): boolean {
  return /^[0-9]{14}$/.test(text);
}

/** The last four digits of a usage point: all that logs and events may show (spec/device-flow D14). */
export function lastDigits(usagePoint: string): string {
  return usagePoint.slice(-4);
}

/** A usage point as people may see it: its last four digits behind an ellipsis. */
export function maskUsagePoint(usagePoint: string): string {
  return `…${lastDigits(usagePoint)}`;
}
