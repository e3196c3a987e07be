import type { ProxyContext } from '../context.js';
import { jsonResponse } from '../http/answers.js';
import { ProxyError } from '../http/error.js';
import type { Form } from '../http/form.js';
import type { ProxyResponse } from '../http/types.js';
import type { UpstreamTokenAnswer } from '../upstream/upstream.js';

/** What a refresh says to the upstream server: known parameters only (spec/device-flow 1.7, D2). */
function refreshForm({ settings }: ProxyContext, form: Form, refreshToken: string): Record<string, string> {
  const scope = form.get('scope');
  const ownSecret = settings.clientSecret === undefined ? form.get('client_secret') : undefined;
  return {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...(scope !== undefined && { scope }),
    ...(ownSecret !== undefined && { client_secret: ownSecret }),
  };
}

function relayed({ status, body, retryAfter }: UpstreamTokenAnswer): ProxyResponse {
  if (!body || status < 200 || (status >= 300 && status < 400)) {
    throw new ProxyError(502, 'temporarily_unavailable', { description: 'The upstream server gave no usable answer' });
  }
  return jsonResponse(status, body, retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) });
}

/**
 * Has the upstream server exchange a refresh token, and relays its answer and status (authorization-code mode).
 * @throws ProxyError 502, 504 where it gives none
 */
export async function relayRefresh(context: ProxyContext, form: Form, refreshToken: string): Promise<ProxyResponse> {
  return relayed(await context.upstream.token(refreshForm(context, form, refreshToken)));
}
