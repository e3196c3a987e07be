import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { DigestGuard } from '../gateway/digest.js';
import type { BearerGuard } from '../gateway/sessions.js';
import { sendFaulty } from '../shared/faults.js';
import { bodyOf, page, reply, send } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import type { RequestLog } from '../shared/request-log.js';
import type { Answer, Answers } from './answers.js';

/** What a played gateway answers with. */
export interface ReplayParts {
  readonly answers: Answers;
  readonly digest: DigestGuard;
  readonly bearer: BearerGuard;
  readonly log: RequestLog;
  readonly closed: AbortSignal;
}

function unauthorized({ answers, digest }: ReplayParts, stale = false): Reply {
  if (answers.identity.tokens) return page(401, '401 Authorization Required');
  const html = '<html><body><h2>401 Unauthorized</h2></body></html>\n';
  return reply(401, html, 'text/html', { 'WWW-Authenticate': digest.challenge(stale) });
}

/** The reply that sends a request away; nothing where it may go on. */
async function refusal(
  parts: ReplayParts,
  { method = 'GET', url = '/', headers }: IncomingMessage,
): Promise<Reply | undefined> {
  if (parts.answers.identity.tokens) return (await parts.bearer.check(headers)) ? undefined : unauthorized(parts);
  const verdict = parts.digest.check(method, url, headers.authorization);
  return verdict.ok ? undefined : unauthorized(parts, verdict.stale);
}

async function check({ bearer, ...parts }: ReplayParts, { headers }: IncomingMessage): Promise<Reply> {
  const found = await bearer.check(headers);
  if (!found) return unauthorized({ bearer, ...parts });
  return reply(200, '<!DOCTYPE html><h2>Valid token.</h2>\n', 'text/html', { 'Set-Cookie': bearer.open(found.claims) });
}

async function answer(parts: ReplayParts, request: IncomingMessage, { pathname, search }: URL): Promise<Answer> {
  const { answers } = parts;
  if (pathname === '/auth/check_jwt' && answers.identity.tokens) return check(parts, request);
  if (pathname !== '/info' && pathname !== '/info.xml') {
    const refused = await refusal(parts, request);
    if (refused) return refused;
  }
  if (request.method === 'GET' || request.method === 'HEAD') return answers.to(pathname, search);
  return page(405, '405 Method Not Allowed');
}

async function handle(parts: ReplayParts, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  await bodyOf(request);
  const found = await answer(parts, request, url);
  if (found === 'refused') send(response, unauthorized(parts));
  else if ('kind' in found) {
    await sendFaulty(response, found, () => Promise.resolve(reply(200, '{"cut": "off"}')), parts.closed);
  } else send(response, found);
}

/** What answers the requests of a played gateway; a write is turned down. */
export function createReplayHandler(parts: ReplayParts): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    parts.log.record(request, response, url.pathname, url.search);
    handle(parts, request, response, url).catch((error: unknown) => {
      if (parts.closed.aborted || response.destroyed || request.destroyed) response.destroy();
      else send(response, page(500, `Simulator: ${String(error)}`));
    });
  };
}
