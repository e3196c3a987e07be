/** Codes of authentication errors: a person, or the passing of time, must change something before reads work again. */
export const authenticationCodes = [
  'credentials_missing',
  'credentials_rejected',
  'mfa_required',
  'account_blocked',
  'serial_not_owned',
  'token_expired',
  'token_rejected',
  'role_insufficient',
  'firmware_changed',
  'certificate_changed',
  'cloud_unavailable',
  'rate_limited',
  'consent_denied',
  'consent_expired',
  'code_expired',
  'client_rejected',
  'version_mismatch',
  'server_error',
] as const;

/** A code of design section 5, as it stands in the payload of an authentication output. */
export type AuthenticationCode = (typeof authenticationCodes)[number];

/** Codes of every other failure: these go to Catch nodes. */
type FailureCode =
  | 'gateway_unreachable'
  | 'gateway_timeout'
  | 'gateway_busy'
  | 'not_a_gateway'
  | 'certificate_untrusted'
  | 'http_status'
  | 'reply_invalid'
  | 'reply_incomplete'
  | 'reply_too_large'
  | 'no_production_source'
  | 'data_quality'
  | 'feature_not_available'
  | 'invalid_argument'
  | 'not_allowed'
  | 'request_refused'
  | 'storage_failed'
  | 'closed'
  | 'internal';

/** Any code that an error of this package carries. */
export type ErrorCode = AuthenticationCode | FailureCode;

/** Values that complete a translated text: names of fields, hosts, dates; never a secret. */
export type ErrorParameters = Readonly<Record<string, string | number>>;

/** What may accompany an error. */
export interface ErrorOptions {
  /** The error underneath; kept for debugging, never shown whole. */
  cause?: unknown;
  /** Values for translated texts; never a secret. */
  parameters?: ErrorParameters;
}

/**
 * Parent of every error that leaves this package. `code` is an own property, since Node-RED's Catch node copies
 * own properties only (spec/node-red A6).
 */
export class EnergyError extends Error {
  readonly code: ErrorCode;
  readonly parameters: ErrorParameters;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EnergyError';
    this.code = code;
    this.parameters = options.parameters ?? {};
  }
}

/** What an authentication error says beyond its code. */
export interface AuthenticationErrorOptions extends ErrorOptions {
  /** True where trying again later, with nothing changed by a person, may succeed. */
  retryable?: boolean;
  /** Masked name of the account concerned. */
  account?: string;
  /** When the token or the consent ends or ended, ms since the epoch. */
  expiresAt?: number;
  /** Not before this moment is another try worth while, ms since the epoch. */
  retryAt?: number;
}

/** An error of authentication (design section 5): it goes to the authentication output, not to Catch nodes. */
export class AuthenticationError extends EnergyError {
  declare readonly code: AuthenticationCode;
  readonly retryable: boolean;
  readonly account?: string;
  readonly expiresAt?: number;
  readonly retryAt?: number;

  constructor(code: AuthenticationCode, message: string, options: AuthenticationErrorOptions = {}) {
    super(code, message, options);
    this.name = 'AuthenticationError';
    this.retryable = options.retryable ?? false;
    if (options.account !== undefined) this.account = options.account;
    if (options.expiresAt !== undefined) this.expiresAt = options.expiresAt;
    if (options.retryAt !== undefined) this.retryAt = options.retryAt;
  }
}

/** The error as one of the family: an own error as it is, anything else as `internal` with the original as cause. */
export function asEnergyError(error: unknown): EnergyError {
  if (error instanceof EnergyError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new EnergyError('internal', `Unexpected: ${text}`, { cause: error });
}
