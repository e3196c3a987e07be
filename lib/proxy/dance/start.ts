import { newDeviceCode, newPkceVerifier, newUserCode, normalizeUserCode } from '../codes.js';
import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import { hashed, shortened } from '../ids.js';
import { newGrant } from '../records/grants.js';
import { places } from '../sealed.js';

/** How often a user code that is in use already is drawn again (spec/device-flow 2.5 (1)). */
const draws = 5;

/** A device that asks for a code. */
export interface StartRequest {
  readonly clientId: string;
  readonly scope?: string;
  /** Authorization-code mode, where the server has no secret of its own. */
  readonly clientSecret?: string;
  /** Hash of the address that asks. */
  readonly requesterHash: string;
}

/** The codes of a dance that begins. */
export interface StartedDance {
  readonly deviceCode: string;
  readonly userCode: string;
  /** Seconds. */
  readonly interval: number;
}

/** Seconds between two polls (spec/device-flow 1.2). */
function pollInterval(requestsPerMinute: number): number {
  return Math.max(1, Math.round(60 / requestsPerMinute));
}

async function sealedParts(context: ProxyContext, grant: string, { clientSecret }: StartRequest) {
  const { settings, secrets } = context;
  if (settings.mode !== 'authorization_code') return {};
  const ownSecret = settings.clientSecret === undefined ? clientSecret : undefined;
  return {
    ...(settings.pkce && { pkceVerifierSealed: await secrets.seal(newPkceVerifier(), places.grantVerifier(grant)) }),
    ...(ownSecret !== undefined && {
      clientSecretSealed: await secrets.seal(ownSecret, places.grantClientSecret(grant)),
    }),
  };
}

/** Draws a user code that nobody has, and makes it lead to the grant. @throws ProxyError 503 after five in use */
async function reserveUserCode({ records, secrets, settings, now }: ProxyContext, grant: string) {
  for (let draw = 0; draw < draws; draw++) {
    const userCode = newUserCode();
    const userCodeHash = hashed(secrets, 'user_code', normalizeUserCode(userCode) ?? '');
    const expiresAt = now() + settings.codeLifetime * 1000;
    if (await records.userCodes.create(userCodeHash, { grant, expiresAt })) return { userCode, userCodeHash };
  }
  throw new ProxyError(503, 'temporarily_unavailable', { description: 'No free user code', retryAfter: 5 });
}

/**
 * Begins a dance: a device code and a user code (RFC 8628 3.2). The user code leads to the grant before that exists,
 * which is harmless; the other way round a code could be handed out that another device has.
 * @throws ProxyError 503
 */
export async function startDance(context: ProxyContext, request: StartRequest): Promise<StartedDance> {
  const { records, secrets, settings, events, now } = context;
  const { clientId, scope, requesterHash } = request;
  const deviceCode = newDeviceCode();
  const id = hashed(secrets, 'device_code', deviceCode);
  const interval = pollInterval(settings.limits.requestsPerMinute);
  const { userCode, userCodeHash } = await reserveUserCode(context, id);
  const given = { clientId, userCodeHash, interval, lifetime: settings.codeLifetime, requesterHash };
  const parts = { ...(scope !== undefined && { scope }), ...(await sealedParts(context, id, request)) };
  await records.deviceGrants.create(id, newGrant({ ...given, ...parts }, now()));
  events({ name: 'issued', at: now(), clientId, dance: shortened(id) });
  return { deviceCode, userCode, interval };
}
