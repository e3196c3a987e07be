import { AuthenticationError, type AuthenticationCode, type ErrorParameters } from '../errors.js';

/** Why a server gives nothing, before it becomes an error: a value that pure functions hand on. */
export interface Failure {
  readonly code: AuthenticationCode;
  /** `error` of the server, HTTP status, field to correct; never a secret, never the server's own sentences. */
  readonly parameters?: ErrorParameters;
  /** Milliseconds after which another try is worth while. */
  readonly retryAfter?: number;
}

const messages: Partial<Record<AuthenticationCode, string>> = {
  credentials_missing: 'The account has no tokens yet: a person has to give the consent first.',
  consent_denied: 'The consent was refused.',
  consent_expired: 'The consent has ended or was withdrawn: a person has to give it again.',
  code_expired: 'Nobody entered the code in time.',
  client_rejected: 'The server does not accept this client: check its URL, the client id and the scope.',
  version_mismatch: 'The server asks for a newer client: set the User-Agent that its operator names.',
  rate_limited: 'The server was asked too often.',
  cloud_unavailable: 'The server cannot be reached.',
  server_error: 'The server has a problem of its own.',
};

const passing = new Set<AuthenticationCode>(['rate_limited', 'cloud_unavailable', 'server_error']);

/** The failure as an error of the family (design 5). `now` in ms since the epoch. */
export function failureError({ code, parameters = {}, retryAfter }: Failure, now: number): AuthenticationError {
  return new AuthenticationError(code, messages[code] ?? 'The server refused.', {
    parameters,
    retryable: passing.has(code),
    ...(retryAfter !== undefined && { retryAt: Math.round(now + retryAfter) }),
  });
}
