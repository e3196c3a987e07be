import { randomBytes } from 'node:crypto';
import type { EmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { Records } from '../../../../lib/store/records/records.js';
import { createLimits } from '../../../../lib/proxy/limits/store-limits.js';
import { applicationTokens, cooldowns, rateBuckets } from '../../../../lib/proxy/records/kinds.js';
import { createSecrets } from '../../../../lib/proxy/secrets.js';
import { noCompatibility, usualDataPaths, usualLimits } from '../../../../lib/proxy/settings/defaults.js';
import type { ProxySettings } from '../../../../lib/proxy/settings/settings.js';
import { createUpstream, type UpstreamOptions } from '../../../../lib/proxy/upstream/create.js';
import type { Upstream } from '../../../../lib/proxy/upstream/upstream.js';

/** A moment whose day has its data: 2026-11-12, 11:00 in Paris. */
export const noon = Date.UTC(2026, 10, 12, 10);

/** Settings that ask a server on loopback for everything, with quotas that no test meets by chance. */
export function settingsFor(url: string, given: Partial<ProxySettings> = {}): ProxySettings {
  return {
    publicUrl: 'https://proxy.example',
    mode: 'client_credentials',
    apiMode: 'new',
    clientId: 'simulated-client-1',
    clientSecret: 'simulated-secret-1',
    publicClients: {},
    endpoints: {
      authorization: `${url}/dataconnect/v2/oauth2/authorize`,
      token: `${url}/v1/oauth2/token`,
      applicationToken: `${url}/oauth2/v3/token`,
      data: url,
    },
    redirectAliases: [],
    duration: 'P1095D',
    pkce: false,
    minimumVersions: {},
    codeLifetime: 1800,
    accessLifetime: 12_600,
    refreshLifetime: 94_608_000,
    dataPaths: usualDataPaths,
    curveStamps: 'auto',
    severalUsagePoints: false,
    limits: { ...usualLimits, upstreamPerSecond: 1000, upstreamPerHour: 10_000 },
    compatibility: noCompatibility,
    page: { title: 'Test' },
    trustedProxies: [],
    allowedOrigins: [],
    ...given,
  };
}

/** Proxy instances that share a store, its keys and a clock that stands still unless moved. */
export class Instances {
  readonly #store: EmbeddedStore;
  readonly #secrets = createSecrets({ hashKey: randomBytes(32), encryptionKeys: [randomBytes(32)] });
  readonly #started: Upstream[] = [];
  time = noon;

  constructor(store: EmbeddedStore) {
    this.#store = store;
  }

  readonly now = (): number => this.time;

  get tokenRecords() {
    return new Records(this.#store, applicationTokens);
  }

  get secrets() {
    return this.#secrets;
  }

  /** One more instance. */
  start(settings: ProxySettings, options: Partial<UpstreamOptions> = {}): Upstream {
    const upstream = createUpstream({
      settings,
      records: {
        applicationTokens: new Records(this.#store, applicationTokens),
        cooldowns: new Records(this.#store, cooldowns),
      },
      secrets: this.#secrets,
      limits: createLimits(new Records(this.#store, rateBuckets), this.now),
      now: this.now,
      ...options,
    });
    this.#started.push(upstream);
    return upstream;
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((upstream) => upstream.close()));
  }
}
