import type { ProxyRecords } from '../context.js';
import type { Limits } from '../limits/limits.js';
import type { Secrets } from '../secrets.js';
import type { ProxySettings } from '../settings/settings.js';
import { ApplicationTokens } from './application-token.js';
import { AuthorizedCalls } from './authorized.js';
import { DataInterfaces } from './data.js';
import { askServices } from './services.js';
import { askToken } from './token.js';
import type { Upstream, UpstreamObserver } from './upstream.js';
import { Wire } from './wire.js';

/** What the upstream server is reached with. */
export interface UpstreamOptions {
  readonly settings: ProxySettings;
  readonly records: Pick<ProxyRecords, 'applicationTokens' | 'cooldowns'>;
  readonly secrets: Secrets;
  readonly limits: Limits;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly observer?: UpstreamObserver;
  /** Milliseconds for everything that one call of a method takes; 30 s unless given (spec/device-flow D15). */
  readonly timeout?: number;
}

/** The server behind the proxy, reached over HTTP with verified certificates. Nothing is sent before it is used. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { settings, records, secrets, limits, now, observer, timeout = 30_000 } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const wire = new Wire({ now, ...(observer !== undefined && { observer }) });
  const tokens = new ApplicationTokens({ settings, records, secrets, wire, now, timeout, signal });
  const calls = new AuthorizedCalls({ limits, limitSettings: settings.limits, tokens, wire, now, signal });
  const data = new DataInterfaces({ settings, records, secrets, calls, now, timeout });
  const deadline = () => performance.now() + timeout;
  return {
    services: (autorisationId) =>
      askServices({ calls, base: settings.endpoints.data, deadline: deadline(), now }, autorisationId),
    token: (form) => askToken({ settings, wire, form, deadline: deadline(), now: now() }),
    data: (request) => data.read(request),
    health: () => wire.health,
    async close() {
      closing.abort(new Error('The proxy is shutting down.'));
      await wire.close();
      await tokens.settled();
    },
  };
}
