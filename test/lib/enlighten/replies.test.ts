import assert from 'node:assert/strict';
import { AuthenticationError, type AuthenticationCode } from '../../../lib/errors.js';
import { interpretLogin, interpretToken, retryAfter } from '../../../lib/enlighten/replies.js';
import type { TransportReply } from '../../../lib/http/transport.js';
import { unsignedToken } from './tokens.js';

const now = Date.parse('2025-06-01T12:00:00Z');
const json = (status: number, document: unknown): TransportReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(document),
});
const page = (status: number, headers: TransportReply['headers'] = {}): TransportReply => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: '<!DOCTYPE html><html><body>account hunter2</body></html>',
});
const text = (body: string, status = 200): TransportReply => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
});

interface Failure {
  readonly code: AuthenticationCode;
  readonly retryable: boolean;
  readonly retryAt?: number;
}

function failureOf(task: () => unknown): Failure {
  try {
    task();
  } catch (error) {
    assert.ok(error instanceof AuthenticationError);
    assert.ok(!JSON.stringify([error.message, error]).includes('hunter2'), 'the answer shows in the error');
    const { code, retryable, retryAt } = error;
    return { code, retryable, ...(retryAt !== undefined && { retryAt }) };
  }
  throw new assert.AssertionError({ message: 'no error was raised' });
}

const rejected: Failure = { code: 'credentials_rejected', retryable: false };
const blocked: Failure = { code: 'account_blocked', retryable: false };
const factor: Failure = { code: 'mfa_required', retryable: false };
const limited: Failure = { code: 'rate_limited', retryable: true };
const down: Failure = { code: 'cloud_unavailable', retryable: true };
const senseless: Failure = { code: 'server_error', retryable: true };
const foreign: Failure = { code: 'serial_not_owned', retryable: false };

describe('the answer to a login', () => {
  it('gives the session, whether owner or installer', () => {
    const session = { message: 'success', session_id: 'f'.repeat(32), manager_token: 'x' };
    assert.equal(interpretLogin(json(200, { ...session, is_consumer: true }), now), 'f'.repeat(32));
    assert.equal(interpretLogin(json(200, session), now), 'f'.repeat(32));
    const untyped = { ...json(200, session), headers: {} };
    assert.equal(interpretLogin(untyped, now), 'f'.repeat(32));
  });

  const failures: [what: string, reply: TransportReply, failure: Failure][] = [
    ['401 with JSON', json(401, { message: 'Invalid Email or Password', status: 'failed' }), rejected],
    ['401 with a page', page(401), rejected],
    ['401 without a body', text('', 401), rejected],
    ['403 with JSON', json(403, { message: 'hunter2' }), rejected],
    ['403 with a page: it is the client that is turned away', page(403), senseless],
    ['200 without a session', json(200, { success: true, isBlocked: false }), factor],
    ['200 with an empty session', json(200, { message: 'success', session_id: '' }), factor],
    ['200 that asks for a second factor', json(200, { success: true, requires_mfa: true }), factor],
    ['200 of a blocked account', json(200, { success: true, isBlocked: true }), blocked],
    ['401 of a blocked account', json(401, { isBlocked: true }), blocked],
    ['200 with a page', page(200), senseless],
    ['200 with an empty body', text(''), senseless],
    ['200 with JSON that is no object', json(200, ['hunter2']), senseless],
    ['200 with a JSON text', json(200, 'hunter2'), senseless],
    ['200 with JSON cut off', text('{"message":"success","session_id":"ab'), senseless],
    ['406', page(406), senseless],
    ['400', json(400, { message: 'Bad Request' }), senseless],
    ['a redirect', page(302, { location: 'https://elsewhere/' }), senseless],
    ['429', page(429), limited],
    ['429 with seconds', page(429, { 'retry-after': '120' }), { ...limited, retryAt: now + 120_000 }],
    [
      '429 with a date',
      page(429, { 'retry-after': 'Sun, 01 Jun 2025 13:00:00 GMT' }),
      { ...limited, retryAt: now + 3_600_000 },
    ],
    ['429 with something else', page(429, { 'retry-after': 'soon' }), limited],
    ['500', json(500, { message: 'hunter2' }), down],
    ['502', page(502), down],
    ['503', page(503, { 'retry-after': '120' }), down],
  ];
  for (const [what, reply, failure] of failures) {
    it(`${what}: ${failure.code}`, () =>
      assert.deepEqual(
        failureOf(() => interpretLogin(reply, now)),
        failure,
      ));
  }
});

describe('the answer to the request for a token', () => {
  const token = unsignedToken({ aud: '122600000042', exp: now / 1000 + 3600 });

  it('gives the token, white space left out', () => {
    for (const body of [token, `${token}\n`, `  ${token}\r\n`]) assert.equal(interpretToken(text(body), now), token);
  });

  const failures: [what: string, reply: TransportReply, failure: Failure][] = [
    ['403', text('Forbidden', 403), foreign],
    ['403 with a page', page(403), foreign],
    ['404', page(404), foreign],
    ['401', text('Invalid session', 401), senseless],
    ['406', page(406), senseless],
    ['429', page(429, { 'retry-after': '60' }), { ...limited, retryAt: now + 60_000 }],
    ['503', page(503), down],
    ['a page with status 200', page(200), senseless],
    ['nothing', text(''), senseless],
    ['a token cut off', text(token.slice(0, token.indexOf('.') + 10)), senseless],
    ['a token in JSON', json(200, { token }), senseless],
    ['three parts that are no token', text('hunter2.hunter2.hunter2'), senseless],
    ['a token without an end', text(unsignedToken({ aud: '122600000042' })), senseless],
  ];
  for (const [what, reply, failure] of failures) {
    it(`${what}: ${failure.code}`, () =>
      assert.deepEqual(
        failureOf(() => interpretToken(reply, now)),
        failure,
      ));
  }
});

describe('Retry-After', () => {
  it('is a moment, where it says one', () => {
    const at = (value: string | string[] | undefined): number | undefined =>
      retryAfter({ status: 429, headers: { 'retry-after': value }, body: '' }, now);
    assert.equal(at('0'), now);
    assert.equal(at('90'), now + 90_000);
    assert.equal(at('Sun, 01 Jun 2025 12:00:01 GMT'), now + 1000);
    for (const nothing of [undefined, '', 'soon', ['1', '2'], '-5', '1.5']) assert.equal(at(nothing), undefined);
  });
});
