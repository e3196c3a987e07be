import type { GatewayMemory } from '../../lib/envoy/memory.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import type { Access } from './gateways.js';

// What is measured is what is installed: the compiled package, not its source as the bench's own loader sees it.
const built = (path: string): Promise<unknown> => import(new URL(`../../dist/lib/${path}`, import.meta.url).href);
const session = (await built('envoy/session.js')) as typeof import('../../lib/envoy/session.js');
const settings = (await built('envoy/settings.js')) as typeof import('../../lib/envoy/settings.js');

/** The package's ticker, from the same build. */
export const { Ticker } = (await built('async/ticker.js')) as typeof import('../../lib/async/ticker.js');

/** A session as `envoy-gateway` makes it, but for the disk: what it keeps is kept in memory. */
export function newSession({ host, token }: Access, now: () => number): GatewaySession {
  let kept: GatewayMemory | undefined;
  return new session.GatewaySession({
    settings: settings.gatewaySettings({ host }),
    credentials: () => ({ token }),
    memory: {
      read: () => Promise.resolve(kept),
      write: (value) => {
        kept = value;
        return Promise.resolve();
      },
    },
    obtainToken: () => Promise.reject(new Error('There is no cloud here.')),
    startedByPerson: false,
    now,
  });
}
