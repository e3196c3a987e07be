import type { IncomingMessage } from 'node:http';
import { page, reply } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import type { TokenRole } from '../shared/tokens.js';
import type { DigestGuard } from './digest.js';
import { usesTokens } from './identity.js';
import type { Identity } from './identity.js';
import { refusedPath } from './routes.js';
import type { BearerGuard } from './sessions.js';
import type { GatewaySwitches } from './switches.js';
import { since } from './version.js';

/** What decides who may read what. */
export interface Gate {
  readonly identity: Readonly<Identity>;
  readonly switches: Readonly<GatewaySwitches>;
  readonly digest: DigestGuard;
  readonly bearer: BearerGuard;
}

/** Whether a request may go on, and what its answer has to carry; or the answer that sends it away. */
export type Permission =
  { readonly granted: true; readonly headers: Reply['headers'] } | { readonly granted: false; readonly answer: Reply };

function unauthorized(): Reply {
  return page(401, '401 Authorization Required');
}

function challenged({ digest }: Gate, stale: boolean): Reply {
  const html = '<html><body><h2>401 Unauthorized</h2></body></html>\n';
  return reply(401, html, 'text/html', { 'WWW-Authenticate': digest.challenge(stale) });
}

function insufficient({ switches }: Gate): Reply {
  return switches.roleStatus === 401 ? unauthorized() : page(403, '403 Forbidden');
}

function roleFits({ switches }: Gate, { method = 'GET' }: IncomingMessage, path: string, role: TokenRole): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  const kept = switches.installerPaths.includes(path) || (!reads && switches.installerWrites.includes(path));
  return role === 'installer' || !kept;
}

/** The answer to `/auth/check_jwt` (spec/envoy 2.3.1, step C). */
export async function checkToken({ bearer }: Gate, { headers }: IncomingMessage): Promise<Reply> {
  const found = await bearer.check(headers);
  if (!found) return unauthorized();
  const cookie = { 'Set-Cookie': bearer.open(found.claims) };
  return reply(200, '<!DOCTYPE html><h2>Valid token.</h2>\n', 'text/html', cookie);
}

async function byToken(gate: Gate, request: IncomingMessage, path: string): Promise<Permission> {
  const found = await gate.bearer.check(request.headers);
  if (!found) return { granted: false, answer: unauthorized() };
  if (!roleFits(gate, request, path, found.claims.user)) return { granted: false, answer: insufficient(gate) };
  const fresh = found.by === 'token' && since(gate.identity.firmware, '8.3.0');
  return { granted: true, headers: fresh ? { 'Set-Cookie': gate.bearer.open(found.claims) } : {} };
}

function byDigest(gate: Gate, request: IncomingMessage, path: string): Permission {
  const { method = 'GET', url = '/', headers } = request;
  const verdict = gate.digest.check(method, url, headers.authorization);
  if (!verdict.ok) return { granted: false, answer: challenged(gate, verdict.stale) };
  const role = verdict.user === 'installer' ? 'installer' : 'owner';
  const fits = roleFits(gate, request, path, role) && !refusedPath(gate.identity.firmware, path);
  return fits ? { granted: true, headers: {} } : { granted: false, answer: challenged(gate, false) };
}

/** Whether the request may read the path, by the rule of the firmware. */
export async function authorize(gate: Gate, request: IncomingMessage, path: string): Promise<Permission> {
  if (gate.switches.openPaths.includes(path)) return { granted: true, headers: {} };
  return usesTokens(gate.identity) ? byToken(gate, request, path) : byDigest(gate, request, path);
}
