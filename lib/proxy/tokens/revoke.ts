import type { ProxyContext } from '../context.js';
import { writeAudit } from '../dance/report.js';
import { hashed, shortened } from '../ids.js';
import { revoke } from '../records/families.js';
import type { TokenFamily } from '../records/types.js';

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

async function familyOf({ records, secrets }: ProxyContext, token: string): Promise<string | undefined> {
  const refresh = await records.refreshTokens.get(hashed(secrets, 'refresh_token', token));
  const pointer = refresh ?? (await records.accessTokens.get(hashed(secrets, 'access_token', token)));
  return pointer?.family;
}

/**
 * A client gives a token back (RFC 7009): the whole family of it ends. Tokens of an earlier server are removed there.
 * A token that is unknown, or another client's, is left alone; the caller is not told.
 */
export async function revokeToken(context: ProxyContext, token: string, clientId: string): Promise<void> {
  const id = await familyOf(context, token);
  if (id === undefined) {
    await context.earlier?.forget('refresh_token', token);
    await context.earlier?.forget('access_token', token);
    return;
  }
  const family = await context.records.tokenFamilies.get(id);
  if (family?.clientId === clientId) await endFamily(context, id, 'revoked_by_client');
}
