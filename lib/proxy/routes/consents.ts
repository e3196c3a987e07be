import type { ProxyContext } from '../context.js';
import { jsonResponse } from '../http/answers.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { hashed } from '../ids.js';
import { isLive } from '../records/consents.js';
import type { Consent } from '../records/types.js';
import { openUsagePoints, places } from '../sealed.js';
import type { Authorization } from '../tokens/authorize.js';
import { requireAuthorization } from '../tokens/bearer.js';

function moment(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function described(usagePoint: string, consent: Consent | undefined, now: number): Readonly<Record<string, unknown>> {
  return {
    usage_point_id: usagePoint,
    active: isLive(consent, now),
    granted_at: moment(consent?.grantedAt),
    expires_at: moment(consent?.expiresAt),
  };
}

async function describeFamily(context: ProxyContext, { family, familyId }: Authorization): Promise<unknown> {
  const { records, secrets, now } = context;
  if (!family || familyId === undefined) return { consents: [], refresh_until: null };
  const usagePoints = await openUsagePoints(secrets, family.usagePoints, places.familyUsagePoints(familyId));
  const kept = await Promise.all(family.consents.map((id) => records.consents.get(id)));
  const of = (usagePoint: string): Consent | undefined => {
    const hash = hashed(secrets, 'usage_point', usagePoint);
    return kept.find((consent) => consent?.usagePointHash === hash);
  };
  return {
    consents: usagePoints.map((usagePoint) => described(usagePoint, of(usagePoint), now())),
    refresh_until: moment(family.expiresAt),
  };
}

/**
 * Tells the holder of an access token what it is for, and until when: moments in ISO 8601, `null` where they are not
 * known (spec/device-flow 1.12). A token of an earlier server is told nothing before its first refresh.
 */
async function consents(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  return jsonResponse(200, await describeFamily(context, await requireAuthorization(context, request)));
}

/** `GET /consents`. */
export const consentsRoutes: readonly Route[] = [
  { path: '/consents', kind: 'json', sideEffectFree: true, methods: { GET: consents } },
];
