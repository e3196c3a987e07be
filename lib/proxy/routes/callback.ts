import type { ProxyContext } from '../context.js';
import { completeVisit } from '../dance/complete.js';
import type { Completion } from '../dance/outcome.js';
import { htmlResponse, pageHeaders, redirectResponse } from '../http/answers.js';
import { readBrowser } from '../http/cookies.js';
import { readQuery } from '../http/query.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { requesterOf } from '../limits/requester.js';
import { errorPage } from '../pages/error.js';
import { pageView } from '../pages/view.js';
import { framePage, waitPage } from '../pages/visit.js';
import { callbackPaths } from '../settings/defaults.js';
import type { ProxySettings } from '../settings/settings.js';
import { donePath } from './done.js';

/** Where Enedis shows the callback in a frame (spec/device-flow 1.5). */
const enedisPortal = 'https://mon-compte-particulier.enedis.fr';

/** Seconds after which a consent that has not arrived is worth another look. */
const waitSeconds = 5;

const frameDestinations = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe']);

/**
 * Whether the page is loaded inside a frame of another site, where the cookie is missing. A browser that says what it
 * loads the page for is believed.
 */
function isFramed({ headers }: Pick<ProxyRequest, 'headers'>, hasCookie: boolean): boolean {
  const destination = headers.get('sec-fetch-dest');
  if (destination !== null) return frameDestinations.has(destination);
  return !hasCookie && headers.get('sec-fetch-site') === 'cross-site';
}

function frameAncestors({ mode, endpoints }: ProxySettings): string {
  const origin = new URL(endpoints.authorization).origin;
  return mode === 'client_credentials' && origin !== enedisPortal ? `${enedisPortal} ${origin}` : origin;
}

/** The callback's own address, for a link back to it. */
function ownAddress(settings: ProxySettings, request: ProxyRequest): string {
  return `${settings.publicUrl}${request.path}?${request.query}`;
}

function shown({ settings }: ProxyContext, request: ProxyRequest, completion: Completion): ProxyResponse {
  const view = pageView(settings, request);
  switch (completion.kind) {
    case 'done':
      return redirectResponse(303, `${settings.publicUrl}${donePath}`);
    case 'wait':
      return htmlResponse(503, waitPage(view, ownAddress(settings, request)), { 'retry-after': String(waitSeconds) });
    case 'problem': {
      const { status, retryAfter } = completion;
      const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      return htmlResponse(status, errorPage(view, completion), headers);
    }
  }
}

/** Where the consent page sends people back to (spec/device-flow 1.5). */
async function takeCallback(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const { settings } = context;
  const browser = readBrowser(settings, request);
  if (isFramed(request, browser !== undefined)) {
    const guards = pageHeaders(settings, { frameAncestor: frameAncestors(settings) });
    return htmlResponse(200, framePage(pageView(settings, request), ownAddress(settings, request)), guards);
  }
  const parameters = readQuery(request, { strict: true });
  const completion = await completeVisit(context, {
    browser,
    requester: requesterOf(context, request),
    parameters,
  });
  return shown(context, request, completion);
}

/** The callback under its usual paths and those that the operator registered besides. */
export function callbackRoutes({ redirectAliases }: Pick<ProxySettings, 'redirectAliases'>): Route[] {
  return [...new Set([...callbackPaths, ...redirectAliases])].map((path) => ({
    path,
    kind: 'page',
    methods: { GET: takeCallback },
  }));
}
