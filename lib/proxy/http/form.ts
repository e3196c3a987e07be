import { ProxyError } from './error.js';
import { parseParameters, type Parameters } from './parameters.js';
import type { ProxyRequest } from './types.js';

/** The parameters of a form. */
export type Form = Parameters;

/** Largest body of a form, bytes (spec/device-flow C5). */
const formLimit = 8 * 1024;

const formType = 'application/x-www-form-urlencoded';

function isForm(contentType: string | null): boolean {
  if (contentType === null) return false;
  if (contentType === formType) return true;
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase() === formType;
}

/**
 * The parameters in the body of a request; none where there is no body. Query strings do not count (spec/device-flow
 * C5, C6).
 * @throws ProxyError 413 above 8 KiB, 415 where the body is no urlencoded form, 400 `invalid_request` where its
 * encoding is broken or a parameter is given more than once or as an array
 */
export async function readForm(request: ProxyRequest): Promise<Form> {
  const body = await request.body(formLimit);
  if (body === '') return parseParameters('', 'refused');
  const encoding = request.headers.get('content-encoding');
  if (!isForm(request.headers.get('content-type')) || (encoding !== null && encoding.toLowerCase() !== 'identity')) {
    throw new ProxyError(415, 'invalid_request', { description: `The body must be ${formType}` });
  }
  return parseParameters(body, 'refused');
}
