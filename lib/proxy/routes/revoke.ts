import type { ProxyContext } from '../context.js';
import { emptyResponse } from '../http/answers.js';
import { ProxyError } from '../http/error.js';
import { readForm } from '../http/form.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { requesterOf } from '../limits/requester.js';
import { requireAllowance } from '../limits/require.js';
import { refreshRules } from '../limits/rules.js';
import { requireClient, requireParameter } from '../tokens/client.js';
import { revokeToken } from '../tokens/revoke.js';

/** Takes a token back, whether it was known or not (RFC 7009; spec/device-flow 1.12). */
async function revoke(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const form = await readForm(request);
  const clientId = requireClient(context, request, requireParameter(form, 'client_id'));
  const token = requireParameter(form, 'token');
  await requireAllowance(context, refreshRules(context.settings.limits), requesterOf(context, request), clientId);
  if (context.settings.mode === 'authorization_code') {
    throw new ProxyError(400, 'unsupported_token_type', { description: 'Revoke the token where it was issued' });
  }
  await revokeToken(context, token, clientId);
  return emptyResponse(200);
}

/** `POST /device/revoke`. */
export const revokeRoutes: readonly Route[] = [{ path: '/device/revoke', kind: 'json', methods: { POST: revoke } }];
