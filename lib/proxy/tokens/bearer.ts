import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import type { ProxyRequest } from '../http/types.js';
import { authorize, type Authorization } from './authorize.js';

function challenge(status: 401 | 403, error: 'invalid_token' | 'insufficient_scope', description: string): ProxyError {
  return new ProxyError(status, error, {
    description,
    headers: { 'www-authenticate': `Bearer realm="data", error="${error}"` },
  });
}

/** The access token of a request; `undefined` where there is none that may be used (RFC 6750 2.1). */
function readBearer({ settings }: ProxyContext, request: ProxyRequest): string | undefined {
  const header = request.headers.get('authorization')?.trim() ?? '';
  const [first = '', second, ...others] = header.split(/\s+/);
  if (first === '' || others.length > 0) return undefined;
  if (second !== undefined) return first.toLowerCase() === 'bearer' ? second : undefined;
  return settings.compatibility.bareAccessToken ? first : undefined;
}

/**
 * What the access token of a request stands for.
 * @throws ProxyError 401 `invalid_token` where there is none or it does not count (spec/device-flow 1.8): old clients
 * refresh once upon it
 */
export async function requireAuthorization(context: ProxyContext, request: ProxyRequest): Promise<Authorization> {
  const token = readBearer(context, request);
  if (token === undefined) throw challenge(401, 'invalid_token', 'Access token missing');
  const authorization = await authorize(context, token);
  if (!authorization) throw challenge(401, 'invalid_token', 'Access token unknown or expired');
  return authorization;
}

/** @throws ProxyError 403 `insufficient_scope` where the token does not stand for the usage point */
export function requireCover({ usagePointHashes }: Authorization, usagePointHash: string): void {
  if (usagePointHashes.includes(usagePointHash)) return;
  throw challenge(403, 'insufficient_scope', 'The access token is not for this usage point');
}
