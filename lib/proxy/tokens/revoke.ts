import type { ProxyContext } from '../context.js';
import { writeAudit } from '../dance/report.js';
import { hashed, shortened } from '../ids.js';
import { revoke } from '../records/families.js';
import type { TokenFamily } from '../records/types.js';
import { adoptRefreshToken, forgetEarlier } from './adopt.js';

/** Ends a token family: none of its tokens counts any more. Nothing happens where it has ended or is unknown. */
export async function endFamily(
  context: ProxyContext,
  id: string,
  reason: NonNullable<TokenFamily['revokeReason']>,
): Promise<void> {
  const { records, events, now } = context;
  let clientId: string | undefined;
  const ended = await records.tokenFamilies.change(id, (family) => {
    clientId = family?.clientId;
    return revoke(family, reason, now());
  });
  if (!ended) return;
  events({ name: 'revoked', at: now(), dance: shortened(id), reason, ...(clientId !== undefined && { clientId }) });
  await writeAudit(context, { name: 'family_revoked', detail: `${shortened(id)} ${reason}` });
}

/** The family of a token. A refresh token of an earlier server gets one first, which is then there to be ended. */
async function familyOf(context: ProxyContext, token: string, clientId: string): Promise<string | undefined> {
  const { refreshTokens, accessTokens } = context.records;
  const pointer =
    (await refreshTokens.get(hashed(context.secrets, 'refresh_token', token))) ??
    (await accessTokens.get(hashed(context.secrets, 'access_token', token))) ??
    (await adoptRefreshToken(context, token, clientId));
  return pointer?.family;
}

/**
 * A client gives a token back (RFC 7009): the whole family of it ends. Access tokens of an earlier server are removed
 * there. A token that is unknown, or another client's, is left alone; the caller is not told.
 * @throws EnergyError `storage_failed`
 */
export async function revokeToken(context: ProxyContext, token: string, clientId: string): Promise<void> {
  const id = await familyOf(context, token, clientId);
  if (id === undefined) {
    await context.earlier?.forget('access_token', token);
    return;
  }
  const family = await context.records.tokenFamilies.get(id);
  if (family?.clientId !== clientId) return;
  await endFamily(context, id, 'revoked_by_client');
  await forgetEarlier(context, token, id);
}
