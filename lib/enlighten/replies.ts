import { AuthenticationError, type AuthenticationCode } from '../errors.js';
import { retryWait } from '../http/retry-after.js';
import type { TransportReply } from '../http/transport.js';
import { readToken } from './token.js';

function refused(code: AuthenticationCode, message: string): AuthenticationError {
  return new AuthenticationError(code, message);
}

function unavailable(code: 'cloud_unavailable' | 'server_error', message: string): AuthenticationError {
  return new AuthenticationError(code, message, { retryable: true });
}

/** The moment named by `Retry-After`, ms since the epoch; `undefined` without a usable one, or where there are several. */
export function retryAfter(reply: TransportReply, now: number): number | undefined {
  if (Array.isArray(reply.headers['retry-after'])) return undefined;
  const wait = retryWait(reply, now);
  return wait === undefined ? undefined : now + wait;
}

function record(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function checkCommon(reply: TransportReply, service: string, now: number): void {
  if (reply.status === 429) {
    const retryAt = retryAfter(reply, now);
    throw new AuthenticationError('rate_limited', `${service} limits the number of logins.`, {
      retryable: true,
      ...(retryAt !== undefined && { retryAt }),
    });
  }
  if (reply.status >= 500) throw unavailable('cloud_unavailable', `${service} answers with status ${reply.status}.`);
}

/**
 * Interprets the answer to a login: the session id.
 * @throws AuthenticationError `credentials_rejected`, `mfa_required`, `account_blocked`, `rate_limited`,
 * `cloud_unavailable` (5xx) or `server_error` (an answer that makes no sense)
 */
export function interpretLogin(reply: TransportReply, now: number): string {
  checkCommon(reply, 'Enlighten', now);
  const answer = record(reply.body);
  if (answer?.isBlocked === true) {
    throw refused('account_blocked', 'Enlighten has blocked the account for a while after too many logins.');
  }
  if (reply.status === 401 || (reply.status === 403 && answer)) {
    throw refused('credentials_rejected', 'Enlighten rejects the user name or the password.');
  }
  if (reply.status !== 200 || !answer) {
    throw unavailable('server_error', `Enlighten gives no usable answer to the login (status ${reply.status}).`);
  }
  const sessionId = answer.session_id;
  if (typeof sessionId === 'string' && sessionId !== '') return sessionId;
  throw refused('mfa_required', 'The Enlighten account asks for a second factor, which only a person can give.');
}

/**
 * Interprets the answer of Entrez: the token.
 * @throws AuthenticationError `serial_not_owned`, `rate_limited`, `cloud_unavailable` (5xx) or `server_error` (no token
 * in the answer, a web page for example)
 */
export function interpretToken(reply: TransportReply, now: number): string {
  checkCommon(reply, 'Entrez', now);
  if (reply.status === 403 || reply.status === 404) {
    throw refused('serial_not_owned', 'The Enlighten account has no access to this gateway.');
  }
  if (reply.status !== 200) {
    throw unavailable('server_error', `Entrez refuses to give a token (status ${reply.status}).`);
  }
  const token = reply.body.trim();
  try {
    readToken(token);
  } catch {
    throw unavailable('server_error', 'Entrez answers with something that is not a token.');
  }
  return token;
}
