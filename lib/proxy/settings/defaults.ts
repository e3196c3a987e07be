import type { CompatibilitySettings, LimitSettings, UpstreamEndpoints } from './settings.js';

/** The vendor's servers (spec/device-flow 1.10, 4.1, 4.2). */
export const enedisEndpoints: UpstreamEndpoints = {
  authorization: 'https://mon-compte-particulier.enedis.fr/dataconnect/v2/oauth2/authorize',
  token: 'https://gw.prd.api.enedis.fr/v1/oauth2/token',
  applicationToken: 'https://gw.ext.prod.api.enedis.fr/oauth2/v3/token',
  data: 'https://gw.ext.prod.api.enedis.fr',
};

/** The consent page of before 2026-09-28. */
export const enedisAuthorizationV1 = 'https://mon-compte-particulier.enedis.fr/dataconnect/v1/oauth2/authorize';

/** The vendor's test servers; the consent page exists in production only (spec/device-flow 4.3). */
export const enedisSandboxEndpoints: UpstreamEndpoints = {
  authorization: enedisEndpoints.authorization,
  token: 'https://gw.hml.api.enedis.fr/v1/oauth2/token',
  applicationToken: 'https://gw.ext.prod-sandbox.api.enedis.fr/oauth2/v3/token',
  data: 'https://gw.ext.prod-sandbox.api.enedis.fr',
};

/** Paths of the callback that every proxy has (spec/device-flow 1.5). */
export const callbackPaths: readonly string[] = ['/auth/redirect', '/auth/redirect_parent'];

/** What the data proxy serves unless told otherwise: metering data and contracts, nothing about persons. */
export const usualDataPaths: readonly string[] = [
  'metering_data_clc/v5/consumption_load_curve',
  'metering_data_plc/v5/production_load_curve',
  'metering_data_dc/v5/daily_consumption',
  'metering_data_dp/v5/daily_production',
  'metering_data_dcmp/v5/daily_consumption_max_power',
  'customers_upc/v5/usage_points/contracts',
];

/** The limits of spec/device-flow 1.2, 3 (D1b, D6) and 4.8. */
export const usualLimits: LimitSettings = {
  requestsPerMinute: 12,
  codesPerMinute: 10,
  codesPerHour: 60,
  codesPerMinuteGlobal: 600,
  wrongCodesPerTenMinutes: 10,
  wrongCodesPerMinuteGlobal: 120,
  autorisationsPerHour: 10,
  dataCallsPerDay: 500,
  upstreamPerSecond: 5,
  upstreamPerHour: 1000,
};

/** Every switch off. */
export const noCompatibility: CompatibilitySettings = {
  legacyGetVerify: false,
  trustCallbackUsagePoint: false,
  legacyClientStatus: false,
  bareAccessToken: false,
  sandbox: false,
  dataAuthentication: true,
};
