import { EnergyError } from '../errors.js';
import { hashed } from './ids.js';
import type { KeptUsagePoints } from './records/types.js';
import type { Secrets } from './secrets.js';

/** Where a sealed text belongs; it opens in no other place (spec/device-flow 2.5, encryption at rest). */
export const places = {
  /** Usage points of a grant's approval. */
  grantUsagePoints: (grant: string): string => `device_grants:${grant}:usage_points`,
  /** Upstream answer of a grant's approval: a JSON object as the device is to receive it. */
  grantTokens: (grant: string): string => `device_grants:${grant}:tokens`,
  grantVerifier: (grant: string): string => `device_grants:${grant}:pkce_verifier`,
  grantClientSecret: (grant: string): string => `device_grants:${grant}:client_secret`,
  familyUsagePoints: (family: string): string => `token_families:${family}:usage_points`,
  /** Successor of a refresh token: sealed under that token. */
  familySuccessor: (family: string): string => `token_families:${family}:successor`,
} as const;

/** Usage points as they are kept: hashes to compare, and the numbers sealed for one place. */
export async function keepUsagePoints(
  secrets: Secrets,
  usagePoints: readonly string[],
  place: string,
): Promise<KeptUsagePoints> {
  return {
    hashes: usagePoints.map((usagePoint) => hashed(secrets, 'usage_point', usagePoint)),
    sealed: await secrets.seal(JSON.stringify(usagePoints), place),
  };
}

/** The usage points again. @throws EnergyError `storage_failed` where they were changed or moved */
export async function openUsagePoints(secrets: Secrets, kept: KeptUsagePoints, place: string): Promise<string[]> {
  const value: unknown = JSON.parse(await secrets.open(kept.sealed, place));
  if (!Array.isArray(value)) throw new EnergyError('storage_failed', 'Sealed usage points are no list.');
  return value.map(String);
}
