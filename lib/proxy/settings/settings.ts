/** How tokens come about (spec/device-flow 1.9). */
export type ProxyMode = 'client_credentials' | 'authorization_code';

/** Which generation of Enedis's interface is asked: Data Connect 2026, v5, or the first and then the second. */
export type ApiMode = 'new' | 'legacy' | 'auto';

/** Where the upstream server answers; absolute URLs without a slash at the end. */
export interface UpstreamEndpoints {
  /** The page where people consent. */
  readonly authorization: string;
  /** Token endpoint of the authorization-code mode (`TOKEN_ENDPOINT`). */
  readonly token: string;
  /** Token endpoint for the application's own token (`TOKEN_ENDPOINT_V3`). */
  readonly applicationToken: string;
  /** Base of the data interfaces. */
  readonly data: string;
}

/** What the pages say of the operator. All plain text. */
export interface PageSettings {
  /** Name of the service. */
  readonly title: string;
  readonly operator?: string;
  readonly legalNotice?: string;
  readonly privacyNotice?: string;
  /** An address for questions: https: or mailto:. */
  readonly contact?: string;
}

/** Limits of requests; a subject is a client address (IPv6 by /64) unless said otherwise. */
export interface LimitSettings {
  /** LIMIT_REQUESTS_PER_MINUTE: refreshes and data calls a minute of one token family or address; 60 / this is the polling interval. */
  readonly requestsPerMinute: number;
  /** New codes of one address. */
  readonly codesPerMinute: number;
  readonly codesPerHour: number;
  /** New codes of everybody together. */
  readonly codesPerMinuteGlobal: number;
  /** Wrong user codes of one address in ten minutes. */
  readonly wrongCodesPerTenMinutes: number;
  /** Wrong user codes of everybody a minute. */
  readonly wrongCodesPerMinuteGlobal: number;
  /** Different authorisation ids of one address an hour. */
  readonly autorisationsPerHour: number;
  /** Data calls of one token family a day. */
  readonly dataCallsPerDay: number;
  /** Calls of the application a second and an hour, per upstream interface (spec/device-flow 4.8). */
  readonly upstreamPerSecond: number;
  readonly upstreamPerHour: number;
}

/** Switches for old clients and special set-ups; all off unless said otherwise. */
export interface CompatibilitySettings {
  /** GET /auth/verify_code claims the code and redirects at once, as the PHP server does. */
  readonly legacyGetVerify: boolean;
  /** Unsafe: the usage point named by the callback of v1 is believed. */
  readonly trustCallbackUsagePoint: boolean;
  /** An unknown client gets 400 instead of 401. */
  readonly legacyClientStatus: boolean;
  /** The access token may stand in the header without `Bearer`. */
  readonly bareAccessToken: boolean;
  /** One digit given by the visitor is appended to the state; test data only. */
  readonly sandbox: boolean;
  /** False: data without an access token; allowed together with `sandbox` only. */
  readonly dataAuthentication: boolean;
}

/** Everything that the proxy's behaviour depends on, validated and complete. Times in seconds. */
export interface ProxySettings {
  /** Public base URL, no slash at the end; every link is built from it (spec/device-flow C10). */
  readonly publicUrl: string;
  readonly mode: ProxyMode;
  readonly apiMode: ApiMode;
  /** The application's id at the upstream server. */
  readonly clientId: string;
  /** Secret. May be absent in the authorization-code mode, where a device may bring its own. */
  readonly clientSecret?: string;
  /** Public ids that devices send, with the name of the application that people are shown. */
  readonly publicClients: Readonly<Record<string, string>>;
  readonly endpoints: UpstreamEndpoints;
  /** Sent when codes are exchanged, where the upstream server wants it. */
  readonly redirectUri?: string;
  /** Further paths of the callback besides `/auth/redirect` and `/auth/redirect_parent`. */
  readonly redirectAliases: readonly string[];
  /** ISO 8601 duration of the consent. */
  readonly duration: string;
  readonly pkce: boolean;
  /** Oldest version of a client that is served; by product name, `*` for every other. */
  readonly minimumVersions: Readonly<Record<string, string>>;
  readonly codeLifetime: number;
  readonly accessLifetime: number;
  readonly refreshLifetime: number;
  /** v5 paths that the data proxy serves. */
  readonly dataPaths: readonly string[];
  /** Whether curve points of 2026 stand for the end or the start of their interval. */
  readonly curveStamps: 'auto' | 'end' | 'start';
  /** Days since which a service may have begun to count as just consented to; `undefined`: not looked at. */
  readonly consentFreshness?: number;
  /** Whether one consent may cover several usage points. */
  readonly severalUsagePoints: boolean;
  readonly limits: LimitSettings;
  readonly compatibility: CompatibilitySettings;
  readonly page: PageSettings;
  /** Addresses and CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Origins that may read answers (CORS); none by default. */
  readonly allowedOrigins: readonly string[];
}

/** Where records are kept. */
export type StoreSettings =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'mongodb'; readonly uri: string; readonly database?: string };

/** The keys of a proxy. Every instance on one database needs the same. */
export interface KeySettings {
  /** Secret that codes and tokens are hashed with (HMAC-SHA256). */
  readonly hashKey: Uint8Array;
  /** Keys that seal what is stored (32 bytes each): the first seals, all open. */
  readonly encryptionKeys: readonly [Uint8Array, ...Uint8Array[]];
}
