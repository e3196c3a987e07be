import type { ProxyContext } from '../context.js';
import { jsonResponse } from '../http/answers.js';
import { ProxyError } from '../http/error.js';
import { readForm, type Form } from '../http/form.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { hashed } from '../ids.js';
import { requesterOf } from '../limits/requester.js';
import { requireAllowance } from '../limits/require.js';
import { refreshRules, unknownCodeRules } from '../limits/rules.js';
import { requireClient, requireParameter } from '../tokens/client.js';
import { pollGrant, type PollOutcome } from '../tokens/issue.js';
import { refreshTokens } from '../tokens/refresh.js';
import { relayRefresh } from '../tokens/relay.js';
import { readUsagePointList } from '../tokens/usage-point-list.js';

/** The grant type of RFC 8628 3.4. */
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** What a poll is told that is not to be answered with tokens now. */
type Refused = Exclude<PollOutcome, { kind: 'redeemed_now' | 'pending' | 'slow_down' }>;

/** Why a device gets no tokens any more with its code (spec/device-flow 1.6, the table; RFC 8628 3.5). */
function pollRefusal(outcome: Refused): ProxyError {
  switch (outcome.kind) {
    case 'expired':
      return new ProxyError(400, 'expired_token', { description: 'The device code has expired' });
    case 'denied':
      // The code of the consent page was no good: so says the PHP server of its device code (check 77).
      return outcome.reason === 'exchange_failed'
        ? new ProxyError(400, 'invalid_grant', { description: 'The authorisation server granted no access' })
        : new ProxyError(400, 'access_denied', { description: 'There was no consent' });
    case 'unknown':
    case 'redeemed':
      return new ProxyError(400, 'invalid_grant', { description: 'The device code is unknown or was used' });
  }
}

/** The device is to ask again, as most are told: nothing failed, and making an error for it would take time. */
function askAgain(error: 'authorization_pending' | 'slow_down', interval: number): ProxyResponse {
  return jsonResponse(400, { error, interval });
}

async function poll(
  context: ProxyContext,
  request: ProxyRequest,
  form: Form,
  clientId: string,
): Promise<ProxyResponse> {
  const grantId = hashed(context.secrets, 'device_code', requireParameter(form, 'device_code'));
  const outcome = await pollGrant(context, { grantId, clientId });
  if (outcome.kind === 'redeemed_now') return jsonResponse(200, outcome.answer);
  if ('interval' in outcome) {
    return askAgain(outcome.kind === 'pending' ? 'authorization_pending' : 'slow_down', outcome.interval);
  }
  // Counted by address: a count for each code that somebody makes up would fill the store (D5).
  if (outcome.kind === 'unknown') {
    const rules = unknownCodeRules(context.settings.limits);
    await requireAllowance(context, rules, requesterOf(context, request), clientId);
  }
  throw pollRefusal(outcome);
}

async function refresh(
  context: ProxyContext,
  request: ProxyRequest,
  form: Form,
  clientId: string,
): Promise<ProxyResponse> {
  const refreshToken = requireParameter(form, 'refresh_token');
  const rules = refreshRules(context.settings.limits);
  await requireAllowance(context, rules, requesterOf(context, request), clientId);
  if (context.settings.mode === 'authorization_code') return relayRefresh(context, form, refreshToken);
  const usagePoints = readUsagePointList(form);
  const answer = await refreshTokens(context, { refreshToken, clientId, ...(usagePoints && { usagePoints }) });
  if (answer) return jsonResponse(200, answer);
  // One answer for every cause: which part is wrong is nobody's business (D12).
  throw new ProxyError(400, 'invalid_grant', { description: 'The refresh token does not count (any more)' });
}

/** Answers polls and refreshes (spec/device-flow 1.6). */
async function token(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const form = await readForm(request);
  const [givenClient, grantType] = [form.get('client_id'), form.get('grant_type')];
  if (givenClient === undefined || grantType === undefined) {
    throw new ProxyError(400, 'invalid_request', { description: 'Missing client_id or grant_type' });
  }
  const clientId = requireClient(context, request, givenClient);
  if (grantType === deviceCodeGrant) return poll(context, request, form, clientId);
  if (grantType === 'refresh_token') return refresh(context, request, form, clientId);
  throw new ProxyError(400, 'unsupported_grant_type', {
    description: `The only grant types are ${deviceCodeGrant} and refresh_token`,
  });
}

/** `POST /device/token`. */
export const tokenRoutes: readonly Route[] = [
  { path: '/device/token', kind: 'json', versionGate: true, methods: { POST: token } },
];
