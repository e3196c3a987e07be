/**
 * What the proxy keeps (spec/device-flow 2.4). Times are ms since the epoch. A member named `…Hash` is a keyed hash,
 * one named `…Sealed` is sealed; nothing else here is secret or personal.
 */

/** Usage points (PRM) as they are kept: recognisable, and readable with the key only. */
export interface KeptUsagePoints {
  /** Keyed hash of each, in their order. */
  readonly hashes: readonly string[];
  /** JSON array of the usage points, sealed. */
  readonly sealed: string;
}

/** Why a dance ended without a consent; `deny_reason`. */
export type DenyReason =
  | 'refused_by_user'
  | 'upstream_error'
  | 'exchange_failed'
  /** The consent that came back is not accepted (spec/device-flow D1b). */
  | 'consent_taken'
  | 'consent_not_fresh'
  | 'consent_ambiguous';

/** What a consent brought; in the grant until the device fetches it. */
export interface Approval {
  readonly at: number;
  /** Client-credentials mode. */
  readonly usagePoints?: KeptUsagePoints;
  /** Ids of the consents. */
  readonly consents: readonly string[];
  /** Authorization-code mode: the upstream answer as the device is to receive it. The device code is not known when it comes, hence not its seal. */
  readonly tokensSealed?: string;
}

/** One device code; id: hash of the code. */
export interface DeviceGrant {
  readonly clientId: string;
  readonly scope?: string;
  readonly userCodeHash: string;
  readonly status: 'pending' | 'authorizing' | 'approved' | 'denied' | 'redeemed';
  /** Seconds that the device must leave between two polls. */
  readonly interval: number;
  /** When the device last polled without being told to slow down. */
  readonly lastPollAt?: number;
  /** Whether the interval was already raised since `lastPollAt`. */
  readonly slowed?: boolean;
  readonly polls: number;
  readonly rejectedPolls: number;
  readonly createdAt: number;
  /** When the device was told that its code expires. */
  readonly expiresAt: number;
  /** Until when a consent under way may still be completed; later than `expiresAt` once the code was claimed. */
  readonly completeUntil: number;
  /** Hash of the address that asked for the code. */
  readonly requesterHash: string;
  /** Authorization-code mode. */
  readonly pkceVerifierSealed?: string;
  /** Authorization-code mode without a secret of the server's own. */
  readonly clientSecretSealed?: string;
  readonly approval?: Approval;
  readonly denyReason?: DenyReason;
  /** Token family made when the grant was redeemed. */
  readonly family?: string;
}

/** The way from a user code to its grant; id: hash of the user code. */
export interface UserCode {
  /** Id of the grant. */
  readonly grant: string;
  readonly expiresAt: number;
}

/** One visit to the page where people consent; id: hash of the state parameter. */
export interface AuthState {
  readonly grant: string;
  /** Hash of the cookie of the browser that entered the code. */
  readonly browserHash: string;
  readonly status: 'open' | 'processing' | 'done' | 'failed';
  readonly leaseUntil?: number;
  readonly tries: number;
  /** Hashes of the authorisation ids that came back with this state. */
  readonly autorisations: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** One consent of one usage point; id: hash of authorisation id and usage point. */
export interface Consent {
  readonly usagePointHash: string;
  /** Absent for v1 and adopted consents. */
  readonly autorisationHash?: string;
  /** Hashes of the service ids. */
  readonly services: readonly string[];
  readonly source: 'v2' | 'v1' | 'adopted';
  /** Hash of the cookie of the browser that brought it. */
  readonly browserHash?: string;
  readonly grantedAt: number;
  /** Where Enedis says it (`dateFin`). */
  readonly expiresAt?: number;
  readonly live: boolean;
  readonly revokedAt?: number;
  /** When Enedis last answered "no consent", the newest last, two at most. */
  readonly denials: readonly number[];
}

/** Tokens that follow from one redeemed code; id: random. */
export interface TokenFamily {
  readonly clientId: string;
  readonly usagePoints: KeptUsagePoints;
  readonly consents: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt?: number;
  readonly revokeReason?: 'reuse' | 'revoked_by_client' | 'consent_ended';
  /** Hash of the refresh token that counts. */
  readonly currentHash: string;
  readonly previousHash?: string;
  readonly rotatedAt?: number;
  readonly generation: number;
  /** The refresh token that counts, sealed under a key derived from its predecessor: for whoever lost the answer. */
  readonly successorSealed?: string;
}

/** The way from a refresh token, also a used one, to its family; id: hash of the token. */
export interface RefreshToken {
  readonly family: string;
  readonly expiresAt: number;
}

/** An access token; id: hash of the token. */
export interface AccessToken {
  readonly family: string;
  readonly expiresAt: number;
}

/** Counts of one subject under one rule in two adjoining windows; id: rule and hash of the subject. */
export interface RateBucket {
  /** When the current window began. */
  readonly windowStart: number;
  /** Its length, ms. */
  readonly window: number;
  readonly count: number;
  /** Count of the window before. */
  readonly before: number;
}

/** The application's own token; id: hash of client id and token endpoint. */
export interface ApplicationTokenRecord {
  readonly tokenSealed?: string;
  readonly expiresAt?: number;
  readonly leaseOwner?: string;
  readonly leaseUntil?: number;
  readonly lastRenewalAt?: number;
  readonly failures: number;
}

/** An interface of Enedis that is not asked for a usage point for a while; id: interface and hash of the usage point. */
export interface Cooldown {
  readonly until: number;
}

/** What happened, for the operator; id: random. */
export interface AuditEvent {
  readonly name: string;
  readonly at: number;
  readonly grant?: string;
  readonly consent?: string;
  readonly addressHash?: string;
  readonly detail?: string;
}
