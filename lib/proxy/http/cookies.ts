import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ProxyContext } from '../context.js';
import type { ProxySettings } from '../settings/settings.js';
import { isSecure } from './answers.js';
import type { ProxyRequest } from './types.js';

/** How long a browser keeps the cookie, seconds: whoever renews a consent within that time is recognised. */
const cookieLife = 180 * 24 * 3600;

/** A name that starts with `__Host-` cannot be set by a neighbouring host; browsers take it over https only. */
function cookieName(settings: ProxySettings): string {
  return isSecure(settings) ? '__Host-device-flow' : 'device-flow';
}

/** A new secret by which one browser is recognised: 256 bits, 43 characters. */
export function newBrowser(): string {
  return randomBytes(32).toString('base64url');
}

/** The value of `Set-Cookie` that binds what follows to this browser (spec/device-flow D8). */
export function browserCookie(settings: ProxySettings, browser: string): string {
  const secure = isSecure(settings) ? ' Secure;' : '';
  return `${cookieName(settings)}=${browser}; Path=/; Max-Age=${String(cookieLife)};${secure} HttpOnly; SameSite=Lax`;
}

/** The secret that the browser sent back; `undefined` where it sent none that looks like ours. */
export function readBrowser(settings: ProxySettings, request: ProxyRequest): string | undefined {
  const header = request.headers.get('cookie');
  if (header === null) return undefined;
  const start = `${cookieName(settings)}=`;
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (!pair.startsWith(start)) continue;
    const value = pair.slice(start.length);
    if (/^[\w-]{43}$/.test(value)) return value;
  }
  return undefined;
}

/** The token that a form carries to prove that it comes from a page which this browser was given. */
export function csrfToken({ secrets }: Pick<ProxyContext, 'secrets'>, browser: string): string {
  return secrets.hash('csrf', browser);
}

/** Whether the token of a form belongs to the browser; takes the same time for every wrong one. */
export function csrfMatches(
  context: Pick<ProxyContext, 'secrets'>,
  browser: string,
  token: string | undefined,
): boolean {
  const expected = Buffer.from(csrfToken(context, browser));
  const given = Buffer.from(token ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
