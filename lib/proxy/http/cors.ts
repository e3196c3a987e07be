import type { ProxySettings } from '../settings/settings.js';
import { emptyResponse } from './answers.js';
import type { ProxyRequest, ProxyResponse } from './types.js';

/** How long a browser may remember the answer to a preflight, seconds. */
const remembered = '600';

/**
 * The headers that let a page of another origin read an answer: none unless the origin is on the list, and `Vary` where
 * there is a list (spec/device-flow C9). Cookies are never allowed along.
 */
export function corsHeaders(settings: ProxySettings, request: ProxyRequest): Record<string, string> {
  if (settings.allowedOrigins.length === 0) return {};
  const origin = request.headers.get('origin');
  if (origin === null || !settings.allowedOrigins.includes(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'Retry-After, WWW-Authenticate, X-Enedis-Proxy-Source',
  };
}

/** Answers a browser that asks whether it may send a request; `undefined` where this is no such question, or not from a listed origin. */
export function preflight(
  settings: ProxySettings,
  request: ProxyRequest,
  methods: readonly string[],
): ProxyResponse | undefined {
  if (request.method !== 'OPTIONS' || request.headers.get('access-control-request-method') === null) return undefined;
  const origin = request.headers.get('origin');
  if (origin === null || !settings.allowedOrigins.includes(origin)) return undefined;
  return emptyResponse(204, {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': 'Authorization, Content-Type',
    'access-control-max-age': remembered,
  });
}
