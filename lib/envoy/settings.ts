import type { Account } from '../enlighten/requests.js';
import type { EnergyError } from '../errors.js';
import { invalidArgument, type BrokenRule } from '../explanations.js';
import { normalizeFingerprint, type CertificateMode } from '../http/certificate.js';
import { gatewayUrl } from './address.js';

/** Settings of a gateway, as the dialog of `envoy-gateway` gives them (design 3.1). */
export interface GatewaySettings {
  /** Name or IP, optionally `:port`. */
  readonly host: string;
  readonly tls: CertificateMode;
  /** SHA-256 fingerprint set by hand. */
  readonly fingerprint?: string;
  readonly cloudUrl: string;
  readonly tokenUrl: string;
  /** Days of life left at which a long-lived token is renewed. */
  readonly refreshBefore: number;
  /** Seconds for one request. */
  readonly timeout: number;
}

/** What a person gives to authenticate with; each part may be missing. */
export interface GatewayCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

/** The vendor's addresses. */
export const vendorUrls = {
  cloudUrl: 'https://enlighten.enphaseenergy.com',
  tokenUrl: 'https://entrez.enphaseenergy.com',
} as const;

function invalid(field: string, broken: BrokenRule, remedy: string): EnergyError {
  return invalidArgument(field, broken, `${field}: ${remedy}`);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function number(field: string, value: unknown, fallback: number, range: readonly [number, number]): number {
  if (value === undefined || value === null || value === '') return fallback;
  const result = Number(value);
  if (!Number.isFinite(result) || result < range[0] || result > range[1]) {
    const [minimum, maximum] = range;
    throw invalid(
      field,
      { rule: 'numberBetween', minimum, maximum },
      `must be a number from ${minimum} to ${maximum}.`,
    );
  }
  return result;
}

function baseUrl(field: string, value: unknown, fallback: string): string {
  const result = text(value) || fallback;
  const usable = URL.canParse(result) && /^https?:$/.test(new URL(result).protocol);
  if (!usable) throw invalid(field, { rule: 'url' }, 'must be a URL that starts with https://.');
  return result;
}

function mode(value: unknown): CertificateMode {
  const result = text(value) || 'pin';
  if (result === 'pin' || result === 'verify' || result === 'insecure') return result;
  const broken = { rule: 'oneOf', words: ['pin', 'verify', 'insecure'] } as const;
  throw invalid('tls', broken, 'must be pin, verify or insecure.');
}

/**
 * The settings of a flow, checked and completed with the defaults of design 3.1.
 * @throws EnergyError `invalid_argument` naming the field and the remedy
 */
export function gatewaySettings(config: Readonly<Record<string, unknown>>): GatewaySettings {
  const host = text(config.host) || 'envoy.local';
  gatewayUrl('https', host);
  const fingerprint = text(config.fingerprint);
  const normalized = fingerprint === '' ? undefined : normalizeFingerprint(fingerprint);
  if (fingerprint !== '' && normalized === undefined) {
    const remedy = 'must be the 32 bytes of a SHA-256 fingerprint in hexadecimal.';
    throw invalid('fingerprint', { rule: 'fingerprint' }, remedy);
  }
  return {
    host,
    tls: mode(config.tls),
    ...(normalized !== undefined && { fingerprint: normalized }),
    cloudUrl: baseUrl('cloudUrl', config.cloudUrl, vendorUrls.cloudUrl),
    tokenUrl: baseUrl('tokenUrl', config.tokenUrl, vendorUrls.tokenUrl),
    refreshBefore: number('refreshBefore', config.refreshBefore, 30, [0, 365]),
    timeout: number('timeout', config.timeout, 45, [1, 300]),
  };
}

const localUsers = new Set(['envoy', 'installer', 'nonmaster', 'homeowner', 'admin']);

/** The Enlighten account among the credentials: none where the user is one of a gateway of old (spec/envoy 2.1). */
export function enlightenAccount(credentials: GatewayCredentials): Account | undefined {
  const username = credentials.username?.trim() ?? '';
  const { password } = credentials;
  if (username === '' || password === undefined || password === '') return undefined;
  return localUsers.has(username.toLowerCase()) ? undefined : { username, password };
}

/** An account's name, short enough not to give it away: `u…@example.com`. */
export function maskAccount(username: string): string {
  const [name = '', domain] = username.trim().split('@');
  return `${name.slice(0, 1)}…${domain === undefined ? '' : `@${domain}`}`;
}

/** A serial number of which only the last four digits show. */
export function maskSerial(serial: string): string {
  return `…${serial.slice(-4)}`;
}
