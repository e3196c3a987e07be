import { EnergyError } from '../errors.js';
import { TransportFailure, type TransportFailureKind } from '../http/failure.js';
import type { TransportReply } from '../http/transport.js';

const texts: Record<TransportFailureKind, [EnergyError['code'], string]> = {
  timeout: ['gateway_timeout', 'The gateway did not answer in time'],
  unreachable: ['gateway_unreachable', 'The gateway cannot be reached'],
  incomplete: ['reply_incomplete', "The gateway's answer broke off"],
  too_large: ['reply_too_large', "The gateway's answer is larger than any gateway gives"],
  untrusted: ['certificate_untrusted', "The gateway's certificate is not signed by an authority that is trusted here"],
  closed: ['closed', 'The session with the gateway was closed'],
};

/** A failed exchange with a gateway as an error of the family; any other error as it is. */
export function gatewayError(error: unknown, host: string, path: string): unknown {
  if (!(error instanceof TransportFailure)) return error;
  const [code, text] = texts[error.kind];
  return new EnergyError(code, `${text}: ${host}${path}. ${error.message}`, {
    cause: error,
    parameters: { host, path },
  });
}

/** Whether an error means that the gateway was not there or fell silent, so that another attempt may succeed. */
export function isNetworkError(error: unknown): boolean {
  return (
    error instanceof EnergyError &&
    (error.code === 'gateway_unreachable' || error.code === 'gateway_timeout' || error.code === 'reply_incomplete')
  );
}

/**
 * The JSON of a reply, whatever its content type says (spec/envoy 2.4).
 * @throws EnergyError `gateway_busy` (5xx), `http_status` (any other status outside 2xx), `reply_incomplete` (JSON cut
 * off), `reply_invalid` (no JSON)
 */
export function interpretJson(reply: TransportReply, path: string): unknown {
  const { status } = reply;
  if (status >= 500) {
    throw new EnergyError('gateway_busy', `The gateway is busy or starting: ${path} answers with status ${status}.`, {
      parameters: { path, status },
    });
  }
  if (status < 200 || status > 299) {
    throw new EnergyError('http_status', `${path} answers with status ${status}.`, { parameters: { path, status } });
  }
  try {
    return JSON.parse(reply.body) as unknown;
  } catch (cause) {
    // Broken JSON is an answer that was cut off; anything else is another kind of page.
    if (/^\s*[[{]/.test(reply.body)) {
      throw new EnergyError('reply_incomplete', `${path} answers with JSON that breaks off.`, {
        cause,
        parameters: { path, status },
      });
    }
    throw new EnergyError('reply_invalid', `${path} answers with something that is not JSON.`, {
      cause,
      parameters: { path, status },
    });
  }
}
