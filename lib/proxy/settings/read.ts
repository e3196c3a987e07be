import { isIP } from 'node:net';
import {
  callbackPaths,
  enedisAuthorizationV1,
  enedisEndpoints,
  enedisSandboxEndpoints,
  noCompatibility,
  usualDataPaths,
  usualLimits,
} from './defaults.js';
import { isConsentDuration, withoutWholeYears } from './duration.js';
import type {
  ApiMode,
  CompatibilitySettings,
  LimitSettings,
  PageSettings,
  ProxyMode,
  ProxySettings,
  UpstreamEndpoints,
} from './settings.js';
import type { SettingReader } from './source.js';

const hour = 3600;
const day = 24 * hour;

function readMode(reader: SettingReader): ProxyMode {
  const text = reader.text('mode');
  // The PHP server's FLOW knows one word, in any case.
  if (text?.toUpperCase() === 'DEVICE') return 'authorization_code';
  return reader.choice('mode', ['client_credentials', 'authorization_code']);
}

function readEndpoints(reader: SettingReader, apiMode: ApiMode, sandbox: boolean): UpstreamEndpoints {
  const usual = sandbox ? enedisSandboxEndpoints : enedisEndpoints;
  const usualAuthorization = apiMode === 'legacy' ? enedisAuthorizationV1 : usual.authorization;
  let authorization = reader.url('authorizationEndpoint', usualAuthorization);
  if (authorization === enedisAuthorizationV1 && apiMode !== 'legacy') {
    reader.warn('authorizationEndpoint', `Enedis has replaced this page; ${enedisEndpoints.authorization} is used.`);
    authorization = enedisEndpoints.authorization;
  }
  return {
    authorization,
    token: reader.url('tokenEndpoint', usual.token),
    applicationToken: reader.url('applicationTokenEndpoint', usual.applicationToken),
    data: reader.url('dataEndpoint', usual.data),
  };
}

function readDuration(reader: SettingReader, apiMode: ApiMode): string {
  const given = reader.text('duration') ?? 'P1095D';
  if (!isConsentDuration(given)) {
    reader.problem(
      'duration',
      'must be an ISO 8601 duration of at most three years in days, weeks, months or years, such as P1095D.',
    );
    return given;
  }
  const duration = apiMode === 'legacy' ? given : withoutWholeYears(given);
  if (duration !== given) reader.warn('duration', `Enedis refuses whole years; ${duration} is used for ${given}.`);
  return duration;
}

/** `2.3.0`, or `Product=2.3.0, Other=1.0`. */
function readMinimumVersions(reader: SettingReader): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const part of reader.list('minimumVersion')) {
    const [, product = '*', version] = /^(?:([^=]+)=)?(\d+(?:\.\d+)*)$/.exec(part) ?? [];
    if (version === undefined) reader.problem('minimumVersion', 'must be a version such as 2.3.0, or Product=2.3.0.');
    else versions[product.trim()] = version;
  }
  return versions;
}

/** `id=Label, id=Label`; without any, the application's own id is what devices send. */
function readPublicClients(reader: SettingReader, clientId: string, title: string): Record<string, string> {
  const clients: Record<string, string> = {};
  for (const part of reader.list('publicClients')) {
    const [id = '', label] = part.split(/=(.*)/s).map((each) => each.trim());
    if (id === '') reader.problem('publicClients', 'must be a list of id=Label.');
    else clients[id] = label === undefined || label === '' ? title : label;
  }
  return Object.keys(clients).length > 0 ? clients : { [clientId]: title };
}

function readLimits(reader: SettingReader): LimitSettings {
  const many = { min: 1, max: 1_000_000 };
  const read = (field: keyof LimitSettings, range = many) => reader.integer(field, usualLimits[field], range);
  return {
    requestsPerMinute: read('requestsPerMinute', { min: 1, max: 60 }),
    codesPerMinute: read('codesPerMinute'),
    codesPerHour: read('codesPerHour'),
    codesPerMinuteGlobal: read('codesPerMinuteGlobal'),
    wrongCodesPerTenMinutes: read('wrongCodesPerTenMinutes'),
    wrongCodesPerMinuteGlobal: read('wrongCodesPerMinuteGlobal'),
    autorisationsPerHour: read('autorisationsPerHour'),
    dataCallsPerDay: read('dataCallsPerDay'),
    upstreamPerSecond: read('upstreamPerSecond'),
    upstreamPerHour: read('upstreamPerHour'),
  };
}

function readCompatibility(reader: SettingReader): CompatibilitySettings {
  const sandbox = reader.flag('sandbox');
  const withoutAuthentication = reader.flag('dataAuthenticationDisabled');
  if (withoutAuthentication && !sandbox) {
    reader.problem(
      'dataAuthenticationDisabled',
      `is allowed in the sandbox only: remove it, or set ${reader.name('sandbox')}.`,
    );
  }
  if (reader.flag('debug')) reader.warn('debug', 'has no effect: the test grant is not part of this server.');
  const unsafe = reader.flag('trustCallbackUsagePoint');
  if (unsafe) {
    reader.warn(
      'trustCallbackUsagePoint',
      'anybody can get tokens for any usage point that ever consented to this application.',
    );
  }
  return {
    ...noCompatibility,
    sandbox,
    dataAuthentication: !withoutAuthentication,
    trustCallbackUsagePoint: unsafe,
    legacyGetVerify: reader.flag('legacyGetVerify'),
    legacyClientStatus: reader.flag('legacyClientStatus'),
    bareAccessToken: reader.flag('bareAccessToken'),
  };
}

function readPage(reader: SettingReader): PageSettings {
  const optional = (['operator', 'legalNotice', 'privacyNotice', 'contact'] as const).flatMap((field) => {
    const text = reader.text(field);
    return text === undefined ? [] : [[field, text]];
  });
  const page = { title: reader.text('title') ?? 'Linky', ...Object.fromEntries(optional) } as PageSettings;
  if (page.contact !== undefined && !/^(?:mailto:|https:\/\/)\S+$/.test(page.contact)) {
    reader.problem('contact', 'must begin with mailto: or https://.');
  }
  return page;
}

function readPaths(reader: SettingReader, field: string, pattern: RegExp, usual: readonly string[]): readonly string[] {
  const paths = reader.list(field);
  for (const path of paths) if (!pattern.test(path)) reader.problem(field, 'must be a list of plain paths.');
  return paths.length > 0 ? paths : usual;
}

function readTrustedProxies(reader: SettingReader): readonly string[] {
  const given = reader.list('trustedProxies').flatMap((each) => (each === 'REMOTE_ADDR' ? [] : [each]));
  for (const each of given) {
    const [address = '', prefix, ...rest] = each.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const inRange = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    if (isIP(address) === 0 || !inRange || rest.length > 0) {
      reader.problem('trustedProxies', 'must be a list of addresses or ranges such as 10.0.0.0/8.');
    }
  }
  return given;
}

function readOrigins(reader: SettingReader): readonly string[] {
  const origins = reader.list('allowedOrigins');
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      reader.problem('allowedOrigins', 'must be a list of origins such as https://example.org.');
    }
  }
  return origins;
}

/** The settings of a source, complete; what is wrong is left with the reader, whose `finish` raises it. */
export function readProxySettings(reader: SettingReader): ProxySettings {
  const publicUrl = reader.required('publicUrl', 'The address under which people and devices reach this proxy.');
  const clientId = reader.required('clientId', 'The id of your application at the upstream server.');
  const mode = readMode(reader);
  const clientSecret =
    mode === 'client_credentials'
      ? reader.required('clientSecret', 'The secret of your application at the upstream server.')
      : reader.text('clientSecret');
  const apiMode = reader.choice('apiMode', ['new', 'legacy', 'auto']);
  const compatibility = readCompatibility(reader);
  const page = readPage(reader);
  const redirectUri = reader.text('redirectUri');
  const freshness = reader.integer('consentFreshness', 1, { min: 0, max: 400 });
  const apiPath = /^[a-z][a-z0-9_]*(?:\/[a-z0-9_]+)+$/;
  return {
    publicUrl: publicUrl === '' ? '' : reader.url('publicUrl', ''),
    mode,
    apiMode,
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    publicClients: readPublicClients(reader, clientId, page.title),
    endpoints: readEndpoints(reader, apiMode, compatibility.sandbox),
    ...(redirectUri !== undefined && { redirectUri }),
    redirectAliases: readPaths(reader, 'redirectAliases', /^\/[A-Za-z0-9_/-]+$/, []).filter(
      (path) => !callbackPaths.includes(path),
    ),
    duration: readDuration(reader, apiMode),
    pkce: reader.flag('pkce'),
    minimumVersions: readMinimumVersions(reader),
    codeLifetime: reader.integer('codeLifetime', 300, { min: 60, max: 3600 }),
    accessLifetime: reader.integer('accessLifetime', 12_600, { min: 60, max: 7 * day }),
    refreshLifetime: reader.integer('refreshLifetime', 3 * 365 * day, { min: hour, max: 4 * 366 * day }),
    dataPaths: readPaths(reader, 'dataPaths', apiPath, usualDataPaths),
    curveStamps: reader.choice('curveStamps', ['auto', 'end', 'start']),
    ...(freshness > 0 && { consentFreshness: freshness }),
    severalUsagePoints: reader.flag('severalUsagePoints'),
    limits: readLimits(reader),
    compatibility,
    page,
    trustedProxies: readTrustedProxies(reader),
    allowedOrigins: readOrigins(reader),
  };
}
