import { EnergyError, type AuthenticationError } from '../errors.js';
import { TransportFailure } from '../http/failure.js';
import type { TransportReply, TransportRequest } from '../http/transport.js';
import type { AuthorizedReply, AuthorizedRequest } from './account.js';
import { failureError } from './failures.js';
import { membersOf } from './interpret.js';
import type { DeviceFlowSettings } from './settings.js';
import type { TokenSet } from './tokens.js';

/** The request for data as it goes over the wire. */
export function dataRequest(
  { url, headers = {}, scheme = 'bearer', signal }: AuthorizedRequest,
  { accessToken }: TokenSet,
  { userAgent, timeout }: DeviceFlowSettings,
): TransportRequest {
  const authorization = scheme === 'bare' ? accessToken : `Bearer ${accessToken}`;
  return {
    url,
    headers: { accept: 'application/json', 'user-agent': userAgent, ...headers, authorization },
    timeout,
    ...(signal && { signal }),
  };
}

function text(reply: AuthorizedReply, name: string): string {
  const value = reply.headers[name] ?? '';
  return typeof value === 'string' ? value : value.join(', ');
}

/**
 * Whether the server refuses the access token itself, so that a renewed one may do: 401, `invalid_token` (RFC 6750), or
 * what the PHP server says with 403 of a token that it has forgotten (spec/device-flow 1.8). Any other 403 is about the
 * consent.
 */
export function refusesToken(reply: TransportReply): boolean {
  if (reply.status === 401) return true;
  if (reply.status !== 400 && reply.status !== 403) return false;
  if (/\berror="?invalid_token\b/i.test(text(reply, 'www-authenticate'))) return true;
  const members = membersOf(reply.body);
  return members?.['error'] === 'invalid_token' || members?.['error_description'] === 'Access token not found';
}

/** Why no answer came to a request for data. */
export function dataFailure(error: unknown, now: number): AuthenticationError | EnergyError {
  if (error instanceof EnergyError) return error;
  const kind = error instanceof TransportFailure ? error.kind : 'unknown';
  if (kind === 'closed') return new EnergyError('closed', 'The request was given up.', { cause: error });
  if (kind === 'too_large') return new EnergyError('reply_too_large', 'The answer is too large.', { cause: error });
  return failureError({ code: 'cloud_unavailable', parameters: { reason: kind } }, now);
}
