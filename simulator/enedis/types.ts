import type { Faults } from '../shared/faults.js';
import type { RequestLog } from '../shared/request-log.js';
import type { Customer } from './model/customers.js';
import type { MeterDay } from './model/meter.js';
import type { Application } from './parts.js';
import type { Requests } from './requests.js';
import type { Generation } from './shares.js';
import type { EnedisSwitches } from './switches.js';

/** Where the interfaces of a simulated Enedis answer, named as in the proxy's settings. */
export interface EnedisEndpoints {
  /** The consent page. */
  readonly authorization: string;
  /** Codes and refresh tokens of old. */
  readonly token: string;
  readonly applicationToken: string;
  /** Base of the data interfaces. */
  readonly data: string;
}

/** A customer in front of the consent page. */
export interface ConsentOptions {
  /** The address that the browser was sent to. */
  readonly authorizeUrl: string;
  /** Default the first one. */
  readonly customer?: string;
  /** Default the customer's first usage point with v2, all of them with v1. */
  readonly usagePoints?: readonly string[];
}

/** A running Enedis. */
export interface SimulatedEnedis {
  readonly url: string;
  /** The certificate that a client has to trust, PEM; empty without TLS. */
  readonly ca: string;
  /** The first application. */
  readonly application: Application;
  /** With the consent page of 2026. */
  readonly endpoints: EnedisEndpoints;
  /** With the consent page of old. */
  readonly legacyEndpoints: EnedisEndpoints;
  readonly faults: Faults;
  readonly switches: EnedisSwitches;
  readonly log: RequestLog;
  /** Every request with its headers and its body. */
  readonly requests: Requests;
  /** Token requests of the application so far. */
  readonly tokenRequests: number;
  /** Registers where the consent page sends people back to. @throws where there is no such application */
  setRedirectUrl(url: string, clientId?: string): void;
  /** The address of the consent page with these parameters, those of the first application by default. */
  authorizeUrl(parameters?: Readonly<Record<string, string>>, generation?: Generation): string;
  /** A customer by its short name or by a usage point. @throws where there is none */
  customer(name: string): Customer;
  /**
   * Consents as a customer would on the page.
   * @returns the address that the browser is sent back to
   * @throws with the code of the error page, where the page shows one instead
   */
  consent(options: ConsentOptions): Promise<string>;
  /** Refuses; or sends the browser back with another error. */
  refuse(options: { authorizeUrl: string; error?: string; description?: string }): Promise<string>;
  /** The customer deletes every share in the customer area. */
  revokeConsent(customer: string): void;
  /** Every share of the customer ends with that day (`YYYY-MM-DD`), which is the first one without. */
  endConsentAt(customer: string, day: string): void;
  /** The customer is gone from that day on, today by default. */
  moveOut(customer: string, day?: string): void;
  /** Makes every access token invalid: 900901. */
  revokeTokens(): void;
  /** An application token, without a request. */
  issueToken(lifetime?: number): string;
  /** What a usage point's meter measured on a day: the truth behind the answers. */
  measured(usagePoint: string, day: string): MeterDay;
  /** Cuts every open connection. */
  disconnect(): void;
  close(): Promise<void>;
}
