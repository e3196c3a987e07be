import assert from 'node:assert/strict';
import type { GatewayRequest } from '../../../../lib/envoy/authenticator.js';
import { isRefusal, roleInsufficient } from '../../../../lib/envoy/authenticator.js';
import { performCommand } from '../../../../lib/envoy/commands/perform.js';
import type { CommandGateway, CommandName, CommandResult, KnownGateway } from '../../../../lib/envoy/commands/types.js';
import { probe } from '../../../../lib/envoy/datasets/registry.js';
import type { Facts } from '../../../../lib/envoy/datasets/types.js';
import { gatewayError, interpretJson } from '../../../../lib/envoy/failures.js';
import { identify } from '../../../../lib/envoy/identify.js';
import type { GatewayInfo } from '../../../../lib/envoy/info.js';
import { EnergyError } from '../../../../lib/errors.js';
import { Transport, type TransportReply } from '../../../../lib/http/transport.js';
import { startGateway } from '../../../../simulator/index.js';
import type { GatewayOptions, SimulatedGateway } from '../../../../simulator/index.js';

/** A house with all that can be told something. */
export const everything: GatewayOptions = {
  batteries: { count: 2, withController: true },
  acBatteries: 2,
  generator: true,
};

/** Looks at the state without waiting in between. */
const noWaits = [0, 0, 0];

/** What happens in a test right before a request goes out. */
export type Before = (request: GatewayRequest) => void | Promise<void>;

/** The way to a simulated gateway: real requests with a token, each sent once and each asked of the simulator. */
export class Bench implements CommandGateway {
  readonly simulator: SimulatedGateway;
  readonly requests: GatewayRequest[] = [];
  readonly ending = new AbortController();
  before: Before = () => undefined;
  timeout = 10_000;
  role: 'owner' | 'installer' = 'installer';
  readonly #transport = new Transport({ mode: 'insecure' });
  #known: KnownGateway | undefined;

  constructor(simulator: SimulatedGateway) {
    this.simulator = simulator;
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** The requests that were not for reading. */
  get sent(): GatewayRequest[] {
    return this.requests.filter(({ method }) => method !== undefined);
  }

  async known(): Promise<KnownGateway> {
    const { info, facts } = (this.#known ??= await this.#look());
    return { info, facts, role: this.role };
  }

  async request(request: GatewayRequest): Promise<unknown> {
    await this.before(request);
    this.requests.push(request);
    const reply = await this.#send(request);
    return reply.status === 200 && reply.body === '' ? undefined : interpretJson(reply, request.path);
  }

  perform<N extends CommandName>(command: N, payload: unknown, waits = noWaits): Promise<CommandResult<N>> {
    return performCommand(this, command, payload, { waits });
  }

  async close(): Promise<void> {
    await this.#transport.close();
    await this.simulator.close();
  }

  async #look(): Promise<KnownGateway> {
    const { host, port } = this.simulator;
    const info: GatewayInfo = await identify(this.#transport, `${host}:${port}`);
    const endpoints = async (path: string) => interpretJson(await this.#send({ path }), path);
    const facts: Facts = await probe({ info, endpoints, warn: () => undefined });
    return { info, facts };
  }

  async #send({ path, method = 'GET', body }: GatewayRequest): Promise<TransportReply> {
    const token = await this.simulator.issueToken({ user: this.role });
    const reply = await this.#transport
      .send({
        url: new URL(path, this.simulator.url),
        method,
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        ...(body !== undefined && { body }),
        timeout: this.timeout,
      })
      .catch((error: unknown) => {
        throw gatewayError(error, this.simulator.host, path);
      });
    if (isRefusal(reply)) throw roleInsufficient(path);
    return reply;
  }
}

/** Starts a simulated gateway and a way to it. */
export async function startBench(options: GatewayOptions = everything): Promise<Bench> {
  return new Bench(await startGateway(options));
}

/** The error that a command ends with; fails where there is none. */
export async function errorOf(call: Promise<unknown>): Promise<EnergyError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof EnergyError, `an error of the family was expected, not ${String(error)}`);
  return error;
}

/** The JSON of a request's body. */
export function bodyOf(request: GatewayRequest | undefined): unknown {
  return JSON.parse(request?.body ?? 'null') as unknown;
}

/** The same object without one of its keys. */
export function without<T extends object>(fields: T, key: keyof T & string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}
