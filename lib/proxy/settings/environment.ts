import { readKeys } from './keys.js';
import { readProxySettings } from './read.js';
import type { KeySettings, ProxySettings, StoreSettings } from './settings.js';
import { SettingReader } from './source.js';
import { readStoreSettings } from './store.js';

/** The variable of each field; the first that is set counts. Names of the PHP server stay as they were (spec/device-flow 1.10). */
export const variables: Readonly<Record<string, readonly [string, ...string[]]>> = {
  publicUrl: ['BASE_URL'],
  requestsPerMinute: ['LIMIT_REQUESTS_PER_MINUTE'],
  redirectUri: ['REDIRECT_URI'],
  minimumVersion: ['VERSION_MIN'],
  authorizationEndpoint: ['AUTHORIZATION_ENDPOINT'],
  tokenEndpoint: ['TOKEN_ENDPOINT'],
  applicationTokenEndpoint: ['TOKEN_ENDPOINT_V3'],
  dataEndpoint: ['DATA_ENDPOINT'],
  dataAuthenticationDisabled: ['DISABLE_DATA_ENDPOINT_AUTH', 'DISABLE_DATA_ENPOINT_AUTH'],
  pkce: ['PKCE'],
  mode: ['FLOW'],
  clientId: ['CLIENT_ID'],
  clientSecret: ['CLIENT_SECRET'],
  duration: ['DURATION'],
  databaseType: ['DB_TYPE'],
  databaseAddress: ['DB_ADDRESS'],
  databasePort: ['DB_PORT'],
  databaseUser: ['DB_USER'],
  databasePassword: ['DB_PASSWORD'],
  databaseName: ['DB_NAME'],
  trustedProxies: ['TRUSTED_PROXIES'],
  debug: ['APP_DEBUG'],
  publicClients: ['PUBLIC_CLIENT_IDS'],
  mongodbUri: ['MONGODB_URI'],
  hashKey: ['TOKEN_HASH_KEY'],
  encryptionKeys: ['ENCRYPTION_KEY'],
  codeLifetime: ['CODE_TTL'],
  accessLifetime: ['ACCESS_TTL'],
  refreshLifetime: ['REFRESH_TTL'],
  apiMode: ['ENEDIS_API_MODE'],
  dataPaths: ['ALLOWED_DATA_PATHS'],
  trustCallbackUsagePoint: ['TRUST_CALLBACK_PRM'],
  legacyGetVerify: ['LEGACY_GET_VERIFY'],
  legacyClientStatus: ['LEGACY_CLIENT_STATUS'],
  bareAccessToken: ['ALLOW_BARE_TOKEN'],
  sandbox: ['SANDBOX'],
  store: ['STORE'],
  storeDirectory: ['STORE_DIRECTORY'],
  title: ['TITLE'],
  operator: ['OPERATOR_NAME'],
  legalNotice: ['LEGAL_NOTICE'],
  privacyNotice: ['PRIVACY_NOTICE'],
  contact: ['CONTACT'],
  allowedOrigins: ['ALLOWED_ORIGINS'],
  redirectAliases: ['REDIRECT_PATHS'],
  curveStamps: ['CURVE_STAMPS'],
  consentFreshness: ['CONSENT_FRESHNESS_DAYS'],
  severalUsagePoints: ['ALLOW_SEVERAL_USAGE_POINTS'],
  codesPerMinute: ['LIMIT_CODES_PER_MINUTE'],
  codesPerHour: ['LIMIT_CODES_PER_HOUR'],
  codesPerMinuteGlobal: ['LIMIT_CODES_PER_MINUTE_GLOBAL'],
  wrongCodesPerTenMinutes: ['LIMIT_WRONG_CODES_PER_TEN_MINUTES'],
  wrongCodesPerMinuteGlobal: ['LIMIT_WRONG_CODES_PER_MINUTE_GLOBAL'],
  autorisationsPerHour: ['LIMIT_AUTORISATIONS_PER_HOUR'],
  dataCallsPerDay: ['LIMIT_DATA_CALLS_PER_DAY'],
  upstreamPerSecond: ['LIMIT_UPSTREAM_PER_SECOND'],
  upstreamPerHour: ['LIMIT_UPSTREAM_PER_HOUR'],
};

/** Everything that the stand-alone proxy is told by its environment. */
export interface EnvironmentSettings {
  readonly proxy: ProxySettings;
  readonly store: StoreSettings;
  /** Absent: made and kept beside the embedded store. */
  readonly keys?: KeySettings;
  /** What works but deserves a look; no secret. */
  readonly warnings: readonly string[];
}

/**
 * Reads and checks the environment (spec/device-flow 1.10).
 * @throws SettingsError that names every variable with a problem
 */
export function settingsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentSettings {
  const given = (name: string) => (environment[name] ?? '').trim() !== '';
  const reader = new SettingReader({
    value: (field) => environment[variables[field]?.find(given) ?? ''],
    name: (field) => variables[field]?.find(given) ?? variables[field]?.[0] ?? field,
  });
  const proxy = readProxySettings(reader);
  const store = readStoreSettings(reader);
  const keys = readKeys(reader, store);
  if (given('DISABLE_DATA_ENPOINT_AUTH')) {
    reader.warnings.push('DISABLE_DATA_ENPOINT_AUTH: the name is misspelt; use DISABLE_DATA_ENDPOINT_AUTH.');
  }
  reader.finish();
  return { proxy, store, ...(keys && { keys }), warnings: reader.warnings };
}
