import { EnergyError, type ErrorOptions } from '../../errors.js';

/** What a refusal carries besides its OAuth code. */
export interface ProxyErrorOptions extends ErrorOptions {
  /** `error_description`, English, no secret. */
  readonly description?: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds until another try makes sense; becomes `Retry-After`. */
  readonly retryAfter?: number;
  /** Further members of the JSON answer. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A request that the proxy turns down: becomes a JSON answer or a page, by the route (spec/device-flow C1, C4). */
export class ProxyError extends EnergyError {
  /** HTTP status. */
  readonly status: number;
  /** The OAuth error code, such as `invalid_grant`. */
  readonly error: string;
  readonly description?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, error: string, options: ProxyErrorOptions = {}) {
    super('request_refused', options.description ?? error, options);
    this.name = 'ProxyError';
    this.status = status;
    this.error = error;
    if (options.description !== undefined) this.description = options.description;
    const wait = options.retryAfter;
    this.headers = {
      ...options.headers,
      ...(wait !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(wait))) }),
    };
    this.members = options.members ?? {};
  }
}
