import { EnergyError } from '../errors.js';

/** Why an exchange over the network came to nothing. */
export type TransportFailureKind = 'timeout' | 'unreachable' | 'incomplete' | 'too_large' | 'untrusted' | 'closed';

/** A failed exchange; the caller says whose failure it is (a gateway's, the cloud's) before it goes any further. */
export class TransportFailure extends Error {
  readonly kind: TransportFailureKind;

  constructor(kind: TransportFailureKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TransportFailure';
    this.kind = kind;
  }
}

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const untrusted = /^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

function kindOf(code: string, error: Error, begun: boolean): TransportFailureKind {
  if (error.name === 'TimeoutError' || timeouts.has(code)) return 'timeout';
  if (untrusted.test(code)) return 'untrusted';
  const garbled = error.name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  return begun || garbled ? 'incomplete' : 'unreachable';
}

/**
 * An error of the HTTP library as a failure with a kind; errors of our own pass as they are. `begun` says whether the
 * head of the answer had come.
 */
export function failureOf(error: unknown, begun: boolean): Error {
  if (error instanceof EnergyError || error instanceof TransportFailure) return error;
  if (!(error instanceof Error)) return new TransportFailure('unreachable', 'The exchange failed.', { cause: error });
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  const code =
    (error as NodeJS.ErrnoException).code ?? (inner as NodeJS.ErrnoException | undefined)?.code ?? error.name;
  return new TransportFailure(kindOf(code, error, begun), `The exchange failed (${code}).`, { cause: error });
}
