import type { ProxyContext } from '../context.js';
import { jsonResponse } from '../http/answers.js';
import { readQuery } from '../http/query.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { hashed } from '../ids.js';
import { requesterOf } from '../limits/requester.js';
import { requireAllowance } from '../limits/require.js';
import { dataDayRules, dataRules } from '../limits/rules.js';
import type { Authorization } from '../tokens/authorize.js';
import { requireAuthorization, requireCover } from '../tokens/bearer.js';
import { noteNoConsent } from '../tokens/no-consent.js';
import type { DataAnswer } from '../upstream/upstream.js';
import { dataPrefix, readDataPath, readDataRequest, readUsagePoint } from './data-request.js';

/** How the proxy names itself in `Via` (RFC 9110 7.6.3): a pseudonym, never what the request calls it (D21). */
const via = '1.1 device-flow-proxy';

/** With authentication off (test set-ups) anybody may ask for every usage point; limits then count by address. */
async function authorization(context: ProxyContext, request: ProxyRequest): Promise<Authorization | undefined> {
  return context.settings.compatibility.dataAuthentication ? requireAuthorization(context, request) : undefined;
}

/** The books must not keep the answer from the client: the next one that lacks a consent is counted again. */
async function note(context: ProxyContext, holder: Authorization, usagePoint: string): Promise<void> {
  try {
    await noteNoConsent(context, holder, usagePoint);
  } catch {
    context.events({ name: 'failed', at: context.now(), reason: 'storage_failed' });
  }
}

function relayed({ status, body, source, retryAfter }: DataAnswer): ProxyResponse {
  const headers = {
    via,
    'x-enedis-proxy-source': source,
    ...(retryAfter !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
  };
  return { ...jsonResponse(status, null, headers), body };
}

/**
 * Reads data of Enedis for whoever holds a token for the usage point (spec/device-flow 1.8). What is wrong with a request
 * is found before anything is asked upstream.
 */
async function data(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const { settings, secrets, upstream, now } = context;
  const path = readDataPath(request.path, settings.dataPaths);
  const query = readQuery(request, { strict: true });
  const usagePoint = readUsagePoint(query);
  const holder = await authorization(context, request);
  const asked = readDataRequest(path, usagePoint, query, now());
  if (holder) requireCover(holder, hashed(secrets, 'usage_point', usagePoint));
  const rules = [...dataRules(settings.limits), ...dataDayRules(settings.limits)];
  await requireAllowance(context, rules, holder?.subject ?? requesterOf(context, request), holder?.family?.clientId);
  const answer = await upstream.data(asked);
  if (answer.consentMissing && holder) await note(context, holder, usagePoint);
  return relayed(answer);
}

/** `GET` of everything below the prefix of the data. */
export const dataProxyRoutes: readonly Route[] = [
  { path: `${dataPrefix}*`, kind: 'json', versionGate: true, methods: { GET: data } },
];
