import type { RecordKind } from '../../store/records/store.js';
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
} from './types.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Device codes: kept an hour longer than they live, so that a late poll is told `expired_token`. */
export const deviceGrants: RecordKind<DeviceGrant> = {
  name: 'device_grants',
  purgeAt: ({ expiresAt, completeUntil, approval }) =>
    Math.max(expiresAt, completeUntil, (approval?.at ?? 0) + 2 * minute) + hour,
};

/** User codes. */
export const userCodes: RecordKind<UserCode> = { name: 'user_codes', purgeAt: ({ expiresAt }) => expiresAt + hour };

/** Visits to the consent page. */
export const authStates: RecordKind<AuthState> = { name: 'auth_states', purgeAt: ({ expiresAt }) => expiresAt + hour };

/** Consents: an ended one is kept for a while, since its end matters for whoever brings it again. */
export const consents: RecordKind<Consent> = {
  name: 'consents',
  indexes: { service: ({ services }) => services },
  purgeAt: ({ expiresAt, revokedAt, grantedAt }) => (revokedAt ?? expiresAt ?? grantedAt + 3 * 366 * day) + 90 * day,
};

/** Token families; kept a day longer than they live. */
export const tokenFamilies: RecordKind<TokenFamily> = {
  name: 'token_families',
  indexes: { consent: (family) => family.consents },
  purgeAt: ({ expiresAt, revokedAt }) => (revokedAt === undefined ? expiresAt + day : revokedAt + 30 * day),
};

/** Refresh tokens, used ones included, so that a theft is noticed. */
export const refreshTokens: RecordKind<RefreshToken> = {
  name: 'refresh_tokens',
  purgeAt: ({ expiresAt }) => expiresAt + day,
};

/** Access tokens. */
export const accessTokens: RecordKind<AccessToken> = {
  name: 'access_tokens',
  purgeAt: ({ expiresAt }) => expiresAt + hour,
};

/** Counters of requests. */
export const rateBuckets: RecordKind<RateBucket> = {
  name: 'rate_buckets',
  purgeAt: ({ windowStart, window }) => windowStart + 2 * window + minute,
};

/** The application's own token. */
export const applicationTokens: RecordKind<ApplicationTokenRecord> = {
  name: 'upstream_token',
  purgeAt: () => undefined,
};

/** Pauses of single usage points. */
export const cooldowns: RecordKind<Cooldown> = { name: 'prm_cooldown', purgeAt: ({ until }) => until };

/** The operator's log of events. */
export const auditEvents: RecordKind<AuditEvent> = { name: 'audit', purgeAt: ({ at }) => at + 90 * day };

/** Every kind, for whoever prepares a store. */
export const recordKinds = [
  deviceGrants,
  userCodes,
  authStates,
  consents,
  tokenFamilies,
  refreshTokens,
  accessTokens,
  rateBuckets,
  applicationTokens,
  cooldowns,
  auditEvents,
] as readonly RecordKind<never>[];
