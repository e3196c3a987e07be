import type { TransportRequest } from '../http/transport.js';

/** An Enlighten account. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** The vendor's services. */
export interface EnlightenSettings {
  /** Base URL of Enlighten. */
  readonly cloudUrl: string;
  /** Base URL of Entrez. */
  readonly tokenUrl: string;
}

/** Milliseconds for one request to the cloud (spec/envoy 2.3.1). */
const timeout = 10_000;

/** A client without these two is turned away with 406 or 403 (spec/envoy 2.3.6). */
const commonHeaders = { accept: 'application/json', 'user-agent': 'node-red-envoy-linky' };

function at(base: string, path: string): URL {
  return new URL(base.replace(/\/+$/, '') + path);
}

/** Step A of spec/envoy 2.3.1: log in to Enlighten. */
export function loginRequest(settings: EnlightenSettings, account: Account): TransportRequest {
  const form = new URLSearchParams({ 'user[email]': account.username, 'user[password]': account.password });
  return {
    method: 'POST',
    url: at(settings.cloudUrl, '/login/login.json'),
    headers: { ...commonHeaders, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    timeout,
    limit: 256 * 1024,
    keepAlive: false,
  };
}

/** Step B of spec/envoy 2.3.1: ask Entrez for the token of one gateway. */
export function tokenRequest(
  settings: EnlightenSettings,
  sessionId: string,
  serial: string,
  username: string,
): TransportRequest {
  return {
    method: 'POST',
    url: at(settings.tokenUrl, '/tokens'),
    headers: { ...commonHeaders, accept: 'text/plain, application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ session_id: sessionId, serial_num: serial, username }),
    timeout,
    limit: 256 * 1024,
    keepAlive: false,
  };
}
