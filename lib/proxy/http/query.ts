import { parseParameters, type Parameters } from './parameters.js';
import type { ProxyRequest } from './types.js';

/** How strictly a query string is read. */
export interface QueryOptions {
  /** Refuse repeated parameters and arrays; otherwise the first value counts. */
  readonly strict?: boolean;
}

/**
 * The parameters of a query string.
 * @throws ProxyError 400 `invalid_request` where its encoding is broken or, if `strict`, a parameter is given more than
 * once or as an array
 */
export function readQuery(request: ProxyRequest, { strict = false }: QueryOptions = {}): Parameters {
  return parseParameters(request.query, strict ? 'refused' : 'first');
}
