import { randomUUID } from 'node:crypto';
import type { GatewayMemory } from '../../lib/envoy/memory.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import type { SessionOptions } from '../../lib/envoy/session-options.js';
import type { GatewayCredentials, GatewaySettings } from '../../lib/envoy/settings.js';
import type { Kept } from '../../lib/store/sealed-file.js';
import type { EnlightenLogins } from '../shared/enlighten-logins.js';

/** What a session of this package is made from, besides who listens to it. */
export interface SessionParts {
  readonly settings: GatewaySettings;
  readonly credentials: () => GatewayCredentials;
  readonly memory: Kept<GatewayMemory>;
  readonly logins: EnlightenLogins;
  readonly startedByPerson: boolean;
}

/** Who listens to a session. */
export type SessionListeners = Pick<SessionOptions, 'onProblem' | 'onToken' | 'onFailure'>;

/** A session with its way to the cloud; the code that talks to gateways is loaded at the first call. */
export async function createSession(parts: SessionParts, listeners: SessionListeners = {}): Promise<GatewaySession> {
  const { GatewaySession } = await import('../../lib/envoy/session.js');
  const { settings, logins } = parts;
  const gateway = randomUUID();
  return new GatewaySession({
    ...parts,
    ...listeners,
    obtainToken: async (account, serial, reason, keep) =>
      (await logins.of(settings, account)).obtainToken({ account, gateway, serial, reason, keep }),
  });
}
