import { newId, newToken } from '../codes.js';
import type { ProxyContext } from '../context.js';
import { hashed } from '../ids.js';
import { newFamily } from '../records/families.js';
import type { TokenFamily } from '../records/types.js';
import { keepUsagePoints, places } from '../sealed.js';

/** A token and the id of its record. */
export interface MintedToken {
  readonly token: string;
  readonly id: string;
}

/** A token family with its first tokens, all in the store. */
export interface MintedFamily {
  readonly id: string;
  readonly family: TokenFamily;
  readonly access: MintedToken;
  readonly refresh: MintedToken;
  /** Life of the access token, seconds. */
  readonly expiresIn: number;
}

/** A refresh token that is not in the store yet. */
export function newRefreshToken({ secrets }: ProxyContext): MintedToken {
  const token = newToken();
  return { token, id: hashed(secrets, 'refresh_token', token) };
}

/** Puts an access token of a family into the store. It ends with its family at the latest. */
export async function mintAccess(
  { records, secrets, settings, now }: ProxyContext,
  family: string,
  familyEnd: number,
): Promise<MintedToken & { readonly expiresIn: number }> {
  const token = newToken();
  const id = hashed(secrets, 'access_token', token);
  const expiresAt = Math.min(now() + settings.accessLifetime * 1000, familyEnd);
  await records.accessTokens.create(id, { family, expiresAt });
  return { token, id, expiresIn: Math.max(1, Math.floor((expiresAt - now()) / 1000)) };
}

/** The earliest end of the consents, ms since the epoch; `undefined` where Enedis named none. */
async function consentEnd({ records }: ProxyContext, consents: readonly string[]): Promise<number | undefined> {
  const kept = await Promise.all(consents.map((id) => records.consents.get(id)));
  const ends = kept.flatMap((consent) => consent?.expiresAt ?? []);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Makes a token family and its first tokens. Until somebody is told of them they are of no use to anybody. */
export async function mintFamily(
  context: ProxyContext,
  clientId: string,
  usagePoints: readonly string[],
  consents: readonly string[],
): Promise<MintedFamily> {
  const { records, secrets, settings, now } = context;
  const id = newId();
  const refresh = newRefreshToken(context);
  const end = await consentEnd(context, consents);
  const family = newFamily(
    {
      clientId,
      usagePoints: await keepUsagePoints(secrets, usagePoints, places.familyUsagePoints(id)),
      consents,
      currentHash: refresh.id,
      lifetime: settings.refreshLifetime,
      ...(end !== undefined && { consentEndsAt: end }),
    },
    now(),
  );
  const [{ expiresIn, ...access }] = await Promise.all([
    mintAccess(context, id, family.expiresAt),
    records.tokenFamilies.create(id, family),
    records.refreshTokens.create(refresh.id, { family: id, expiresAt: family.expiresAt }),
  ]);
  return { id, family, access, refresh, expiresIn };
}

/** Takes a family back that nobody was told of. What cannot be removed now does no harm, and expires. */
export async function unmintFamily({ records }: ProxyContext, { id, access, refresh }: MintedFamily): Promise<void> {
  await Promise.allSettled([
    records.accessTokens.delete(access.id),
    records.refreshTokens.delete(refresh.id),
    records.tokenFamilies.delete(id),
  ]);
}
