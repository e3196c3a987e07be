import type { ProxyContext } from '../context.js';
import { hashed } from '../ids.js';
import { isUsable } from '../records/families.js';
import type { AccessToken, TokenFamily } from '../records/types.js';

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

async function ownAuthorization(
  { records, now }: ProxyContext,
  token: AccessToken,
): Promise<Authorization | undefined> {
  if (token.expiresAt <= now()) return undefined;
  const family = await records.tokenFamilies.get(token.family);
  if (!isUsable(family, now())) return undefined;
  return { subject: token.family, usagePointHashes: family.usagePoints.hashes, family, familyId: token.family };
}

/** Looks an access token up; `undefined` where it is unknown, expired or revoked. */
export async function authorize(context: ProxyContext, token: string): Promise<Authorization | undefined> {
  const { records, secrets, earlier } = context;
  const id = hashed(secrets, 'access_token', token);
  const access = await records.accessTokens.get(id);
  if (access) return ownAuthorization(context, access);
  if (!earlier) return undefined;
  const found = await earlierAuthorization(context, token);
  if (found) return found;
  // It may have been moved over since we looked.
  const moved = await records.accessTokens.get(id);
  return moved && ownAuthorization(context, moved);
}
