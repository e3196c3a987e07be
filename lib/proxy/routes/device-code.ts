import type { ProxyContext } from '../context.js';
import { startDance, type StartedDance } from '../dance/start.js';
import { jsonResponse } from '../http/answers.js';
import { ProxyError } from '../http/error.js';
import { readForm, type Form } from '../http/form.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { requesterOf } from '../limits/requester.js';
import { requireAllowance } from '../limits/require.js';
import { everybody, newCodeRules, newCodeRulesGlobal } from '../limits/rules.js';
import type { ProxySettings } from '../settings/settings.js';
import { requireClient, requireParameter } from '../tokens/client.js';

/** Longest scope and secret that are kept, characters. */
const longestText = 512;

function readText(form: Form, name: string, refusal: 'invalid_scope' | 'invalid_request'): string | undefined {
  const text = form.get(name);
  if (text === undefined || (text.length <= longestText && /^[\x20-\x7e]+$/.test(text))) return text;
  throw new ProxyError(400, refusal, { description: `Invalid ${name}` });
}

/** The answer of RFC 8628 3.2 (spec/device-flow 1.2). Numbers are integers. */
function answer({ publicUrl, codeLifetime }: ProxySettings, dance: StartedDance): Readonly<Record<string, unknown>> {
  const page = `${publicUrl}/device`;
  return {
    device_code: dance.deviceCode,
    user_code: dance.userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?code=${dance.userCode}`,
    expires_in: codeLifetime,
    interval: dance.interval,
  };
}

async function deviceCode(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const { settings } = context;
  const form = await readForm(request);
  const clientId = requireClient(context, request, requireParameter(form, 'client_id'));
  const scope = readText(form, 'scope', 'invalid_scope');
  const clientSecret = readText(form, 'client_secret', 'invalid_request');
  const requesterHash = requesterOf(context, request);
  await requireAllowance(context, newCodeRules(settings.limits), requesterHash, clientId);
  await requireAllowance(context, newCodeRulesGlobal(settings.limits), everybody, clientId);
  const dance = await startDance(context, {
    clientId,
    requesterHash,
    ...(scope !== undefined && { scope }),
    ...(clientSecret !== undefined && { clientSecret }),
  });
  return jsonResponse(200, answer(settings, dance));
}

/** `POST /device/code`. */
export const deviceCodeRoutes: readonly Route[] = [
  { path: '/device/code', kind: 'json', versionGate: true, methods: { POST: deviceCode } },
];
