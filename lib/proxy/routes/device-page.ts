import type { ProxyContext } from '../context.js';
import { claimUserCode, sandboxDigit } from '../dance/claim.js';
import { lookUpUserCode, type CodeLookup } from '../dance/user-code.js';
import { htmlResponse, redirectResponse } from '../http/answers.js';
import { browserCookie, csrfMatches, csrfToken, newBrowser, readBrowser } from '../http/cookies.js';
import { ProxyError } from '../http/error.js';
import { readForm } from '../http/form.js';
import { readQuery } from '../http/query.js';
import type { Route } from '../http/routes.js';
import type { ProxyRequest, ProxyResponse } from '../http/types.js';
import { requesterOf } from '../limits/requester.js';
import { devicePage, type DevicePage, type DeviceRequest } from '../pages/device.js';
import { pageView } from '../pages/view.js';

/** Longest text that the field is filled with. */
const longestCode = 40;

const minute = 60_000;

interface Shown {
  readonly status: number;
  /** As it was typed, or stood in the link. */
  readonly code: string;
  readonly suffix?: string | undefined;
  readonly problem?: DevicePage['problem'];
  readonly request?: DeviceRequest | undefined;
}

function show(context: ProxyContext, request: ProxyRequest, shown: Shown): ProxyResponse {
  const { settings } = context;
  const known = readBrowser(settings, request);
  const browser = known ?? newBrowser();
  const digit = sandboxDigit(context, shown.suffix);
  const page = devicePage(pageView(settings, request), {
    code: shown.code.slice(0, longestCode),
    csrf: csrfToken(context, browser),
    ...(shown.request && { request: shown.request }),
    ...(shown.problem !== undefined && { problem: shown.problem }),
    ...(digit !== '' && { sandboxDigit: digit }),
  });
  return htmlResponse(
    shown.status,
    page,
    known === undefined ? { 'set-cookie': browserCookie(settings, browser) } : {},
  );
}

function spelled(text: string): string {
  const letters = text.replace(/[^A-Za-z]/g, '').toUpperCase();
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Who asks with the code, as the page shows it. */
function requestOf({ settings, now }: ProxyContext, code: string, lookup: CodeLookup): DeviceRequest | undefined {
  if (lookup.kind !== 'found') return undefined;
  const { clientId, createdAt, expiresAt } = lookup.grant;
  const { publicClients } = settings;
  return {
    code: spelled(code),
    application: (Object.hasOwn(publicClients, clientId) ? publicClients[clientId] : undefined) ?? clientId,
    minutesAgo: Math.max(0, Math.floor((now() - createdAt) / minute)),
    minutesLeft: Math.max(0, Math.floor((expiresAt - now()) / minute)),
  };
}

/** @throws ProxyError 429 */
function tooMany(wait: number): ProxyError {
  return new ProxyError(429, 'slow_down', { description: 'Too many wrong codes', retryAfter: wait / 1000 });
}

/** GET /device: the form, filled with the code of the link if there is one (spec/device-flow 1.3). */
async function showForm(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const query = readQuery(request);
  const code = query.get('code') ?? query.get('user_code') ?? '';
  const lookup = code === '' ? undefined : await lookUpUserCode(context, code, requesterOf(context, request));
  return show(context, request, {
    status: 200,
    code,
    suffix: query.get('state'),
    request: lookup && requestOf(context, code, lookup),
  });
}

async function claimAndLeave(
  context: ProxyContext,
  request: ProxyRequest,
  status: 302 | 303,
  entered: { readonly browser: string; readonly code: string; readonly suffix: string | undefined },
): Promise<ProxyResponse> {
  const { browser, code, suffix } = entered;
  const requester = requesterOf(context, request);
  const outcome = await claimUserCode(context, { text: code, browser, requester, stateSuffix: suffix });
  if (outcome.kind === 'limited') throw tooMany(outcome.wait);
  if (outcome.kind === 'unknown') return show(context, request, { status: 400, code, suffix, problem: 'unknown' });
  return redirectResponse(status, outcome.url, { 'set-cookie': browserCookie(context.settings, browser) });
}

/** Whether a browser says that the request comes from another site; not every browser says anything. */
function comesFromElsewhere(request: ProxyRequest): boolean {
  return ['cross-site', 'same-site'].includes(request.headers.get('sec-fetch-site') ?? '');
}

/** POST /device: claims the code and sends the browser to the consent page (spec/device-flow 1.4). */
async function enterCode(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const form = await readForm(request);
  const code = form.get('code') ?? '';
  const suffix = form.get('state');
  const browser = readBrowser(context.settings, request);
  const trusted =
    browser !== undefined && !comesFromElsewhere(request) && csrfMatches(context, browser, form.get('csrf'));
  if (!trusted) return show(context, request, { status: 403, code, suffix, problem: 'stale' });
  if (code === '') return show(context, request, { status: 400, code, suffix, problem: 'missing' });
  return claimAndLeave(context, request, 303, { browser, code, suffix });
}

/**
 * GET /auth/verify_code, the address of the PHP server: shows the form to be confirmed, or, where the operator wants
 * it, claims the code at once (spec/device-flow 1.4, checks 36 to 39).
 */
async function verifyCode(context: ProxyContext, request: ProxyRequest): Promise<ProxyResponse> {
  const query = readQuery(request);
  const code = query.get('code') ?? '';
  const suffix = query.get('state');
  if (code === '') return show(context, request, { status: 400, code, suffix, problem: 'missing' });
  if (context.settings.compatibility.legacyGetVerify) {
    const browser = readBrowser(context.settings, request) ?? newBrowser();
    return claimAndLeave(context, request, 302, { browser, code, suffix });
  }
  const lookup = await lookUpUserCode(context, code, requesterOf(context, request));
  if (lookup.kind === 'limited') throw tooMany(lookup.wait);
  if (lookup.kind === 'unknown') return show(context, request, { status: 400, code, suffix, problem: 'unknown' });
  return show(context, request, { status: 200, code, suffix, request: requestOf(context, code, lookup) });
}

/** The page on which people enter their code, and its old address. */
export const devicePageRoutes: Route[] = [
  { path: '/device', kind: 'page', methods: { GET: showForm, POST: enterCode } },
  { path: '/auth/verify_code', kind: 'page', methods: { GET: verifyCode } },
];
