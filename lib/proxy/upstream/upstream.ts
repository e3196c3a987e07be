/** A service that Enedis runs for the application on a usage point (spec/device-flow 4.10.2). */
export interface SubscribedService {
  readonly id: string;
  /** 14 digits. */
  readonly usagePoint: string;
  readonly code: string;
  readonly state: string;
  /** Calendar days in Europe/Paris, `YYYY-MM-DD`. */
  readonly from?: string;
  readonly until?: string;
  /** Digits. */
  readonly autorisationId: string;
}

/** An answer of a token endpoint, whole. */
export interface UpstreamTokenAnswer {
  readonly status: number;
  /** The members of the JSON object; `undefined` where it was none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfter?: number;
}

/** What is asked of the data interfaces: a v5 path that is on the list of allowed ones, with checked parameters. */
export interface DataRequest {
  /** Such as `metering_data_dc/v5/daily_consumption`. */
  readonly path: string;
  /** 14 digits. */
  readonly usagePoint: string;
  /** `YYYY-MM-DD`; absent for contracts. */
  readonly start?: string;
  readonly end?: string;
}

/** An answer in the words of v5, whichever generation gave it. */
export interface DataAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
  readonly source: 'new' | 'legacy';
  /** Seconds. */
  readonly retryAfter?: number;
  /** Enedis says that there is no consent (any more) for the usage point (spec/device-flow 4.7). */
  readonly consentMissing: boolean;
}

/** State of the upstream server as last seen, for health, figures and the node's status. */
export interface UpstreamHealth {
  readonly lastSuccessAt?: number;
  readonly lastFailureAt?: number;
  /** A short word such as `timeout` or `status_500`. */
  readonly lastFailure?: string;
}

/** What is asked of the upstream server, as figures name it. */
export type UpstreamCall = 'application_token' | 'services' | 'token' | 'data' | 'data_legacy';

/** Told every exchange: how it came out (`status_200`, `timeout`, `network`...) and how long it took. Must not throw. */
export type UpstreamObserver = (call: UpstreamCall, outcome: string, seconds: number) => void;

/** The server behind the proxy: Enedis, or any OAuth 2.0 server in the authorization-code mode. */
export interface Upstream {
  /** The services of an authorisation, not filtered. @throws ProxyError 502, 503, 504; the upstream status where it refuses */
  services(autorisationId: string): Promise<readonly SubscribedService[]>;
  /** Asks the token endpoint of the authorization-code mode. @throws ProxyError 502, 504 where there is no answer */
  token(form: Readonly<Record<string, string>>): Promise<UpstreamTokenAnswer>;
  /** Reads metering or contract data. @throws ProxyError 429, 502, 503, 504 */
  data(request: DataRequest): Promise<DataAnswer>;
  health(): UpstreamHealth;
  close(): Promise<void>;
}
