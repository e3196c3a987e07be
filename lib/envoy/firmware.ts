/** From this version on a gateway wants a token instead of Digest (spec/envoy 1.2). */
export const tokenMinimum = '7.0.0';

/** From this version on the v1 production of a metered gateway without CT is frozen at an old state (spec/envoy 3.6). */
export const frozenProductionMinimum = '8.2.4264';

/** From this version on total consumption may be overwritten by net consumption (spec/envoy 4.3). */
export const netOverTotalMinimum = '8.3.5433';

/**
 * Compares two dotted versions number by number: negative where `a` is older, 0 where equal, positive where newer.
 * Missing parts count as 0; a part that is no number counts by its leading digits (spec/envoy 1.2).
 */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (Number.parseInt(left[index] ?? '0', 10) || 0) - (Number.parseInt(right[index] ?? '0', 10) || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `version` is `minimum` or newer. */
export function atLeast(version: string, minimum: string): boolean {
  return compareVersions(version, minimum) >= 0;
}
