import { EnergyError } from '../errors.js';
import { cleanToken } from './given-token.js';

/** A device-flow server and who asks it (design 3.4). URLs have no slash at the end. */
export interface DeviceFlowSettings {
  /** Base URL of the server. */
  readonly server: string;
  /** Endpoints that were set by hand; they count more than what the server publishes. */
  readonly deviceEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly refreshEndpoint?: string;
  /** Where the server tells until when the consents last, if it is one that does (spec/device-flow 1.12). */
  readonly consentsEndpoint?: string;
  /** Empty where the account takes tokens from a person only: there is no dance then. */
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope?: string;
  /** `Product/1.2.3`: some servers look at the version in it. */
  readonly userAgent: string;
  /** Milliseconds for one request. */
  readonly timeout: number;
  /** A token that a person got elsewhere, as it stands in the credentials. */
  readonly token?: string;
}

/** The endpoints that are used: set by hand, published (RFC 8414), or the usual paths of a device-flow proxy. */
export interface DeviceFlowEndpoints {
  readonly device: string;
  readonly token: string;
  /** Where refresh tokens go; most servers take them where they give tokens. */
  readonly refresh: string;
  readonly revocation?: string;
  /** How the client names itself there: its secret in the form, or in a header (RFC 6749 section 2.3.1). */
  readonly authentication: 'form' | 'basic';
}

/** The servers that an account may be at (design 3.4). */
type AccountApi = 'proxy' | 'conso' | 'myelectricaldata' | 'none';

/** What a person keeps secret of an account. */
export interface AccountCredentials {
  readonly clientSecret?: string;
  readonly token?: string;
}

/** Base URLs of the services that give their tokens to a person (spec/device-flow 6.1, 6.2). */
const tokenServices = {
  conso: 'https://conso.boris.sh',
  myelectricaldata: 'https://www.myelectricaldata.fr',
} as const;

/** Milliseconds for one request: a proxy may wait half a minute for Enedis (spec/device-flow 1.7). */
const defaultTimeout = 45_000;

function invalid(field: string, remedy: string): EnergyError {
  return new EnergyError('invalid_argument', `${field}: ${remedy}`, { parameters: { field } });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function url(field: string, value: unknown): string {
  const given = text(value);
  if (given === '') return '';
  const parsed = URL.canParse(given) ? new URL(given) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.hash !== '') {
    throw invalid(field, 'must be a URL that starts with https://.');
  }
  if (parsed.username !== '' || parsed.password !== '') throw invalid(field, 'must not hold a password.');
  return given.replace(/\/+$/, '');
}

function apiOf(value: unknown): AccountApi {
  const given = text(value) || 'proxy';
  if (given === 'proxy' || given === 'conso' || given === 'myelectricaldata' || given === 'none') return given;
  throw invalid('api', 'must be proxy, conso, myelectricaldata or none.');
}

function userAgentOf(value: unknown, version: string): string {
  const given = text(value) || `node-red-envoy-linky/${version}`;
  if (!/^[\x20-\x7e]+$/.test(given)) throw invalid('userAgent', 'must be written in plain ASCII, as Product/1.2.3.');
  return given;
}

function serverOf(api: AccountApi, value: unknown): string {
  const given = url('server', value);
  if (new URL(given || 'https://none').search !== '') throw invalid('server', 'must not have a query.');
  if (given !== '') return given;
  if (api === 'conso' || api === 'myelectricaldata') return tokenServices[api];
  throw invalid('server', 'is missing: the URL of the device-flow server.');
}

/** Only what is there: optional members are absent, not empty. */
function filled<T extends Readonly<Record<string, string>>>(members: T): { [Key in keyof T]?: string } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== '')) as {
    [Key in keyof T]?: string;
  };
}

/**
 * The settings of a flow, checked and completed with the defaults of design 3.4. `version` is that of this package; it
 * stands in the User-Agent unless the flow sets another (version gates, spec/device-flow 1.0).
 * @throws EnergyError `invalid_argument` naming the field and the remedy
 */
export function deviceFlowSettings(
  config: Readonly<Record<string, unknown>>,
  credentials: AccountCredentials = {},
  version = '1.0.0',
): DeviceFlowSettings {
  const api = apiOf(config['api']);
  const server = serverOf(api, config['server']);
  const byHand = api === 'conso' || api === 'myelectricaldata';
  const clientId = byHand ? '' : text(config['clientId']);
  const token = text(credentials.token) === '' ? '' : cleanToken(text(credentials.token));
  if (clientId === '' && !byHand && token === '') {
    throw invalid('clientId', 'is missing: the public client id that the operator of the server gives.');
  }
  return {
    server,
    clientId,
    userAgent: userAgentOf(config['userAgent'], version),
    timeout: defaultTimeout,
    ...filled({
      deviceEndpoint: url('deviceEndpoint', config['deviceEndpoint']),
      tokenEndpoint: url('tokenEndpoint', config['tokenEndpoint']),
      refreshEndpoint: url('refreshEndpoint', config['refreshEndpoint']),
      consentsEndpoint: api === 'proxy' ? `${server}/consents` : '',
      clientSecret: text(credentials.clientSecret),
      scope: text(config['scope']),
      token,
    }),
  };
}
