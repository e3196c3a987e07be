import type { Records } from '../store/records/records.js';
import type { RecordStore } from '../store/records/store.js';
import type { EventSink } from './events.js';
import type { Limits } from './limits/limits.js';
import type {
  AccessToken,
  ApplicationTokenRecord,
  AuditEvent,
  AuthState,
  Consent,
  Cooldown,
  DeviceGrant,
  RateBucket,
  RefreshToken,
  TokenFamily,
  UserCode,
} from './records/types.js';
import type { Secrets } from './secrets.js';
import type { ProxySettings } from './settings/settings.js';
import type { Upstream } from './upstream/upstream.js';

/** The records of the proxy, by kind. */
export interface ProxyRecords {
  readonly deviceGrants: Records<DeviceGrant>;
  readonly userCodes: Records<UserCode>;
  readonly authStates: Records<AuthState>;
  readonly consents: Records<Consent>;
  readonly tokenFamilies: Records<TokenFamily>;
  readonly refreshTokens: Records<RefreshToken>;
  readonly accessTokens: Records<AccessToken>;
  readonly rateBuckets: Records<RateBucket>;
  readonly applicationTokens: Records<ApplicationTokenRecord>;
  readonly cooldowns: Records<Cooldown>;
  readonly auditEvents: Records<AuditEvent>;
}

/** Tokens issued by an earlier server on the same database (spec/device-flow 2.1). */
export interface EarlierTokens {
  /** The usage points of a token and its end, ms since the epoch; `undefined` where it is unknown or expired. */
  find(
    type: 'access_token' | 'refresh_token',
    token: string,
  ): Promise<{ readonly usagePoints: readonly string[]; readonly expiresAt: number } | undefined>;
  /** Removes a token that was moved over. */
  forget(type: 'access_token' | 'refresh_token', token: string): Promise<void>;
}

/** What every route works with. */
export interface ProxyContext {
  readonly settings: ProxySettings;
  readonly records: ProxyRecords;
  /** Whether the store works, for `GET /health`. */
  readonly store: Pick<RecordStore, 'check'>;
  readonly secrets: Secrets;
  readonly limits: Limits;
  readonly upstream: Upstream;
  readonly events: EventSink;
  readonly earlier?: EarlierTokens;
  /** ms since the epoch. */
  readonly now: () => number;
}
