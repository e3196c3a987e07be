import { createCertificate } from '../shared/certificate.js';
import { createFaults } from '../shared/faults.js';
import { Listener } from '../shared/listener.js';
import { createRequestLog } from '../shared/request-log.js';
import { createQuotaCounter } from './gateway/quotas.js';
import { createEnedisHandler } from './handler.js';
import { keptShare, restoredShares } from './kept.js';
import type { KeptEnedis } from './kept.js';
import { createCustomer, crowdOf, usualCustomers } from './model/customers.js';
import type { CustomerOptions, UsagePoint } from './model/customers.js';
import { createMeter } from './model/meter.js';
import type { Meter } from './model/meter.js';
import { dayAt } from './model/paris.js';
import type { Application, EnedisParts } from './parts.js';
import { createRequests } from './requests.js';
import { RunningEnedis } from './running-enedis.js';
import { createShares } from './shares.js';
import { usualSwitches } from './switches.js';
import type { EnedisSwitches } from './switches.js';
import { createTokens } from './tokens.js';
import type { SimulatedEnedis } from './types.js';

/** How a simulated Enedis starts. */
export interface EnedisOptions {
  readonly host?: string;
  readonly port?: number;
  /** Default false: plain HTTP. */
  readonly tls?: boolean;
  /** The application; with a second one and more for tests of isolation. */
  readonly applications?: readonly Partial<Application>[];
  /** Where the consent page of the first application sends people back to; may be set later. */
  readonly redirectUrl?: string;
  /** Instead of the usual customers. */
  readonly customers?: readonly CustomerOptions[];
  /** So many plain customers more, `crowd-1` and so on. */
  readonly crowd?: number;
  /** ms since the epoch: the clock of consents, tokens, quotas and data. */
  readonly now?: () => number;
  /** Two simulators with one seed measure the same. */
  readonly seed?: number;
  readonly switches?: Partial<EnedisSwitches>;
  /** What an earlier one had, as `onChange` was given it. */
  readonly kept?: Partial<KeptEnedis>;
  /** Is given all consents, or all access tokens, whenever there is another one. */
  readonly onChange?: (changed: Partial<KeptEnedis>) => void;
}

function applicationOf(given: Partial<Application>, index: number, redirectUrl: string | undefined): Application {
  return {
    clientId: `simulated-client-${index + 1}`,
    clientSecret: `simulated-secret-${index + 1}`,
    name: 'Maison de démonstration',
    redirectUrl: index === 0 ? redirectUrl : undefined,
    ...given,
  };
}

function createMeters(seed: number): (point: UsagePoint) => Meter {
  const meters = new Map<UsagePoint, Meter>();
  return (point) => {
    const known = meters.get(point) ?? createMeter(point, seed);
    meters.set(point, known);
    return known;
  };
}

function createParts(options: EnedisOptions, closed: AbortSignal): EnedisParts {
  const { now = Date.now, applications = [{}], redirectUrl, crowd = 0, seed = 1, kept, onChange } = options;
  const registered = applications.map((given, index) => applicationOf(given, index, redirectUrl));
  const customers = [...(options.customers ?? usualCustomers(dayAt(now()))), ...crowdOf(crowd)].map(createCustomer);
  const customersById = new Map(customers.map((customer) => [customer.id, customer]));
  return {
    applications: new Map(registered.map((application) => [application.clientId, application])),
    customers: customersById,
    shares: createShares(
      now,
      restoredShares(kept?.shares ?? [], customersById),
      onChange && ((shares) => onChange({ shares: shares.map(keptShare) })),
    ),
    tokens: createTokens(now, kept?.accessTokens, onChange && ((accessTokens) => onChange({ accessTokens }))),
    quotas: createQuotaCounter(now),
    switches: { ...usualSwitches(), ...options.switches },
    faults: createFaults(),
    log: createRequestLog(),
    requests: createRequests(),
    closed,
    now,
    meter: createMeters(seed),
  };
}

/**
 * Starts a simulated Enedis on a loopback address: the consent pages, the token endpoints and the interfaces of v5 and
 * of Data Connect 2026 at one address (spec/device-flow 4).
 */
export async function startEnedis(options: EnedisOptions = {}): Promise<SimulatedEnedis> {
  const { host = '127.0.0.1', port = 0, tls = false } = options;
  const closing = new AbortController();
  const parts = createParts(options, closing.signal);
  const certificate = await createCertificate({
    commonName: 'enedis.simulated',
    names: ['localhost'],
    addresses: [host],
  });
  const listener = new Listener({ host, port, certificate, handler: createEnedisHandler(parts) });
  listener.accept = (protocol) => (protocol === 'tls') === tls;
  await listener.open();
  const close = (): Promise<void> => {
    closing.abort();
    return listener.close();
  };
  const url = `${tls ? 'https' : 'http'}://${host}:${listener.port}`;
  return new RunningEnedis(parts, { url, ca: tls ? certificate.cert : '', listener, close });
}
