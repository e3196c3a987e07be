import type { ProxyContext } from '../../../../lib/proxy/context.js';
import type { ProxyEvent } from '../../../../lib/proxy/events.js';
import { jsonResponse, htmlResponse } from '../../../../lib/proxy/http/answers.js';
import { createDispatcher, type Dispatcher } from '../../../../lib/proxy/http/dispatch.js';
import { readForm } from '../../../../lib/proxy/http/form.js';
import type { RequestObserver } from '../../../../lib/proxy/http/observer.js';
import type { Route, RouteHandler } from '../../../../lib/proxy/http/routes.js';
import { proxySettings, type ChosenSettings } from '../../../support/proxy-settings.js';

/** What ran behind the dispatcher, and what it was told. */
export interface Served {
  readonly handle: Dispatcher;
  /** One entry for each handler that ran to its end. */
  readonly ran: string[];
  readonly events: ProxyEvent[];
}

/** A dispatcher over routes that show how it treats requests: they note that they ran, and need no records. */
export function served({
  settings,
  observer,
  failing,
}: { settings?: ChosenSettings; observer?: RequestObserver; failing?: RouteHandler } = {}): Served {
  const ran: string[] = [];
  const events: ProxyEvent[] = [];
  const context = {
    settings: proxySettings(settings),
    events: (event) => events.push(event),
    now: () => 1_000,
  } as Pick<ProxyContext, 'settings' | 'events' | 'now'> as ProxyContext;
  const note = (name: string, handler: RouteHandler): RouteHandler => {
    return async (given, request) => {
      const response = await handler(given, request);
      ran.push(name);
      return response;
    };
  };
  const page = note('page', () => Promise.resolve(htmlResponse(200, '<h1>page</h1>')));
  const echo = note('echo', async (_context, request) => {
    const form = await readForm(request);
    return jsonResponse(200, Object.fromEntries(form.names.map((name) => [name, form.get(name)])));
  });
  const data = note('data', (_context, { path, query }) => Promise.resolve(jsonResponse(200, { path, query })));
  const fails = failing ?? (() => Promise.reject(new Error('secret-of-the-machine')));
  const routes: Route[] = [
    { path: '/', kind: 'page', methods: { GET: page } },
    { path: '/free', kind: 'page', sideEffectFree: true, methods: { GET: page } },
    { path: '/device', kind: 'page', methods: { GET: page, POST: page } },
    { path: '/device/code', kind: 'json', versionGate: true, methods: { POST: echo } },
    { path: '/data/proxy/*', kind: 'json', versionGate: true, methods: { GET: data } },
    { path: '/fails', kind: 'json', methods: { GET: fails } },
    { path: '/fails/page', kind: 'page', methods: { GET: fails } },
  ];
  return { handle: createDispatcher(context, routes, observer), ran, events };
}
