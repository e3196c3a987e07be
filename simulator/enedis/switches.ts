import type { Reply } from '../shared/reply.js';
import type { ServiceDocument } from './gateway/service-document.js';
import type { EnedisRequest } from './requests.js';

/** Quotas of an application: of v5 for all its calls together, of 2026 for each interface (spec/device-flow 4.8). */
export interface Quotas {
  readonly perSecond?: number;
  readonly perHour?: number;
}

/** How the simulated Enedis behaves; all may be changed while it runs. */
export interface EnedisSwitches {
  /** Answers instead, wherever it gives an answer: for errors that nothing else brings about. */
  override: ((request: EnedisRequest) => Reply | undefined) | undefined;
  /** One of the generations is switched off: its paths are unknown. */
  legacyOff: boolean;
  currentOff: boolean;
  /** Life of an application token, seconds. */
  tokenLifetime: number;
  /** `expires_in` is a text, as it may be (spec/device-flow 4.2). */
  expiresInAsText: boolean;
  /** Interfaces that the application has not subscribed, by the first part of their path: 403 900908. */
  readonly unsubscribed: Set<string>;
  /** No quotas where absent. Enedis has 5 a second and 1000 an hour. */
  quotas: Quotas | undefined;
  /** Exceeded quotas are answered in the shape `{fault: {code: 900807}}`. */
  quotaAsFault: boolean;
  /** So many times the services of a new authorisation are asked for before there are any. */
  servicesEmptyFor: number;
  /** Services come in pages of this size. */
  servicesPageSize: number;
  /** Number of the first page: Enedis's documents do not say. */
  servicesFirstPage: 0 | 1;
  /** Changes the services of an answer, before they are cut into pages. */
  editServices: ((services: readonly ServiceDocument[]) => readonly ServiceDocument[]) | undefined;
  /** A share that is made again keeps the day on which it began first. */
  reshareKeepsStart: boolean;
  /** The portal calls the redirect URL with `_parent` at its end. */
  parentCallback: boolean;
  /** The last digit of `state` chooses the customer on the page (spec/device-flow 4.3). */
  sandboxDigits: boolean;
  /** Data of 2026: newest point first. */
  reverseOrder: boolean;
  /** Data of 2026: content type `application/octet-stream`. */
  octetStream: boolean;
  /** Data of 2026: kW, kWh, kVA. */
  kiloUnits: boolean;
  /** Data of 2026: every list has one more point without a value and one with a date that is none. */
  brokenPoints: boolean;
  /** Data of 2026: points of the curve carry the start of their step. */
  stampsAtStart: boolean;
  /** Data of 2026: a second quantity beside the one that was asked for. */
  furtherQuantities: boolean;
  /** Clock hour in France at which the data of the day before appear. */
  publishedAt: number;
}

/** How it behaves at first. */
export function usualSwitches(): EnedisSwitches {
  return {
    override: undefined,
    legacyOff: false,
    currentOff: false,
    tokenLifetime: 12_600,
    expiresInAsText: false,
    unsubscribed: new Set(),
    quotas: undefined,
    quotaAsFault: false,
    servicesEmptyFor: 0,
    servicesPageSize: 50,
    servicesFirstPage: 0,
    editServices: undefined,
    reshareKeepsStart: false,
    parentCallback: false,
    sandboxDigits: false,
    reverseOrder: false,
    octetStream: false,
    kiloUnits: false,
    brokenPoints: false,
    stampsAtStart: false,
    furtherQuantities: false,
    publishedAt: 8,
  };
}
