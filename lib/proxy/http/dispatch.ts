import type { ProxyContext } from '../context.js';
import { emptyResponse, pageHeaders, transportHeaders } from './answers.js';
import { corsHeaders, preflight } from './cors.js';
import { ProxyError } from './error.js';
import { failureResponse } from './failures.js';
import type { RequestObserver } from './observer.js';
import { createRouteTable } from './route-table.js';
import type { Route } from './routes.js';
import type { ProxyRequest, ProxyResponse } from './types.js';
import { createVersionGate } from './version-gate.js';

/** Answers a request; never rejects. */
export type Dispatcher = (request: ProxyRequest) => Promise<ProxyResponse>;

/** Below these, also an unknown path is answered in JSON (spec/device-flow C7). */
const apiPrefixes = ['/device/', '/data', '/consents', '/health', '/.well-known'];

const watchedMethods = new Set(['GET', 'POST', 'HEAD', 'OPTIONS']);

function unknownRoute(path: string): Route {
  const kind = apiPrefixes.some((prefix) => path.startsWith(prefix)) ? 'json' : 'page';
  return { path: 'unknown', kind, methods: {} };
}

/** The methods that a route answers; JSON that is not free of side effects has no HEAD. */
function allowedMethods({ methods, kind, sideEffectFree }: Route): string[] {
  const head = methods.GET && (kind === 'page' || sideEffectFree) ? ['HEAD'] : [];
  return [...Object.keys(methods), ...head];
}

function wrongMethod(route: Route): ProxyError {
  const allow = allowedMethods(route).join(', ');
  return new ProxyError(405, 'invalid_request', { description: `Use ${allow}`, headers: { allow } });
}

function withoutBody({ status, headers, body }: ProxyResponse): ProxyResponse {
  return { status, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body: '' };
}

/** Carries out what a route offers for the method of a request. @throws ProxyError 404, 405, and what the handler throws */
async function answer(context: ProxyContext, request: ProxyRequest, route: Route): Promise<ProxyResponse> {
  if (route.path === 'unknown') throw new ProxyError(404, 'invalid_request', { description: 'There is nothing here' });
  const { method } = request;
  const { GET: get, POST: post } = route.methods;
  if (method === 'POST' && post) return post(context, request);
  if (method === 'GET' && get) return get(context, request);
  if (method === 'HEAD' && get) {
    if (route.sideEffectFree) return withoutBody(await get(context, request));
    if (route.kind === 'page') return emptyResponse(200, { 'content-type': 'text/html; charset=utf-8' });
  }
  const preflown = route.kind === 'json' && preflight(context.settings, request, allowedMethods(route));
  if (preflown) return preflown;
  throw wrongMethod(route);
}

/** Adds the headers that every answer has, whoever made it. */
function createFinisher({ settings }: ProxyContext): (request: ProxyRequest, answer: ProxyResponse) => ProxyResponse {
  const always = transportHeaders(settings);
  const guards = pageHeaders(settings);
  const shared = settings.allowedOrigins.length > 0;
  return (request, { status, headers, body }) => {
    const type = headers['content-type'];
    const isPage = typeof type === 'string' && type.startsWith('text/html');
    const guarded = isPage && headers['content-security-policy'] === undefined;
    const cors = shared && !isPage ? corsHeaders(settings, request) : undefined;
    return { status, headers: { ...always, ...(guarded && guards), ...cors, ...headers }, body };
  };
}

/** Makes what answers every request: finds its route, applies the version gate, and turns what is thrown into an answer. */
export function createDispatcher(
  context: ProxyContext,
  routes: readonly Route[],
  observer?: RequestObserver,
): Dispatcher {
  const table = createRouteTable(routes);
  const gate = createVersionGate(context.settings.minimumVersions);
  const finish = createFinisher(context);

  async function respond(request: ProxyRequest, route: Route): Promise<ProxyResponse> {
    try {
      if (gate && route.versionGate && Object.hasOwn(route.methods, request.method)) gate(request);
      return finish(request, await answer(context, request, route));
    } catch (error) {
      const place = { route: route.path, kind: route.kind };
      return finish(request, failureResponse(context, request, error, place, observer));
    }
  }

  return async (request) => {
    const route = table.find(request.path) ?? unknownRoute(request.path);
    if (!observer?.onRequest) return respond(request, route);
    const started = performance.now();
    const response = await respond(request, route);
    observer.onRequest({
      route: route.path,
      method: watchedMethods.has(request.method) ? request.method : 'other',
      status: response.status,
      seconds: (performance.now() - started) / 1000,
    });
    return response;
  };
}
