import { lastDigits } from '../../linky/usage-point.js';
import type { ProxyContext } from '../context.js';
import { writeAudit } from '../dance/report.js';
import { hashed, shortened } from '../ids.js';
import { isUsable, rotate, type RotationAnswer } from '../records/families.js';
import type { RefreshToken, TokenFamily } from '../records/types.js';
import { openUsagePoints, places } from '../sealed.js';
import { adoptRefreshToken, forgetEarlier, isAdopted } from './adopt.js';
import { tokenAnswer, type TokenAnswer } from './answer.js';
import { mintAccess, newRefreshToken, type MintedToken } from './mint.js';
import { namesSame } from './usage-point-list.js';

/** How long the refresh token before may come again, ms (spec/device-flow 2.5 (7): 30 to 60 s). */
const refreshGrace = 60_000;

/**
 * How long a used refresh token is remembered, ms. If it comes back in this time its family ends; later it is refused
 * like any unknown one. Without a limit the store would grow with each refresh for as long as the family lives.
 */
const usedMemory = 30 * 24 * 3600_000;

/** A request for new tokens. */
export interface RefreshRequest {
  readonly refreshToken: string;
  readonly clientId: string;
  /** What the client says the token is for; it is redundant, but must not contradict. */
  readonly usagePoints?: readonly string[];
}

interface Found {
  readonly id: string;
  readonly family: TokenFamily;
  /** Hash of the token that was presented. */
  readonly presentedHash: string;
}

async function findFamily(context: ProxyContext, request: RefreshRequest): Promise<Found | undefined> {
  const { records, secrets, now } = context;
  const presentedHash = hashed(secrets, 'refresh_token', request.refreshToken);
  const pointer: RefreshToken | undefined =
    (await records.refreshTokens.get(presentedHash)) ??
    (await adoptRefreshToken(context, request.refreshToken, request.clientId));
  // A used token may still be there after its time: deleting is housekeeping, and may be late.
  if (!pointer || pointer.expiresAt <= now()) return undefined;
  const family = await records.tokenFamilies.get(pointer.family);
  if (!isUsable(family, now()) || family.clientId !== request.clientId) return undefined;
  const { usagePoints } = request;
  if (usagePoints && !namesSame(secrets, usagePoints, family.usagePoints.hashes)) return undefined;
  return { id: pointer.family, family, presentedHash };
}

/** All that the answer takes; it is there before the exchange, so that nothing can go wrong after it. */
interface Prepared {
  readonly next: MintedToken;
  readonly access: MintedToken & { readonly expiresIn: number };
  readonly successorSealed: string;
  readonly usagePoints: readonly string[];
}

async function prepare(context: ProxyContext, request: RefreshRequest, { id, family }: Found): Promise<Prepared> {
  const { records, secrets } = context;
  const next = newRefreshToken(context);
  const [successorSealed, usagePoints, access] = await Promise.all([
    secrets.sealUnder(request.refreshToken, next.token, places.familySuccessor(id)),
    openUsagePoints(secrets, family.usagePoints, places.familyUsagePoints(id)),
    mintAccess(context, id, family.expiresAt),
    records.refreshTokens.create(next.id, { family: id, expiresAt: family.expiresAt }),
  ]);
  return { next, access, successorSealed, usagePoints };
}

function exchange(
  { records, now }: ProxyContext,
  { clientId }: RefreshRequest,
  { id, presentedHash }: Found,
  { next, successorSealed }: Prepared,
): Promise<RotationAnswer> {
  return records.tokenFamilies.change(id, (family) =>
    rotate(family, { presentedHash, nextHash: next.id, successorSealed, clientId, now: now(), grace: refreshGrace }),
  );
}

/** A token that was used up came back: somebody has a copy. The family is dead already; the operator is told. */
async function tellReuse(context: ProxyContext, { id, family }: Found): Promise<void> {
  const dance = shortened(id);
  context.events({ name: 'revoked', at: context.now(), clientId: family.clientId, dance, reason: 'reuse' });
  await writeAudit(context, { name: 'refresh_token_reused', detail: dance });
}

/** The token did not count, or not any more: what was prepared goes, and reuse is told. */
async function refuse(context: ProxyContext, found: Found, prepared: Prepared, reuse: boolean): Promise<void> {
  const { refreshTokens: refreshes, accessTokens } = context.records;
  await Promise.allSettled([
    refreshes.delete(prepared.next.id),
    accessTokens.delete(prepared.access.id),
    ...(reuse ? [tellReuse(context, found)] : []),
  ]);
}

/**
 * A token that was exchanged is kept for a while only. Where that fails it is kept longer, which does no harm. One of an
 * earlier server is kept: that may still have it, and without our record of it it would be adopted again.
 */
async function shortenMemory(context: ProxyContext, token: string, { id, presentedHash }: Found): Promise<void> {
  if (isAdopted(context, token, id)) return;
  const { records, now } = context;
  const until = now() + usedMemory;
  const shorten = (used: RefreshToken | undefined) =>
    used && used.expiresAt > until ? { next: { ...used, expiresAt: until }, answer: true } : { answer: false };
  await records.refreshTokens.change(presentedHash, shorten, { durability: 'quick' }).catch(() => false);
}

function tellRefreshed({ events, now }: ProxyContext, { id, family }: Found, usagePoints: readonly string[]): void {
  const { clientId, expiresAt } = family;
  const masked = usagePoints.map(lastDigits);
  events({ name: 'refreshed', at: now(), clientId, dance: shortened(id), usagePoints: masked, expiresAt });
}

/**
 * Exchanges a refresh token for the next and a new access token (spec/device-flow 1.6, 2.5 (7)). A token whose answer
 * was lost, or that two bring at once, is answered for a minute with the same successor; later use of it ends the
 * family. `undefined` where the token does not count, whatever the reason.
 * @throws EnergyError `storage_failed`: the client may come again with the same token
 */
export async function refreshTokens(context: ProxyContext, request: RefreshRequest): Promise<TokenAnswer | undefined> {
  const found = await findFamily(context, request);
  if (!found) return undefined;
  const prepared = await prepare(context, request, found);
  const outcome = await exchange(context, request, found, prepared);
  if (outcome.kind === 'reuse' || outcome.kind === 'invalid') {
    await refuse(context, found, prepared, outcome.kind === 'reuse');
    return undefined;
  }
  const { next, access, usagePoints } = prepared;
  let refreshToken = next.token;
  if (outcome.kind === 'grace') {
    const place = places.familySuccessor(found.id);
    refreshToken = await context.secrets.openUnder(request.refreshToken, outcome.successorSealed, place);
    await context.records.refreshTokens.delete(next.id).catch(() => false);
  } else {
    await shortenMemory(context, request.refreshToken, found);
  }
  await forgetEarlier(context, request.refreshToken, found.id);
  tellRefreshed(context, found, usagePoints);
  return tokenAnswer({ accessToken: access.token, refreshToken, expiresIn: access.expiresIn, usagePoints });
}
