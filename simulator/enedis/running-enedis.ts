import type { Faults } from '../shared/faults.js';
import type { Listener } from '../shared/listener.js';
import type { RequestLog } from '../shared/request-log.js';
import type { Customer } from './model/customers.js';
import type { MeterDay } from './model/meter.js';
import { findUsagePoint, today } from './parts.js';
import type { Application, EnedisParts } from './parts.js';
import { checkAuthorize, decide } from './portal/authorize.js';
import type { AuthorizeRequest, Decision } from './portal/authorize.js';
import { refused } from './portal/portal.js';
import type { Requests } from './requests.js';
import type { Generation } from './shares.js';
import type { EnedisSwitches } from './switches.js';
import type { ConsentOptions, EnedisEndpoints, SimulatedEnedis } from './types.js';

interface Running {
  readonly url: string;
  readonly ca: string;
  readonly listener: Listener;
  readonly close: () => Promise<void>;
}

/** The handle of an Enedis that listens. */
export class RunningEnedis implements SimulatedEnedis {
  readonly url: string;
  readonly ca: string;
  readonly application: Application;
  readonly faults: Faults;
  readonly switches: EnedisSwitches;
  readonly log: RequestLog;
  readonly requests: Requests;
  readonly #parts: EnedisParts;
  readonly #running: Running;

  constructor(parts: EnedisParts, running: Running) {
    const [application] = parts.applications.values();
    if (!application) throw new Error('There is no application.');
    this.#parts = parts;
    this.#running = running;
    this.url = running.url;
    this.ca = running.ca;
    this.application = application;
    this.faults = parts.faults;
    this.switches = parts.switches;
    this.log = parts.log;
    this.requests = parts.requests;
  }

  get endpoints(): EnedisEndpoints {
    return this.#endpoints('v2');
  }

  get legacyEndpoints(): EnedisEndpoints {
    return this.#endpoints('v1');
  }

  get tokenRequests(): number {
    return this.log.count('POST /oauth2/v3/token');
  }

  setRedirectUrl(url: string, clientId = this.application.clientId): void {
    const application = this.#parts.applications.get(clientId);
    if (!application) throw new Error('There is no such application.');
    application.redirectUrl = url;
  }

  authorizeUrl(parameters: Readonly<Record<string, string>> = {}, generation: Generation = 'v2'): string {
    const usual = { client_id: this.application.clientId, response_type: 'code', duration: 'P1095D' };
    const query = new URLSearchParams({ ...usual, ...parameters });
    return `${this.#endpoints(generation).authorization}?${query.toString()}`;
  }

  customer(name: string): Customer {
    const found = this.#parts.customers.get(name) ?? findUsagePoint(this.#parts, name)?.customer;
    if (!found) throw new Error('There is no such customer.');
    return found;
  }

  consent({ authorizeUrl, customer, usagePoints }: ConsentOptions): Promise<string> {
    return Promise.resolve().then(() => {
      const request = this.#checked(authorizeUrl);
      const [first] = this.#parts.customers.keys();
      const holder = this.customer(customer ?? usagePoints?.[0] ?? first ?? '');
      const byDefault = request.generation === 'v1' ? holder.usagePoints : holder.usagePoints.slice(0, 1);
      const named = customer !== undefined && /^\d{14}$/.test(customer) ? [customer] : undefined;
      const wanted = usagePoints ?? named ?? byDefault.map(({ id }) => id);
      const chosen = holder.usagePoints.filter(({ id }) => wanted.includes(id));
      if (chosen.length !== wanted.length) throw new Error('The usage point is another customer’s.');
      return this.#decide(request, { kind: 'consent', customer: holder, usagePoints: chosen });
    });
  }

  refuse({ authorizeUrl, error, description }: Parameters<SimulatedEnedis['refuse']>[0]): Promise<string> {
    return Promise.resolve().then(() => {
      const decision =
        error === undefined ? refused : { kind: 'error' as const, error, description: description ?? '' };
      return this.#decide(this.#checked(authorizeUrl), decision);
    });
  }

  revokeConsent(customer: string): void {
    for (const share of this.#parts.shares.of(this.customer(customer))) share.deleted = true;
  }

  endConsentAt(customer: string, day: string): void {
    for (const share of this.#parts.shares.of(this.customer(customer))) share.until = day;
  }

  moveOut(customer: string, day = today(this.#parts)): void {
    for (const point of this.customer(customer).usagePoints) point.movedOutOn = day;
  }

  revokeTokens(): void {
    this.#parts.tokens.revokeAll();
  }

  issueToken(lifetime = this.switches.tokenLifetime): string {
    return this.#parts.tokens.issue(this.application.clientId, lifetime);
  }

  measured(usagePoint: string, day: string): MeterDay {
    const found = findUsagePoint(this.#parts, usagePoint);
    if (!found) throw new Error('There is no such usage point.');
    return this.#parts.meter(found.point).day(day);
  }

  disconnect(): void {
    this.#running.listener.disconnect();
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  #endpoints(generation: Generation): EnedisEndpoints {
    return {
      authorization: `${this.url}/dataconnect/${generation}/oauth2/authorize`,
      token: `${this.url}/v1/oauth2/token`,
      applicationToken: `${this.url}/oauth2/v3/token`,
      data: this.url,
    };
  }

  #checked(authorizeUrl: string): AuthorizeRequest {
    const { pathname, searchParams } = new URL(authorizeUrl);
    const generation = pathname.includes('/v1/') ? 'v1' : 'v2';
    const request = checkAuthorize(this.#parts, generation, searchParams);
    if ('status' in request) throw new Error(`The consent page shows ${request.status} ${request.code}.`);
    return request;
  }

  #decide(request: AuthorizeRequest, decision: Decision): string {
    const outcome = decide(this.#parts, request, decision);
    if (typeof outcome === 'string') return outcome;
    throw new Error(`The consent page shows ${outcome.status} ${outcome.code}.`);
  }
}
