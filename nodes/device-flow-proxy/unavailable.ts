import { htmlResponse, jsonResponse, pageHeaders, transportHeaders } from '../../lib/proxy/http/answers.js';
import type { ProxyRequest, ProxyResponse } from '../../lib/proxy/http/types.js';
import { errorPage } from '../../lib/proxy/pages/error.js';
import { pageView } from '../../lib/proxy/pages/view.js';
import type { ProxySettings } from '../../lib/proxy/settings/settings.js';

const code = 'temporarily_unavailable';
/** Seconds after which a client may ask again. */
const patience = '5';

/** The answer of a proxy whose store is not open yet, or not any more: a page for people, JSON for devices. */
export function unavailable(settings: ProxySettings, request: ProxyRequest): ProxyResponse {
  const headers = { ...transportHeaders(settings), 'retry-after': patience };
  if (!(request.headers.get('accept') ?? '').includes('text/html')) {
    const error_description = 'The service is starting; try again later';
    return jsonResponse(503, { error: code, error_description }, headers);
  }
  const page = errorPage(pageView(settings, request), { code });
  return htmlResponse(503, page, { ...headers, ...pageHeaders(settings) });
}
