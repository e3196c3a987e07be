import { randomBytes } from 'node:crypto';
import type { EarlierTokens, ProxyContext } from '../context.js';
import { hashed } from '../ids.js';
import { newFamily } from '../records/families.js';
import { keepUsagePoints, places } from '../sealed.js';
import type { ProxySettings } from '../settings/settings.js';
import { adoptRefreshToken } from '../tokens/adopt.js';
import type { EarlierToken, PhpCache } from './php-cache.js';
import type { EarlierTokenType } from './php-documents.js';

/** What a round of moving did. */
export interface Moved {
  readonly refreshTokens: number;
  readonly accessTokens: number;
  /** Tokens removed since they had expired, or stood for no usage point. */
  readonly dropped: number;
  /** Entries of the PHP server that are still there. */
  readonly left: number;
}

/** How a round is done. */
export interface MoveOptions {
  /** Tokens read at once. */
  readonly batch?: number;
  /** Tokens moved at the same time. */
  readonly atOnce?: number;
  /** Ends the round early. */
  readonly signal?: AbortSignal;
}

/**
 * The public client that the PHP server's tokens belong to: it knew one only, the application's own id. `undefined`
 * where the settings leave open which one took its place: then each token is moved when its client first comes with it.
 */
function earlierClient({ clientId, publicClients }: ProxySettings): string | undefined {
  const known = Object.keys(publicClients);
  if (known.includes(clientId)) return clientId;
  return known.length === 1 ? known[0] : undefined;
}

/**
 * Access tokens get a family of their own, which nothing can refresh and which ends with them: the PHP server did not
 * note which refresh token one belonged to.
 */
async function moveAccessToken(
  { records, secrets, now }: ProxyContext,
  { token, usagePoints, expiresAt }: EarlierToken,
  clientId: string,
): Promise<void> {
  const family = hashed(secrets, 'adopted', `access_token:${token}`);
  const value = newFamily(
    {
      clientId,
      usagePoints: await keepUsagePoints(secrets, usagePoints, places.familyUsagePoints(family)),
      consents: [],
      currentHash: family,
      lifetime: Infinity,
      consentEndsAt: expiresAt,
    },
    now(),
  );
  await records.tokenFamilies.create(family, value);
  await records.accessTokens.create(hashed(secrets, 'access_token', token), { family, expiresAt });
}

async function moveRefreshToken(context: ProxyContext, found: EarlierToken, clientId: string): Promise<void> {
  const earlier: EarlierTokens = { find: () => Promise.resolve(found), forget: () => Promise.resolve() };
  await adoptRefreshToken({ ...context, earlier }, found.token, clientId);
}

const movers = { refresh_token: moveRefreshToken, access_token: moveAccessToken } as const;

/** All tokens of a kind, a batch at a time. Each instance begins somewhere else, so that several share the work. */
async function* batches(
  cache: PhpCache,
  type: EarlierTokenType,
  limit: number,
): AsyncGenerator<readonly EarlierToken[]> {
  const middle = randomBytes(32).toString('hex');
  for (const [begin, end] of [
    [middle, 'g'],
    ['', middle],
  ] as const) {
    let after = begin;
    for (;;) {
      const found = await cache.tokens(type, after, limit);
      const wanted = found.filter(({ token }) => token <= end);
      if (wanted.length > 0) yield wanted;
      const last = found.at(-1)?.token;
      if (last === undefined || last > end) break;
      after = last;
    }
  }
}

/** Does a piece of work for each, some at the same time; the first failure ends it. */
async function forEach<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/**
 * Moves the PHP server's tokens into the proxy's own records, where they are hashed and sealed, and removes the rest of
 * what it kept in clear (spec/device-flow 2.1). An entry goes once its records are acknowledged, and every id follows
 * from the token: a round may be cut off anywhere and begun again, by several instances at once. Codes of consents under
 * way stay until they expire, five minutes at most, since the PHP server may be about to complete them.
 * @throws EnergyError `storage_failed`; another round goes on from there
 */
export async function moveOver(context: ProxyContext, cache: PhpCache, options: MoveOptions = {}): Promise<Moved> {
  const { batch = 200, atOnce = 16, signal } = options;
  const clientId = earlierClient(context.settings);
  const counts = { refresh_token: 0, access_token: 0, dropped: 0 };
  const moveBatch = async (type: EarlierTokenType, tokens: readonly EarlierToken[], client: string): Promise<void> => {
    const counting = tokens.filter(({ usagePoints, expiresAt }) => usagePoints.length > 0 && expiresAt > context.now());
    await forEach(counting, atOnce, (token) => movers[type](context, token, client));
    await cache.forgetAll(
      type,
      tokens.map(({ token }) => token),
    );
    counts[type] += counting.length;
    counts.dropped += tokens.length - counting.length;
  };
  if (clientId !== undefined) {
    for (const type of ['refresh_token', 'access_token'] as const) {
      for await (const tokens of batches(cache, type, batch)) {
        signal?.throwIfAborted();
        await moveBatch(type, tokens, clientId);
      }
    }
  }
  await cache.tidy();
  const { refresh_token: refreshTokens, access_token: accessTokens, dropped } = counts;
  return { refreshTokens, accessTokens, dropped, left: await cache.left() };
}
