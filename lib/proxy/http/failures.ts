import { randomBytes } from 'node:crypto';
import { EnergyError } from '../../errors.js';
import type { ProxyContext } from '../context.js';
import { errorPage } from '../pages/error.js';
import { pageView } from '../pages/view.js';
import { htmlResponse, jsonResponse } from './answers.js';
import { ProxyError } from './error.js';
import type { RequestObserver } from './observer.js';
import type { ProxyRequest, ProxyResponse } from './types.js';

/** Where a failure happened. */
export interface FailurePlace {
  /** The path as the route names it. */
  readonly route: string;
  readonly kind: 'json' | 'page';
}

/** Seconds after which a client may ask again where the store cannot be reached. */
const storageWait = 5;

/** What was thrown, as an answer tells it: nothing of an unexpected error reaches the client. */
function asRefusal(error: unknown): ProxyError {
  if (error instanceof ProxyError) return error;
  if (error instanceof EnergyError && error.code === 'storage_failed') {
    const description = 'The service cannot reach its storage; try again later';
    return new ProxyError(503, 'temporarily_unavailable', { description, retryAfter: storageWait, cause: error });
  }
  return new ProxyError(500, 'server_error', { description: 'The service failed unexpectedly', cause: error });
}

function reasonOf(error: unknown): string {
  if (error instanceof ProxyError) return error.error;
  return error instanceof EnergyError ? error.code : 'internal';
}

/** Codes of pages for what is wrong with a request as such; OAuth has one word for all of it. */
const pageCodes: Readonly<Record<number, string>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'request_too_large',
  415: 'unsupported_media_type',
  500: 'internal_error',
};

function pageCode({ status, error }: ProxyError): string {
  const general = error === 'invalid_request' || status === 500;
  return (general ? pageCodes[status] : undefined) ?? error;
}

/** A refusal as JSON (spec/device-flow C1). */
function refusalAsJson(refusal: ProxyError, correlation: string | undefined): ProxyResponse {
  const body = {
    error: refusal.error,
    ...(refusal.description !== undefined && { error_description: refusal.description }),
    ...refusal.members,
    ...(correlation !== undefined && { correlation }),
  };
  return jsonResponse(refusal.status, body, refusal.headers);
}

/**
 * The answer to a request that failed: JSON or a page, by the route. What is the proxy's own failure or of the servers
 * behind it (5xx) gets a correlation id, is told to the observer, and becomes an event.
 */
export function failureResponse(
  context: ProxyContext,
  request: ProxyRequest,
  error: unknown,
  { route, kind }: FailurePlace,
  observer?: RequestObserver,
): ProxyResponse {
  const refusal = asRefusal(error);
  const correlation = refusal.status >= 500 ? randomBytes(6).toString('hex') : undefined;
  if (correlation !== undefined) {
    const reason = reasonOf(error);
    observer?.onFailure?.({ route, correlation, reason, error });
    context.events({ name: 'failed', at: context.now(), reason, correlation });
  }
  if (kind === 'json') return refusalAsJson(refusal, correlation);
  const problem = { code: pageCode(refusal), ...(correlation !== undefined && { correlation }) };
  return htmlResponse(refusal.status, errorPage(pageView(context.settings, request), problem), refusal.headers);
}
