import { createHash, randomBytes } from 'node:crypto';
import { createSecrets } from '../../../../lib/proxy/secrets.js';
import { recordKinds } from '../../../../lib/proxy/records/kinds.js';
import * as kinds from '../../../../lib/proxy/records/kinds.js';
import type { ProxyContext } from '../../../../lib/proxy/context.js';
import type { ProxySettings } from '../../../../lib/proxy/settings/settings.js';
import { openMongoStore, type MongoStore } from '../../../../lib/store/records/mongodb.js';
import { Records } from '../../../../lib/store/records/records.js';

const hour = 3_600_000;

/** The public client of the tests, which is also the application's own id, as it was with the PHP server. */
export const clientId = 'linky-client';

/** The token with a number, as the PHP server would have drawn it: the same in every process. */
export function earlierToken(number: number): string {
  return createHash('sha256').update(`token ${number}`).digest('hex');
}

/** The usage point of a token. */
export function usagePointOf(number: number): string {
  return String(10_000_000_000_000 + number);
}

/** When the token with a number ends, ms since the epoch, ten hours from the given moment at least. */
export function endOf(number: number, now: number): number {
  return now + 10 * hour + number;
}

/** Entries as the PHP server leaves them: refresh tokens from 0 on, and what else it keeps. */
export function phpEntries(count: number, now: number): { key: string; value: unknown; expireAt: Date }[] {
  const soon = new Date(now + 60_000);
  return [
    ...Array.from({ length: count }, (_, number) => ({
      key: `refresh_token:${earlierToken(number)}`,
      value: usagePointOf(number),
      expireAt: new Date(endOf(number, now)),
    })),
    { key: `access_token:${earlierToken(-1)}`, value: usagePointOf(0), expireAt: new Date(endOf(0, now)) },
    { key: 'client_credentials', value: { access_token: 'enedis-secret' }, expireAt: soon },
    { key: 'ratelimit-29384756-ip-192.0.2.7', value: 3, expireAt: soon },
    { key: `ratelimit-29384756-${earlierToken(-2)}`, value: 1, expireAt: soon },
  ];
}

/** An instance of the proxy, as far as moving needs one. */
export interface Instance {
  readonly store: MongoStore;
  readonly context: ProxyContext;
}

/** Opens an instance on a database; all of them have the same keys. */
export async function openInstance(uri: string, settings: Partial<ProxySettings> = {}): Promise<Instance> {
  const store = await openMongoStore({ uri, kinds: recordKinds });
  const records = {
    deviceGrants: new Records(store, kinds.deviceGrants),
    userCodes: new Records(store, kinds.userCodes),
    authStates: new Records(store, kinds.authStates),
    consents: new Records(store, kinds.consents),
    tokenFamilies: new Records(store, kinds.tokenFamilies),
    refreshTokens: new Records(store, kinds.refreshTokens),
    accessTokens: new Records(store, kinds.accessTokens),
    rateBuckets: new Records(store, kinds.rateBuckets),
    applicationTokens: new Records(store, kinds.applicationTokens),
    cooldowns: new Records(store, kinds.cooldowns),
    auditEvents: new Records(store, kinds.auditEvents),
  };
  const context: Partial<ProxyContext> = {
    store,
    records,
    secrets: createSecrets({ hashKey: new Uint8Array(32).fill(1), encryptionKeys: [new Uint8Array(32).fill(2)] }),
    settings: {
      clientId,
      publicClients: { [clientId]: 'The plugin' },
      accessLifetime: 12_600,
      refreshLifetime: 4 * 365 * 24 * 3600,
      ...settings,
    } as ProxySettings,
    events: () => undefined,
    now: Date.now,
  };
  // Moving and refreshing ask neither limits nor the upstream server.
  return { store, context: context as ProxyContext };
}

/** Something that nobody issued. */
export function unknownToken(): string {
  return randomBytes(32).toString('hex');
}
