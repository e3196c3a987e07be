import { EnergyError } from '../errors.js';
import { observedStore } from '../store/records/observed.js';
import type { RecordStore } from '../store/records/store.js';
import type { Moving } from './adoption/moving.js';
import type { PhpCache } from './adoption/php-cache.js';
import type { EventSink } from './events.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import { createProxy, type Proxy } from './proxy.js';
import { recordKinds } from './records/kinds.js';
import { metricsRoutes } from './routes/metrics.js';
import { startServer } from './server.js';
import { serviceLog } from './service-log.js';
import { keysBesideStore } from './settings/key-file.js';
import type { KeySettings, ProxySettings, StoreSettings } from './settings/settings.js';

/** What a proxy with its store is made from. */
export interface ServiceOptions {
  readonly proxy: ProxySettings;
  readonly store: StoreSettings;
  /** Absent: from a file beside the embedded store. */
  readonly keys?: KeySettings;
  readonly metrics?: Metrics;
  readonly log: Log;
  /** Events are lines of the log too. */
  readonly logEvents?: boolean;
  readonly onEvent?: EventSink;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** A proxy with its store. */
export interface ProxyService {
  readonly proxy: Proxy;
  /** Ends everything; the store is closed last. */
  close(): Promise<void>;
}

interface OpenStore {
  readonly store: RecordStore;
  readonly cache?: PhpCache;
}

async function openStore({ store: settings, log, now = Date.now }: ServiceOptions): Promise<OpenStore> {
  if (settings.kind === 'embedded') {
    const { openEmbeddedStore } = await import('../store/records/embedded.js');
    const onRepaired = () => log('warn', 'the store was damaged and has been repaired');
    return { store: await openEmbeddedStore({ ...settings, now, onRepaired }) };
  }
  const [{ openMongoStore }, { adoptPhpCache }] = await Promise.all([
    import('../store/records/mongodb.js'),
    import('./adoption/php-cache.js'),
  ]);
  const store = await openMongoStore({ ...settings, kinds: recordKinds });
  try {
    const cache = await adoptPhpCache(store.database, now);
    return { store, ...(cache && { cache }) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openKeys({ keys, store }: ServiceOptions): Promise<KeySettings> {
  if (keys) return keys;
  if (store.kind === 'embedded') return keysBesideStore(store.directory);
  throw new EnergyError('invalid_argument', 'A proxy on MongoDB needs its keys given.', {
    parameters: { field: 'secret' },
  });
}

async function startMovingFrom(cache: PhpCache, proxy: Proxy, log: Log): Promise<Moving> {
  const { startMoving } = await import('./adoption/moving.js');
  return startMoving(proxy.context, cache, {
    onRound: (moved) => log('info', 'tokens of the PHP server were moved over', { ...moved }),
    onFailure: ({ code }) => log('warn', 'tokens of the PHP server could not be moved yet', { code }),
  });
}

/**
 * Opens the store and the keys and makes a proxy over them; tokens of a PHP server in the same database go on working
 * and are moved over in the background.
 * @throws EnergyError `storage_failed`, `invalid_argument`
 */
export async function openProxyService(options: ServiceOptions): Promise<ProxyService> {
  const { proxy: settings, metrics, log, logEvents = false, onEvent, now } = options;
  const lines = serviceLog(log);
  const { store, cache } = await openStore(options);
  try {
    const proxy = createProxy({
      settings,
      keys: await openKeys(options),
      store: metrics ? observedStore(store, metrics.store) : store,
      ...(cache && { earlier: cache }),
      ...(now && { now }),
      onEvent: (event) => {
        metrics?.event(event);
        if (logEvents) lines.event(event);
        onEvent?.(event);
      },
      observer: {
        ...(metrics && { onRequest: metrics.request }),
        onFailure: lines.failure,
      },
      ...(metrics && { upstreamObserver: metrics.upstream, furtherRoutes: metricsRoutes(metrics) }),
    });
    const moving = cache && (await startMovingFrom(cache, proxy, log));
    return {
      proxy,
      async close() {
        await moving?.stop();
        await proxy.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A proxy that listens by itself. */
export interface RunningService {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Answers what is under way for so many ms at most, then ends everything. */
  stop(patience: number): Promise<void>;
}

/** Opens a proxy and lets it listen. @throws EnergyError `storage_failed`, `invalid_argument` */
export async function startProxyService(
  options: ServiceOptions & { readonly host: string; readonly port: number },
): Promise<RunningService> {
  const service = await openProxyService(options);
  const { host, port, proxy: settings } = options;
  try {
    const { pathname } = new URL(settings.publicUrl);
    const basePath = pathname === '/' ? {} : { basePath: pathname.replace(/\/+$/, '') };
    const server = await startServer(service.proxy, { host, port, ...basePath });
    const shown = server.host.includes(':') ? `[${server.host}]` : server.host;
    return {
      address: `http://${shown}:${server.port}`,
      async stop(patience) {
        await server.drain(patience);
        await service.close();
      },
    };
  } catch (error) {
    await service.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    throw new EnergyError('invalid_argument', `The proxy cannot listen on ${host}, port ${port} (${code}).`, {
      cause: error,
      parameters: { field: 'port' },
    });
  }
}
