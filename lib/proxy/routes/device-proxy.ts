import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import { readForm } from '../http/form.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { requesterOf } from '../limits/requester.js';
import { requireAllowance } from '../limits/require.js';
import { refreshRules } from '../limits/rules.js';
import { requireClient, requireParameter } from '../tokens/client.js';
import { relayRefresh } from '../tokens/relay.js';

/** Relays a refresh to the upstream server, and nothing else: it goes out with the operator's secret (1.7, D2). */
async function deviceProxy(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const { settings } = context;
  if (settings.mode !== 'authorization_code') {
    throw new ProxyError(404, 'invalid_request', { description: 'Tokens are refreshed at /device/token' });
  }
  const form = await readForm(request);
  const clientId = requireClient(context, request, requireParameter(form, 'client_id'));
  if (requireParameter(form, 'grant_type') !== 'refresh_token') {
    throw new ProxyError(400, 'unsupported_grant_type', { description: 'The only grant type is refresh_token' });
  }
  const refreshToken = requireParameter(form, 'refresh_token');
  await requireAllowance(context, refreshRules(settings.limits), requesterOf(context, request), clientId);
  return relayRefresh(context, form, refreshToken);
}

/** `POST /device/proxy`. */
export const deviceProxyRoutes: readonly Route[] = [
  { path: '/device/proxy', kind: 'json', versionGate: true, methods: { POST: deviceProxy } },
];
