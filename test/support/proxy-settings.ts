import { noCompatibility, usualDataPaths, usualLimits } from '../../lib/proxy/settings/defaults.js';
import type {
  CompatibilitySettings,
  KeySettings,
  LimitSettings,
  ProxySettings,
} from '../../lib/proxy/settings/settings.js';

/** Settings that a test chooses; everything else is usual. */
export interface ChosenSettings extends Partial<Omit<ProxySettings, 'limits' | 'compatibility'>> {
  readonly limits?: Partial<LimitSettings>;
  readonly compatibility?: Partial<CompatibilitySettings>;
}

/** The public id that devices send in the tests. */
export const publicClient = 'CID';

/** Settings of a proxy in a test: usual limits, nothing outside this machine. */
export function proxySettings({ limits, compatibility, ...chosen }: ChosenSettings = {}): ProxySettings {
  return {
    publicUrl: 'https://p.test',
    mode: 'client_credentials',
    apiMode: 'new',
    clientId: 'enedis-application',
    clientSecret: 'enedis-secret',
    publicClients: { [publicClient]: 'DomoticzLinky' },
    endpoints: {
      authorization: 'http://127.0.0.1:9/dataconnect/v2/oauth2/authorize',
      token: 'http://127.0.0.1:9/v1/oauth2/token',
      applicationToken: 'http://127.0.0.1:9/oauth2/v3/token',
      data: 'http://127.0.0.1:9',
    },
    redirectAliases: [],
    duration: 'P1095D',
    pkce: false,
    minimumVersions: {},
    codeLifetime: 300,
    accessLifetime: 12_600,
    refreshLifetime: 3 * 365 * 24 * 3600,
    dataPaths: usualDataPaths,
    curveStamps: 'auto',
    severalUsagePoints: true,
    page: { title: 'Linky' },
    trustedProxies: [],
    allowedOrigins: [],
    ...chosen,
    limits: { ...usualLimits, ...limits },
    compatibility: { ...noCompatibility, ...compatibility },
  };
}

/** Keys of a proxy in a test; the same at each call, so that several instances share them. */
export const proxyKeys: KeySettings = {
  hashKey: new Uint8Array(32).fill(1),
  encryptionKeys: [new Uint8Array(32).fill(2)],
};
