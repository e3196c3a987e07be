import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestSecurely } from 'node:https';
import { text } from 'node:stream/consumers';
import { probe, readDatasets } from '../../lib/envoy/datasets/registry.js';
import type { Facts, SourceContext } from '../../lib/envoy/datasets/types.js';
import { EnergyError } from '../../lib/errors.js';
import { interpretJson } from '../../lib/envoy/failures.js';
import { parseInfo, type GatewayInfo } from '../../lib/envoy/info.js';
import type { GatewayMemory } from '../../lib/envoy/memory.js';
import { GatewaySession } from '../../lib/envoy/session.js';
import { gatewaySettings } from '../../lib/envoy/settings.js';

/** Powers that a client learned in a cycle, W; what the gateway lacks is absent. */
export type Powers = Readonly<Record<string, number>>;

/** A client of a gateway that is asked at each beat of its timer. */
export interface Client {
  /** Reads everything once. */
  read(): Promise<Powers>;
  close(): Promise<void>;
}

/** Where the gateway is, and what it lets in. */
export interface Access {
  /** With port. */
  readonly host: string;
  readonly token: string;
  /** ms since the epoch. */
  readonly now: () => number;
}

function powersOf(data: Readonly<Record<string, unknown>>): Powers {
  const parts = ['production', 'consumption', 'netConsumption'].flatMap((name) => {
    const part = data[name] as { readonly wattsNow?: number } | undefined;
    return part?.wattsNow === undefined ? [] : [[name, part.wattsNow] as const];
  });
  return Object.fromEntries(parts);
}

/** The session of this package, read as the timer of a flow reads it. */
export function ownClient({ host, token, now }: Access): Client {
  let kept: GatewayMemory | undefined;
  const session = new GatewaySession({
    settings: gatewaySettings({ host }),
    credentials: () => ({ token }),
    memory: {
      read: () => Promise.resolve(kept),
      write: (value) => {
        kept = value;
        return Promise.resolve();
      },
    },
    obtainToken: () => Promise.reject(new EnergyError('internal', 'There is no cloud here.')),
    startedByPerson: false,
    now,
  });
  return {
    read: async () => powersOf(await session.read({ datasets: [], raw: false, gentle: true })),
    close: () => session.close(),
  };
}

/** Fetches documents with the means of Node alone. */
class PlainTransport {
  readonly #access: Access;
  readonly #secure: boolean;
  #agent: Agent;

  constructor(access: Access, secure: boolean) {
    this.#access = access;
    this.#secure = secure;
    this.#agent = this.#newAgent();
  }

  async get(path: string): Promise<{ status: number; body: string }> {
    const { host, token } = this.#access;
    const scheme = this.#secure ? 'https' : 'http';
    const send = this.#secure ? requestSecurely : request;
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const asked = send(new URL(path, `${scheme}://${host}`), {
      agent: this.#agent,
      headers,
      rejectUnauthorized: false,
    }).end();
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: reply.statusCode ?? 0, body: await text(reply) };
  }

  /** Ends the connection; the next request opens another one. */
  disconnect(): void {
    this.#agent.destroy();
    this.#agent = this.#newAgent();
  }

  #newAgent(): Agent {
    const options = { keepAlive: true, maxSockets: 1 };
    return this.#secure ? new SecureAgent(options) : new Agent(options);
  }
}

/**
 * The client that this package is held against: one request after another for every dataset that the gateway has, each
 * time. What it asks is what a reading of this package asks that keeps nothing.
 * @param keepAlive whether one connection serves all cycles, or each cycle opens its own
 */
export async function plainClient(access: Access, keepAlive: boolean): Promise<Client> {
  const transport = new PlainTransport(access, true);
  const info: GatewayInfo = parseInfo((await transport.get('/info')).body);
  const context: SourceContext = {
    info,
    endpoints: async (path) => {
      const { status, body } = await transport.get(path);
      return interpretJson({ status, body, headers: {} }, path);
    },
    warn: () => undefined,
  };
  const facts: Facts = await probe(context);
  transport.disconnect();
  return {
    read: async () => {
      const data = await readDatasets(context, facts, []);
      if (!keepAlive) transport.disconnect();
      return powersOf(data);
    },
    close: () => {
      transport.disconnect();
      return Promise.resolve();
    },
  };
}
