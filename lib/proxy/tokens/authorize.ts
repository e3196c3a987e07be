import type { ProxyContext } from '../context.js';
import { hashed } from '../ids.js';
import { isUsable } from '../records/families.js';
import type { TokenFamily } from '../records/types.js';

/** What an access token gives access to. */
export interface Authorization {
  /** What limits count by: the token's family. */
  readonly subject: string;
  /** Keyed hashes. */
  readonly usagePointHashes: readonly string[];
  /** Absent for a token of an earlier server, whose family comes into being at its first refresh. */
  readonly family?: TokenFamily;
  readonly familyId?: string;
}

async function earlierAuthorization(
  { earlier, secrets, now }: ProxyContext,
  token: string,
): Promise<Authorization | undefined> {
  const found = await earlier?.find('access_token', token);
  if (!found || found.expiresAt <= now()) return undefined;
  return {
    subject: hashed(secrets, 'access_token', token),
    usagePointHashes: found.usagePoints.map((usagePoint) => hashed(secrets, 'usage_point', usagePoint)),
  };
}

/** Looks an access token up; `undefined` where it is unknown, expired or revoked. */
export async function authorize(context: ProxyContext, token: string): Promise<Authorization | undefined> {
  const { records, secrets, now } = context;
  const access = await records.accessTokens.get(hashed(secrets, 'access_token', token));
  if (!access) return earlierAuthorization(context, token);
  if (access.expiresAt <= now()) return undefined;
  const family = await records.tokenFamilies.get(access.family);
  if (!isUsable(family, now())) return undefined;
  return { subject: access.family, usagePointHashes: family.usagePoints.hashes, family, familyId: access.family };
}
