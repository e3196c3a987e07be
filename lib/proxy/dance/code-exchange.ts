import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import type { DeviceGrant } from '../records/types.js';
import { places } from '../sealed.js';
import type { UpstreamTokenAnswer } from '../upstream/upstream.js';
import { presentableCode } from '../pages/error.js';
import { usagePointsOf } from './callback.js';
import { settle } from './consent.js';
import type { Outcome } from './outcome.js';
import { failForGood, failOpen, type Visit } from './visit.js';

/** A code of the authorization-code mode, and what goes along to the device. */
export interface ReturnedCode {
  readonly code: string;
  /** The callback's `usage_point_id`, checked. */
  readonly usagePointId?: string;
}

/**
 * What the token endpoint is sent; the application's own id, secret and redirect address are added where it is sent
 * (RFC 6749 4.1.3, RFC 7636 4.5; spec/device-flow 1.5, check 80).
 */
async function exchangeForm(
  { settings, secrets }: Pick<ProxyContext, 'settings' | 'secrets'>,
  grantId: string,
  { clientSecretSealed, pkceVerifierSealed }: DeviceGrant,
  code: string,
): Promise<Record<string, string>> {
  const form: Record<string, string> = { grant_type: 'authorization_code', code };
  if (settings.clientSecret === undefined && clientSecretSealed !== undefined) {
    form['client_secret'] = await secrets.open(clientSecretSealed, places.grantClientSecret(grantId));
  }
  if (settings.pkce && pkceVerifierSealed !== undefined) {
    form['code_verifier'] = await secrets.open(pkceVerifierSealed, places.grantVerifier(grantId));
  }
  return form;
}

/**
 * What the device will receive: the upstream answer, with the one parameter of the callback that is passed on; it never
 * takes the place of a member of the answer (spec/device-flow D9). `undefined` where there is no access token.
 */
function relayedTokens(
  { status, body }: UpstreamTokenAnswer,
  usagePointId: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const token = body?.['access_token'];
  if (status !== 200 || typeof token !== 'string' || token === '') return undefined;
  return { ...(usagePointId !== undefined && { usage_point_id: usagePointId }), ...body };
}

function refusalOf({ status, body }: UpstreamTokenAnswer): string {
  const error = body?.['error'];
  const code = typeof error === 'string' ? presentableCode(error) : undefined;
  return `exchange_${code ?? `status_${String(status)}`}`;
}

/** Exchanges the code of a callback for tokens and keeps them for the device (spec/device-flow 1.5, FLOW=DEVICE). */
export async function completeCode(
  context: ProxyContext,
  visit: Visit,
  grant: DeviceGrant,
  { code, usagePointId }: ReturnedCode,
): Promise<Outcome> {
  const { secrets, upstream } = context;
  const { grantId } = visit;
  let answer: UpstreamTokenAnswer;
  try {
    answer = await upstream.token(await exchangeForm(context, grantId, grant, code));
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    const reason = `exchange_${error.error}`;
    return failOpen(context, visit, 503, 'upstream_unavailable', { reason, retryAfter: 10 });
  }
  const tokens = relayedTokens(answer, usagePointId);
  if (!tokens) return failForGood(context, visit, 502, 'exchange_failed', { reason: refusalOf(answer) });
  const tokensSealed = await secrets.seal(JSON.stringify(tokens), places.grantTokens(grantId));
  const usagePoints = (usagePointId === undefined ? undefined : usagePointsOf(usagePointId)) ?? [];
  return settle(context, visit, { consents: [], tokensSealed }, usagePoints);
}
