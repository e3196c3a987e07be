import { startGateway, type GatewayOptions, type SimulatedGateway } from '../../simulator/index.js';
import { ownClient, plainClient, type Access, type Client, type Powers } from './clients.js';
import { openWire, type Wire } from './wire.js';

/** What one hour of a client took. */
export interface Traffic {
  readonly cycles: number;
  readonly requests: number;
  /** On the wire, both ways, TLS included. */
  readonly bytes: number;
  readonly handshakes: number;
  /** What it learned, cycle by cycle. */
  readonly powers: readonly Powers[];
}

/** The clients that are compared, by name; the first one is this package. */
const clients = {
  'this package, timer': (access: Access) => Promise.resolve(ownClient(access)),
  'plain, keep-alive': (access: Access) => plainClient(access, true),
  'plain, connection per cycle': (access: Access) => plainClient(access, false),
} as const satisfies Record<string, (access: Access) => Promise<Client>>;
export type ClientName = keyof typeof clients;
export const clientNames = Object.keys(clients) as ClientName[];

/** An hour of every client with one gateway, on the same simulated hour. */
export interface Hour {
  readonly gateway: GatewayOptions;
  /** Seconds from one cycle to the next. */
  readonly interval: number;
}

const hour = 3_600_000;
/** A summer day at noon, far from the maintenance of the night. */
const start = Date.UTC(2026, 5, 20, 10);

interface House {
  readonly gateway: SimulatedGateway;
  readonly wire: Wire;
  readonly clock: { time: number };
}

async function measureClient({ gateway, wire, clock }: House, name: ClientName, interval: number): Promise<Traffic> {
  clock.time = start;
  const token = await gateway.issueToken({ iat: Math.floor(start / 1000) - 60 });
  const client = await clients[name]({ host: wire.host, token, now: () => clock.time });
  const before = { requests: gateway.log.count(), bytes: wire.bytes, handshakes: gateway.tlsHandshakes };
  const powers: Powers[] = [];
  for (let elapsed = 0; elapsed < hour; elapsed += interval * 1000) {
    clock.time = start + elapsed;
    powers.push(await client.read());
  }
  const traffic = {
    cycles: powers.length,
    requests: gateway.log.count() - before.requests,
    bytes: wire.bytes - before.bytes,
    handshakes: gateway.tlsHandshakes - before.handshakes,
    powers,
  };
  await client.close();
  return traffic;
}

/** Lets each client read the gateway through a simulated hour, one after the other; nothing waits for real time. */
export async function measureHour({ gateway: options, interval }: Hour): Promise<Record<ClientName, Traffic>> {
  const clock = { time: start };
  const now = (): number => clock.time;
  const gateway = await startGateway({ ...options, clock: now, tokenClock: now });
  const wire = await openWire(gateway.port);
  try {
    const house = { gateway, wire, clock };
    const measured = new Map<ClientName, Traffic>();
    for (const name of clientNames) measured.set(name, await measureClient(house, name, interval));
    return Object.fromEntries(measured) as Record<ClientName, Traffic>;
  } finally {
    await wire.close();
    await gateway.close();
  }
}

/** The largest difference between the powers that two clients learned at the same moments, W. */
export function largestDifference(first: Traffic, second: Traffic): number {
  const differences = first.powers.flatMap((powers, cycle) => {
    const others = second.powers[cycle] ?? {};
    const names = new Set([...Object.keys(powers), ...Object.keys(others)]);
    // A power that only one of them has is as wrong as can be.
    return [...names].map((name) => Math.abs((powers[name] ?? Infinity) - (others[name] ?? -Infinity)));
  });
  return Math.max(0, ...differences);
}
