import type { NodeDef } from 'node-red';
import { keysFromSecret } from '../../lib/proxy/settings/keys.js';
import { readProxySettings } from '../../lib/proxy/settings/read.js';
import type { KeySettings, ProxySettings, StoreSettings } from '../../lib/proxy/settings/settings.js';
import { SettingReader } from '../../lib/proxy/settings/source.js';
import { readStoreSettings } from '../../lib/proxy/settings/store.js';

/** Properties of a `device-flow-proxy` node (design 3.7). */
export interface ProxyDefinition extends NodeDef {
  readonly path?: string;
  readonly publicUrl?: string;
  readonly mode?: string;
  readonly environment?: string;
  /** These three count in the environment `custom` only. */
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly dataEndpoint?: string;
  readonly apiMode?: string;
  readonly duration?: string;
  readonly store?: string;
  /** Requests a minute. */
  readonly rateLimit?: number | string;
  readonly minVersion?: string;
  readonly pkce?: boolean;
  readonly title?: string;
}

/** Credentials of a `device-flow-proxy` node. */
export interface ProxyCredentials {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly mongodbUri?: string;
  /** What is stored is sealed with keys made of this. */
  readonly secret?: string;
}

/** What the dialog does not ask for. */
export interface GivenSettings {
  /** Counts where the dialog's field is blank. */
  readonly publicUrl: string | undefined;
  /** Of the embedded store; `undefined` where nothing may be written. */
  readonly directory: string | undefined;
  readonly trustedProxies: readonly string[];
}

/** Everything that the proxy of a node is opened with. */
export interface NodeSettings {
  readonly proxy: ProxySettings;
  readonly store: StoreSettings;
  /** Absent: from a file beside the embedded store. */
  readonly keys?: KeySettings;
  /** Fields of the dialog whose value works but is not used as it stands. */
  readonly warnings: readonly string[];
}

const shortestSecret = 16;
const endpoints = ['authorizationEndpoint', 'tokenEndpoint', 'dataEndpoint'] as const;

/** The dialog's fields that are called otherwise than the settings; with `custom` one field gives both token endpoints. */
const fields: Readonly<Record<string, string>> = {
  requestsPerMinute: 'rateLimit',
  minimumVersion: 'minVersion',
  applicationTokenEndpoint: 'tokenEndpoint',
  storeDirectory: 'store',
};

function valuesOf(
  definition: ProxyDefinition,
  credentials: ProxyCredentials,
  given: GivenSettings,
): Readonly<Record<string, unknown>> {
  const { environment, publicUrl, tokenEndpoint, authorizationEndpoint, dataEndpoint } = definition;
  const custom = environment === 'custom';
  return {
    publicUrl: publicUrl?.trim() ? publicUrl : given.publicUrl,
    mode: definition.mode,
    apiMode: definition.apiMode,
    duration: definition.duration,
    pkce: definition.pkce,
    title: definition.title,
    requestsPerMinute: definition.rateLimit,
    minimumVersion: definition.minVersion,
    sandbox: environment === 'sandbox',
    ...(custom && { authorizationEndpoint, tokenEndpoint, applicationTokenEndpoint: tokenEndpoint, dataEndpoint }),
    trustedProxies: given.trustedProxies.join(','),
    clientId: credentials.clientId,
    clientSecret: credentials.clientSecret,
    store: definition.store,
    storeDirectory: given.directory,
    mongodbUri: definition.store === 'mongodb' ? credentials.mongodbUri : undefined,
  };
}

/** What nothing stands in for: without these, a proxy of one's own would ask Enedis. */
function requireEndpoints(reader: SettingReader, { mode }: ProxyDefinition): void {
  for (const endpoint of endpoints) {
    const needed = endpoint !== 'dataEndpoint' || mode !== 'authorization_code';
    if (needed) reader.required(endpoint, 'The environment is a custom one.');
  }
}

function readKeys(reader: SettingReader, store: StoreSettings, secret: string): KeySettings | undefined {
  if (secret === '' && store.kind === 'embedded') return undefined;
  if (secret.length < shortestSecret) reader.problem('secret', `needs ${shortestSecret} characters or more.`);
  return keysFromSecret(secret);
}

/**
 * The settings of a node. `problems` of the error carry the names of the dialog's fields.
 * @throws SettingsError
 */
export function readNodeSettings(
  definition: ProxyDefinition,
  credentials: ProxyCredentials,
  given: GivenSettings,
): NodeSettings {
  const values = valuesOf(definition, credentials, given);
  const reader = new SettingReader({
    value: (field) => values[field],
    name: (field) => fields[field] ?? field,
  });
  const { environment = 'production' } = definition;
  if (!['production', 'sandbox', 'custom'].includes(environment)) reader.problem('environment', 'is unknown.');
  if (environment === 'custom') requireEndpoints(reader, definition);
  const proxy = readProxySettings(reader);
  const store = readStoreSettings(reader);
  if (store.kind === 'embedded' && given.directory === undefined) reader.problem('store', 'cannot be written.');
  const keys = readKeys(reader, store, credentials.secret ?? '');
  reader.finish();
  const warnings = reader.warnings.flatMap((warning) => warning.split(':', 1));
  return { proxy, store, ...(keys && { keys }), warnings };
}
