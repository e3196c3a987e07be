import type { ProxyContext } from '../context.js';
import { consentId, hashed } from '../ids.js';
import { newFamily } from '../records/families.js';
import type { RefreshToken } from '../records/types.js';
import { keepUsagePoints, places } from '../sealed.js';

/** A refresh token of an earlier server, as found in its store. */
interface EarlierToken {
  readonly usagePoints: readonly string[];
  readonly expiresAt: number;
}

/** Earlier tokens say nothing of the consent but its usage points: each token gets consents of its own. */
async function makeConsents(context: ProxyContext, token: string, usagePoints: readonly string[]): Promise<string[]> {
  const { records, secrets, now } = context;
  return Promise.all(
    usagePoints.map(async (usagePoint) => {
      const id = consentId(secrets, `adopted:${token}`, usagePoint);
      await records.consents.create(id, {
        usagePointHash: hashed(secrets, 'usage_point', usagePoint),
        services: [],
        source: 'adopted',
        grantedAt: now(),
        live: true,
        denials: [],
      });
      return id;
    }),
  );
}

async function makeFamily(
  context: ProxyContext,
  token: string,
  clientId: string,
  { usagePoints, expiresAt }: EarlierToken,
): Promise<RefreshToken> {
  const { records, secrets, settings, now } = context;
  const family = hashed(secrets, 'adopted', token);
  const refreshId = hashed(secrets, 'refresh_token', token);
  const value = newFamily(
    {
      clientId,
      usagePoints: await keepUsagePoints(secrets, usagePoints, places.familyUsagePoints(family)),
      consents: await makeConsents(context, token, usagePoints),
      currentHash: refreshId,
      lifetime: settings.refreshLifetime,
      consentEndsAt: expiresAt,
    },
    now(),
  );
  await records.tokenFamilies.create(family, value);
  // As long as the earlier server would have taken it: else the used token could be adopted again in the end.
  const pointer: RefreshToken = { family, expiresAt };
  await records.refreshTokens.create(refreshId, pointer);
  return pointer;
}

/**
 * Makes a refresh token of an earlier server one of ours (spec/device-flow 2.1): a family, its consents and the way
 * there. Every id follows from the token, so that two who do it at once do the same. `undefined` where the token is
 * unknown there too. Once the tokens were exchanged, `forgetEarlier` completes the move.
 */
export async function adoptRefreshToken(
  context: ProxyContext,
  token: string,
  clientId: string,
): Promise<RefreshToken | undefined> {
  const { earlier, now, records, secrets } = context;
  if (!earlier) return undefined;
  const found = await earlier.find('refresh_token', token);
  if (found && found.usagePoints.length > 0 && found.expiresAt > now())
    return makeFamily(context, token, clientId, found);
  // Somebody else may have moved it since we looked.
  return records.refreshTokens.get(hashed(secrets, 'refresh_token', token));
}

/** Whether a family began with this very token of an earlier server. */
export function isAdopted({ secrets }: Pick<ProxyContext, 'secrets'>, token: string, family: string): boolean {
  return family === hashed(secrets, 'adopted', token);
}

/**
 * Removes a token that was moved from where the earlier server kept it. Where that fails it stays there and does no harm:
 * our own record of it comes first.
 */
export async function forgetEarlier(context: ProxyContext, token: string, family: string): Promise<void> {
  const { earlier } = context;
  if (!earlier || !isAdopted(context, token, family)) return;
  await earlier.forget('refresh_token', token).catch(() => undefined);
}
