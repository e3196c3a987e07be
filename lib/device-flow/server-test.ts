import type { AuthenticationError } from '../errors.js';
import { Transport } from '../http/transport.js';
import { systemClock, type Clock } from './clock.js';
import type { Sender } from './endpoints.js';
import { failureError, type Failure } from './failures.js';
import { DeviceFlowRequests } from './requests.js';
import type { DeviceFlowSettings } from './settings.js';

/** What a server says to a question that changes nothing. */
export interface ServerTest {
  /** Whether anybody answers there. */
  readonly reachable: boolean;
  /** Why the server would give nothing. */
  readonly problem?: AuthenticationError;
}

/** Milliseconds for a page on which nothing depends. */
const timeout = 15_000;

/** A service that gives its tokens to a person has nothing that could be asked without one: it answers, or it does not. */
async function knock({ server, userAgent }: DeviceFlowSettings, transport: Sender): Promise<Failure | undefined> {
  const headers = { accept: '*/*', 'user-agent': userAgent };
  try {
    const url = new URL(server);
    const { status } = await transport.send({ url, headers, timeout, limit: 1024 * 1024, keepAlive: false });
    return status >= 500 ? { code: 'server_error', parameters: { status } } : undefined;
  } catch {
    return { code: 'cloud_unavailable' };
  }
}

async function ask(settings: DeviceFlowSettings, transport: Sender, clock: Clock): Promise<ServerTest> {
  const failure =
    settings.clientId === ''
      ? await knock(settings, transport)
      : await new DeviceFlowRequests(settings, transport, clock).probe();
  if (!failure) return { reachable: true };
  const problem = failureError(failure, clock.read().now);
  return { reachable: failure.code !== 'cloud_unavailable', problem };
}

/**
 * Finds out whether the server of an account answers and, where a person consents with a code there, whether it knows the
 * client; no code is asked for. Never raises.
 * @param transport unless given one that verifies certificates
 */
export async function testServer(settings: DeviceFlowSettings, transport?: Sender): Promise<ServerTest> {
  if (transport) return ask(settings, transport, systemClock);
  const own = new Transport({ mode: 'verify' });
  try {
    return await ask(settings, own, systemClock);
  } finally {
    await own.close();
  }
}
