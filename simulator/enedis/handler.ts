import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendFaulty } from '../shared/faults.js';
import { bodyOf, page, send } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import { currentDocuments, legacyDocuments } from './data/contracts.js';
import { currentMetering, currentResources } from './data/current.js';
import { currentDocument, legacyDocument } from './data/documents.js';
import { legacyMetering, legacyResources } from './data/legacy.js';
import { throughGateway, unknownPath } from './gateway/gateway.js';
import { subscribedServices } from './gateway/services.js';
import { applicationToken, revokeToken, userToken } from './gateway/token-endpoint.js';
import type { EnedisParts } from './parts.js';
import type { EnedisRequest } from './requests.js';
import { errorPage } from './portal/pages.js';
import { portal } from './portal/portal.js';

const tokenEndpoints: ReadonlyMap<string, (parts: EnedisParts, request: EnedisRequest) => Reply> = new Map([
  ['/oauth2/v3/token', applicationToken],
  ['/oauth2/v3/revoke', revokeToken],
  ['/v1/oauth2/token', userToken],
]);

/** Answers the interfaces of v5. */
function legacy(parts: EnedisParts, request: EnedisRequest): Reply | undefined {
  const resource = legacyResources.get(request.path);
  const document = legacyDocuments.get(request.path);
  if (parts.switches.legacyOff || request.method !== 'GET' || !(resource ?? document)) return undefined;
  return throughGateway(parts, request, 'v5', (token) => {
    if (resource) return legacyMetering(parts, request, token, resource);
    return document ? legacyDocument(parts, request, token, document) : unknownPath();
  });
}

/** Answers the interfaces of 2026. */
function current(parts: EnedisParts, request: EnedisRequest): Reply | undefined {
  const { method, path } = request;
  if (parts.switches.currentOff) return undefined;
  if (method === 'POST' && /^\/subscribed_services\/v1\/?$/.test(path)) {
    return throughGateway(parts, request, 'current', (token) => subscribedServices(parts, request, token));
  }
  if (method !== 'GET') return undefined;
  const resource = currentResources.get(path);
  if (resource) {
    return throughGateway(parts, request, 'current', (token) => currentMetering(parts, request, token, resource));
  }
  const document = currentDocuments.get(path.split('/')[1] ?? '');
  return (
    document && throughGateway(parts, request, 'current', (token) => currentDocument(parts, request, token, document))
  );
}

function answer(parts: EnedisParts, request: EnedisRequest): Reply {
  const { method, path } = request;
  const override = parts.switches.override?.(request);
  if (override) return override;
  const generation = /^\/dataconnect\/(v1|v2)\/oauth2\/authorize$/.exec(path)?.[1];
  if (generation === 'v1' || generation === 'v2') return portal(parts, request, generation);
  if (path.startsWith('/dataconnect/')) return errorPage({ status: 404, code: 'not_found' });
  const endpoint = method === 'POST' ? tokenEndpoints.get(path) : undefined;
  return endpoint?.(parts, request) ?? legacy(parts, request) ?? current(parts, request) ?? unknownPath();
}

async function handle(parts: EnedisParts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = incoming;
  const { pathname: path, search, searchParams: parameters } = new URL(incoming.url ?? '/', 'http://enedis');
  parts.log.record(incoming, response, path, search);
  const body = await bodyOf(incoming);
  const request = { method, path, parameters, headers, body };
  parts.requests.add({ at: Date.now(), ...request, query: search, status: 0 }, response);
  const fault = parts.faults.take(path, method);
  if (fault) await sendFaulty(response, fault, () => Promise.resolve(answer(parts, request)), parts.closed);
  else send(response, answer(parts, request));
}

/** What answers the requests of a simulated Enedis. */
export function createEnedisHandler(parts: EnedisParts): RequestListener {
  return (incoming, response) => {
    handle(parts, incoming, response).catch((error: unknown) => {
      if (parts.closed.aborted || incoming.destroyed) response.destroy();
      else send(response, page(500, `Simulator: ${String(error)}`));
    });
  };
}
