import type { Faults } from '../shared/faults.js';
import type { RequestLog } from '../shared/request-log.js';
import type { QuotaCounter } from './gateway/quotas.js';
import type { Customer, UsagePoint } from './model/customers.js';
import type { Meter } from './model/meter.js';
import { dayAt } from './model/paris.js';
import type { Requests } from './requests.js';
import type { Shares } from './shares.js';
import type { EnedisSwitches } from './switches.js';
import type { Tokens } from './tokens.js';

/** An application that is registered with the simulated Enedis. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What people read on the consent page. */
  readonly name: string;
  /** Where the consent page sends people back to; none registered yet where absent. */
  redirectUrl: string | undefined;
}

/** What a simulated Enedis answers with. */
export interface EnedisParts {
  readonly applications: Map<string, Application>;
  readonly customers: Map<string, Customer>;
  readonly shares: Shares;
  readonly tokens: Tokens;
  readonly quotas: QuotaCounter;
  readonly switches: EnedisSwitches;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly requests: Requests;
  readonly closed: AbortSignal;
  /** ms since the epoch; also what the calendar of the data follows. */
  readonly now: () => number;
  meter(point: UsagePoint): Meter;
}

/** Today in France. */
export function today({ now }: EnedisParts): string {
  return dayAt(now());
}

/** A usage point and whose it is. */
export function findUsagePoint(
  parts: EnedisParts,
  id: string,
): { readonly point: UsagePoint; readonly customer: Customer } | undefined {
  for (const customer of parts.customers.values()) {
    const point = customer.usagePoints.find((candidate) => candidate.id === id);
    if (point) return { point, customer };
  }
  return undefined;
}
