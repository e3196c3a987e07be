import { Records } from '../store/records/records.js';
import type { RecordStore } from '../store/records/store.js';
import type { EarlierTokens, ProxyContext, ProxyRecords } from './context.js';
import type { EventSink } from './events.js';
import { createDispatcher, type Dispatcher } from './http/dispatch.js';
import type { RequestObserver } from './http/observer.js';
import type { Route } from './http/routes.js';
import { createLimits } from './limits/store-limits.js';
import {
  accessTokens,
  applicationTokens,
  auditEvents,
  authStates,
  consents,
  cooldowns,
  deviceGrants,
  rateBuckets,
  refreshTokens,
  tokenFamilies,
  userCodes,
} from './records/kinds.js';
import { proxyRoutes } from './routes/index.js';
import { createSecrets } from './secrets.js';
import type { KeySettings, ProxySettings } from './settings/settings.js';
import { createUpstream } from './upstream/create.js';
import type { Upstream, UpstreamHealth, UpstreamObserver } from './upstream/upstream.js';

/**
 * How many device codes a process remembers as it last saw them, 0.6 KB each: a poll changes the code of the poll before,
 * and so costs one write instead of a read and a write. Of devices that ask every 5 s one process serves about as many.
 */
const rememberedGrants = 50_000;

/** ms that a request waits for counters where the store fails; it is turned away then. */
const limitPatience = 2_000;

/** What a proxy is made of. */
export interface ProxyOptions {
  readonly settings: ProxySettings;
  /** Opened with `recordKinds`; whoever opened it closes it, after the proxy. */
  readonly store: RecordStore;
  readonly keys: KeySettings;
  /** Instead of the server that the settings name; closed with the proxy. */
  readonly upstream?: Upstream;
  /** Tokens of an earlier server that go on working. */
  readonly earlier?: EarlierTokens;
  readonly onEvent?: EventSink;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** Watches requests, for figures and logs. */
  readonly observer?: RequestObserver;
  /** Watches the calls to the server behind. */
  readonly upstreamObserver?: UpstreamObserver;
  /** Served besides those of the contract. */
  readonly furtherRoutes?: readonly Route[];
}

/** Whether a proxy can serve. */
export interface ProxyHealth {
  readonly storage: 'ok' | 'failed';
  readonly upstream: UpstreamHealth;
}

/** The device-flow proxy (design section 6), not yet behind any server: see `nodeListener`, `fetchHandler`, `startServer`. */
export interface Proxy {
  readonly context: ProxyContext;
  /** Answers a request; never rejects. */
  readonly handle: Dispatcher;
  health(): Promise<ProxyHealth>;
  /** Ends the connections to the server behind. The store stays open. */
  close(): Promise<void>;
}

function openRecords(store: RecordStore): ProxyRecords {
  return {
    deviceGrants: new Records(store, deviceGrants, { remembered: rememberedGrants }),
    userCodes: new Records(store, userCodes),
    authStates: new Records(store, authStates),
    consents: new Records(store, consents),
    tokenFamilies: new Records(store, tokenFamilies),
    refreshTokens: new Records(store, refreshTokens),
    accessTokens: new Records(store, accessTokens),
    rateBuckets: new Records(store, rateBuckets, { patience: limitPatience }),
    applicationTokens: new Records(store, applicationTokens),
    cooldowns: new Records(store, cooldowns),
    auditEvents: new Records(store, auditEvents),
  };
}

function createContext(options: ProxyOptions): ProxyContext {
  const { settings, store, keys, earlier, onEvent = () => undefined, now = Date.now, upstreamObserver } = options;
  const records = openRecords(store);
  const secrets = createSecrets(keys);
  const limits = createLimits(records.rateBuckets, now);
  const observed = upstreamObserver && { observer: upstreamObserver };
  const upstream = options.upstream ?? createUpstream({ settings, records, secrets, limits, now, ...observed });
  return { settings, records, store, secrets, limits, upstream, events: onEvent, now, ...(earlier && { earlier }) };
}

/** Makes a proxy. Nothing runs and nothing is sent before it is asked. */
export function createProxy(options: ProxyOptions): Proxy {
  const context = createContext(options);
  const { settings, store, upstream } = context;
  const routes = [...proxyRoutes(settings), ...(options.furtherRoutes ?? [])];
  return {
    context,
    handle: createDispatcher(context, routes, options.observer),
    health: async () => {
      const storage = await store.check().then(
        () => 'ok' as const,
        () => 'failed' as const,
      );
      return { storage, upstream: upstream.health() };
    },
    close: () => upstream.close(),
  };
}
