import { TransportFailure } from '../../http/failure.js';
import { ProxyError, type ProxyErrorOptions } from '../http/error.js';

/** Why an exchange with the upstream server came to nothing, or to nothing of use. */
export type UpstreamFailureKind = 'timeout' | 'network' | 'redirect' | 'invalid' | 'too_large' | 'untrusted' | 'closed';

const statuses: Readonly<Partial<Record<UpstreamFailureKind, number>>> = { timeout: 504, closed: 503 };

const descriptions: Readonly<Record<UpstreamFailureKind, string>> = {
  timeout: 'The upstream server did not answer in time.',
  network: 'The upstream server cannot be reached.',
  redirect: 'The upstream server answered with a redirection.',
  invalid: 'The upstream server answered in an unexpected way.',
  too_large: 'The upstream server answered with too much.',
  untrusted: 'The certificate of the upstream server is not trusted.',
  closed: 'The proxy is shutting down.',
};

/** No answer of use from the upstream server (spec/device-flow 1.8): 504 for a timeout, else 502, 503 at the end. */
export class UpstreamFailure extends ProxyError {
  readonly kind: UpstreamFailureKind;

  constructor(kind: UpstreamFailureKind, options: ProxyErrorOptions = {}) {
    super(statuses[kind] ?? 502, 'temporarily_unavailable', { description: descriptions[kind], ...options });
    this.name = 'UpstreamFailure';
    this.kind = kind;
  }
}

/** The operator's application is not set up as the upstream server wants it; nothing that a device can mend. */
export function misconfigured(members: Readonly<Record<string, unknown>> = {}, cause?: unknown): ProxyError {
  return new ProxyError(502, 'upstream_misconfigured', {
    description: 'The upstream server does not accept the application of this proxy.',
    members,
    ...(cause !== undefined && { cause }),
  });
}

/** An error of the transport as a failure of the upstream server. */
export function upstreamFailure(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  const kind = error instanceof TransportFailure ? error.kind : 'unreachable';
  const isOwn = kind === 'timeout' || kind === 'too_large' || kind === 'untrusted' || kind === 'closed';
  return new UpstreamFailure(isOwn ? kind : 'network', { cause: error });
}
