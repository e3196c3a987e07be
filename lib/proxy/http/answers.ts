import type { ProxySettings } from '../settings/settings.js';
import type { ProxyResponse } from './types.js';

type Headers = ProxyResponse['headers'];

const uncached: Headers = {
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-content-type-options': 'nosniff',
};

const json: Headers = { 'content-type': 'application/json', ...uncached };

const html: Headers = { 'content-type': 'text/html; charset=utf-8', ...uncached };

/** An answer in JSON that nobody keeps (spec/device-flow C1 to C3). */
export function jsonResponse(status: number, body: unknown, headers?: Headers): ProxyResponse {
  return { status, headers: headers ? { ...json, ...headers } : json, body: JSON.stringify(body) };
}

/** A page that nobody keeps. The headers that guard it are added by the dispatcher, see `pageHeaders`. */
export function htmlResponse(status: number, page: string, headers?: Headers): ProxyResponse {
  return { status, headers: headers ? { ...html, ...headers } : html, body: page };
}

/** Sends the browser to another address; the caller builds it from settings, never from the request. */
export function redirectResponse(status: 302 | 303, url: string, headers?: Headers): ProxyResponse {
  return { status, headers: { ...uncached, 'referrer-policy': 'no-referrer', ...headers, location: url }, body: '' };
}

/** An answer without a body. */
export function emptyResponse(status: number, headers?: Headers): ProxyResponse {
  return { status, headers: headers ? { ...uncached, ...headers } : uncached, body: '' };
}

/** What one page asks of the headers that guard it. */
export interface PageHeaderOptions {
  /** Origin that may show the page in a frame; nobody where absent. */
  readonly frameAncestor?: string;
}

/** Whether people reach the proxy by https. */
export function isSecure(settings: ProxySettings): boolean {
  return settings.publicUrl.startsWith('https:');
}

/** Tells browsers to come by https only, for two years; nothing where the proxy is reached by http. */
export function transportHeaders(settings: ProxySettings): Record<string, string> {
  return isSecure(settings) ? { 'strict-transport-security': 'max-age=63072000' } : {};
}

/**
 * The headers that guard a page: no script, no foreign content, no frame, no referrer (spec/device-flow 1.3). Forms
 * may lead to the consent page, since browsers apply `form-action` to the redirect that follows. The dispatcher adds
 * them to every page that brings no `content-security-policy` of its own.
 */
export function pageHeaders(
  settings: ProxySettings,
  { frameAncestor }: PageHeaderOptions = {},
): Record<string, string> {
  const consent = new URL(settings.endpoints.authorization).origin;
  return {
    'content-security-policy': [
      `default-src 'none'`,
      `style-src 'self'`,
      `form-action 'self' ${consent}`,
      `frame-ancestors ${frameAncestor ?? `'none'`}`,
      `base-uri 'none'`,
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...(frameAncestor === undefined && { 'x-frame-options': 'DENY' }),
  };
}
