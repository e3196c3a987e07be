import { randomBytes, randomInt } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { resetConnection, sendFaulty } from '../shared/faults.js';
import type { Faults } from '../shared/faults.js';
import { bodyOf, json, page, reply, send } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import type { RequestLog } from '../shared/request-log.js';
import { tokenLifetime } from '../shared/tokens.js';
import type { TokenAuthority } from '../shared/tokens.js';
import { tryLogin } from './accounts.js';
import type { Account, LoginOutcome } from './accounts.js';
import type { CloudSwitches, LoginAttempt } from './switches.js';

/** A login that tokens may be fetched with. */
interface CloudSession {
  readonly account: Account;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** What a cloud answers with. */
export interface CloudParts {
  readonly accounts: Map<string, Account>;
  readonly authority: TokenAuthority;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly switches: CloudSwitches;
  readonly sessions: Map<string, CloudSession>;
  readonly sessionLifetime: number;
  readonly attempts: LoginAttempt[];
  readonly closed: AbortSignal;
}

async function accepted(parts: CloudParts, account: Account): Promise<Reply> {
  const sessionId = randomBytes(16).toString('hex');
  parts.sessions.set(sessionId, { account, expiresAt: Date.now() + parts.sessionLifetime });
  const document = {
    message: 'success',
    session_id: sessionId,
    manager_token: await parts.authority.issue({ serial: 'manager', ttl: 43_200, username: account.email }),
    // Only the accounts of home owners have this key (spec/envoy 2.3.1).
    ...(account.role === 'owner' && { is_consumer: true }),
    system_id: 4_200_001,
    user_id: 4_200_002,
    user_name: account.email,
    first_name: 'Demo',
    redirect_url: '/web/4200001/today/graph/hours',
  };
  return json(200, document, { 'Set-Cookie': `_enlighten_4_session=${sessionId}; Path=/; Secure; HttpOnly` });
}

function answerOf(parts: CloudParts, outcome: LoginOutcome, account: Account | undefined): Promise<Reply> | Reply {
  if (outcome === 'accepted' && account) return accepted(parts, account);
  if (outcome === 'blocked') return json(200, { success: true, isBlocked: true });
  if (outcome === 'mfa') {
    const nonce = `login_otp_nonce=${randomInt(1e9)}; Path=/; HttpOnly`;
    return json(200, { success: true, isBlocked: false }, { 'Set-Cookie': nonce });
  }
  return json(401, { message: 'Invalid Email or Password', status: 'failed' });
}

async function login(parts: CloudParts, request: IncomingMessage, body: string): Promise<Reply> {
  const form = new URLSearchParams(body);
  const email = form.get('user[email]');
  const password = form.get('user[password]');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const note = (outcome: LoginOutcome): void => {
    parts.attempts.push({ email: email ?? '', at: Date.now(), outcome });
  };
  if (!isForm || email === null || password === null) {
    note('refused');
    return json(400, { message: 'Bad Request' });
  }
  if (parts.switches.htmlInsteadOfLogin) {
    note('faulty');
    return page(200, 'Down for maintenance');
  }
  const account = parts.accounts.get(email);
  const outcome = tryLogin(account, password);
  note(outcome);
  return answerOf(parts, outcome, account);
}

/** The fields of a token request that are texts; nothing where the body is no JSON object. */
function fieldsOf(body: string): Map<string, string> | undefined {
  try {
    const document: unknown = JSON.parse(body);
    if (typeof document !== 'object' || document === null) return undefined;
    const entries: [string, unknown][] = Object.entries(document);
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return undefined;
  }
}

async function token(parts: CloudParts, request: IncomingMessage, body: string): Promise<Reply> {
  const { switches, sessions, authority } = parts;
  if (switches.htmlInsteadOfToken) return page(200, 'Entrez');
  if (switches.malformedToken) return reply(200, 'temporarily unavailable', 'text/plain');
  const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
  const fields = isJson ? fieldsOf(body) : undefined;
  if (!fields) return json(400, { message: 'Bad Request' });
  const session = sessions.get(fields.get('session_id') ?? '');
  if (!session || session.expiresAt < Date.now()) return reply(401, 'Invalid session', 'text/plain');
  const { account } = session;
  const serial = fields.get('serial_num') ?? '';
  if (fields.get('username') !== account.email || !account.serials.includes(serial)) {
    return reply(403, 'Forbidden', 'text/plain');
  }
  const issued = await authority.issue({
    serial: switches.tokenForOtherSerial ?? serial,
    user: account.role,
    ttl: account.tokenLifetime ?? tokenLifetime[account.role],
    username: account.email,
  });
  return reply(200, `${issued}\n`, 'text/plain; charset=utf-8');
}

async function answer(parts: CloudParts, request: IncomingMessage, path: string, body: string): Promise<Reply> {
  const { accept, 'user-agent': agent } = request.headers;
  // Clients that do not say who they are and what they take are turned away (spec/envoy 2.3.6).
  if (!agent || !accept) return page(406, '406 Not Acceptable');
  if (request.method === 'POST' && path === '/login/login.json') return login(parts, request, body);
  if (request.method === 'POST' && path === '/tokens') return token(parts, request, body);
  return page(404, '404 Not Found');
}

async function handle(
  parts: CloudParts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const body = await bodyOf(request);
  const fault = parts.faults.take(path);
  if (!fault) {
    send(response, await answer(parts, request, path, body));
    return;
  }
  if (path === '/login/login.json') {
    parts.attempts.push({
      email: new URLSearchParams(body).get('user[email]') ?? '',
      at: Date.now(),
      outcome: 'faulty',
    });
  }
  await sendFaulty(response, fault, () => answer(parts, request, path, body), parts.closed);
}

/** What answers the requests of a cloud. */
export function createCloudHandler(parts: CloudParts): RequestListener {
  return (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://cloud');
    parts.log.record(request, response, pathname, search);
    if (parts.switches.down) {
      resetConnection(response);
      return;
    }
    handle(parts, request, response, pathname).catch((error: unknown) => {
      if (parts.closed.aborted || request.destroyed) response.destroy();
      else send(response, page(500, `Simulator: ${String(error)}`));
    });
  };
}
