import assert from 'node:assert/strict';
import {
  codeOutcome,
  issuedCode,
  normalizedCode,
  normalizedTokens,
  pollOutcome,
  readReply,
  refreshOutcome,
  retryAfterOf,
} from '../../../lib/device-flow/interpret.js';

const now = Date.UTC(2026, 10, 20, 11);

function reply(status: number, body: unknown, headers: Record<string, string> = {}) {
  return readReply({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, now);
}

const error = (name: string, more: object = {}) => reply(400, { error: name, ...more });

describe('Answers of device-flow servers', () => {
  it('have their code read, numbers as texts and an earlier name of the link included', () => {
    const members = normalizedCode({
      device_code: 'd',
      user_code: 'BCDF-GHJK',
      verification_url: 'https://p.test/device?lang=fr',
      verification_uri_complete: null,
      expires_in: '300',
      interval: '7.5',
    });
    assert.deepEqual(issuedCode(members), {
      deviceCode: 'd',
      userCode: 'BCDF-GHJK',
      verificationUri: 'https://p.test/device?lang=fr',
      verificationUriComplete: 'https://p.test/device?lang=fr&code=BCDF-GHJK',
      lifetime: 300_000,
      interval: 7.5,
    });
  });

  it('mean five seconds where they name no interval that can be kept', () => {
    const interval = (given: unknown) => normalizedCode({ interval: given })['interval'];
    assert.deepEqual([undefined, null, 'soon', 0, -3, '5.0', 0.2].map(interval), [5, 5, 5, 5, 5, 5, 1]);
  });

  it('show no person a link that is no web page', () => {
    const members = { device_code: 'd', user_code: 'u', expires_in: 300, interval: 5 };
    assert.equal(issuedCode({ ...members, verification_uri: 'javascript:alert(1)' }), undefined);
    const link = 'https://p.test/device';
    const complete = 'javascript:alert(1)';
    const code = issuedCode({ ...members, verification_uri: link, verification_uri_complete: complete });
    assert.equal(code?.verificationUriComplete, `${link}?code=u`);
  });

  it('say why there is no code', () => {
    const failure = (given: Parameters<typeof codeOutcome>[0]) => {
      const outcome = codeOutcome(given);
      return outcome.kind === 'failed' ? [outcome.failure.code, outcome.passing] : outcome;
    };
    assert.deepEqual(failure(error('invalid_client')), ['client_rejected', false]);
    assert.deepEqual(failure(error('version_mismatch')), ['version_mismatch', false]);
    assert.deepEqual(failure(reply(429, { error: 'slow_down' })), ['rate_limited', true]);
    assert.deepEqual(failure(reply(429, 'Too many')), ['rate_limited', true]);
    assert.deepEqual(failure(reply(503, { error: 'temporarily_unavailable' })), ['server_error', true]);
    for (const elsewhere of [reply(404, '<html>'), reply(200, '<html>'), reply(302, ''), reply(200, { ok: true })]) {
      assert.deepEqual(failure(elsewhere), ['client_rejected', false]);
    }
  });

  it('are told apart where a poll is concerned', () => {
    assert.deepEqual(pollOutcome(error('authorization_pending', { interval: '6' })), { kind: 'pending', interval: 6 });
    assert.deepEqual(pollOutcome(error('slow_down')), { kind: 'slow_down' });
    assert.deepEqual(pollOutcome(error('expired_token')), { kind: 'expired' });
    assert.deepEqual(pollOutcome(error('invalid_grant')), { kind: 'invalid_grant' });
    const codes = [
      'access_denied',
      'invalid_client',
      'Invalid_Request',
      'unsupported_grant_type',
      'version_mismatch',
      'odd',
    ]
      .map((name) => pollOutcome(error(name)))
      .map((outcome) => outcome.kind === 'failed' && outcome.failure.code);
    assert.deepEqual(codes, [
      'consent_denied',
      'client_rejected',
      'client_rejected',
      'client_rejected',
      'version_mismatch',
      'server_error',
    ]);
    for (const passing of [
      reply(500, ''),
      reply(502, '<html>'),
      reply(200, '{"half'),
      reply(404, ''),
      reply(301, ''),
    ]) {
      assert.equal(pollOutcome(passing).kind, 'trouble');
    }
    assert.deepEqual(pollOutcome(reply(429, '', { 'retry-after': '30' })), { kind: 'limited', retryAfter: 30_000 });
  });

  it('cost the refresh token only where it is refused itself', () => {
    const kind = (given: Parameters<typeof refreshOutcome>[0]) => refreshOutcome(given).kind;
    assert.equal(kind(error('invalid_grant')), 'rejected');
    const php = (text: string) => error('invalid_request', { error_description: text });
    assert.equal(kind(php('refresh_token not found in database')), 'rejected');
    assert.equal(kind(php('refresh_token not corresponding to usage_points_id')), 'rejected');
    assert.equal(kind(php('Missing usage_points_id')), 'failed');
    assert.equal(kind(error('invalid_client')), 'failed');
    for (const passing of [
      error('slow_down'),
      error('server_error'),
      error('something_new'),
      reply(403, { error: 'access_denied' }),
      reply(403, '<html>'),
      reply(500, { error: 'invalid_grant' }),
      reply(429, { error: 'invalid_grant' }),
      reply(200, ''),
    ]) {
      assert.equal(kind(passing), 'trouble');
    }
  });

  it('have their error seen where the PHP server hands it on with 200', () => {
    assert.equal(refreshOutcome(reply(200, { error: 'invalid_grant' })).kind, 'rejected');
  });

  it('keep of tokens what is used, in one spelling', () => {
    const members = {
      access_token: 'a',
      refresh_token: null,
      expires_in: '12600',
      scope: '',
      id_token: 'x',
      nonsense: 1,
    };
    assert.deepEqual(normalizedTokens({ ...members, usage_points_id: ['11111111111111', '22222222222222'] }), {
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 12_600,
      usage_points_id: '11111111111111,22222222222222',
    });
  });

  it('have Retry-After read, dates by the clock of the server', () => {
    const wait = (headers: Record<string, string>) => retryAfterOf({ status: 429, headers, body: '' }, now);
    assert.equal(wait({ 'retry-after': '12' }), 12_000);
    assert.equal(wait({ 'retry-after': 'Fri, 20 Nov 2026 11:00:40 GMT' }), 40_000);
    const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
    assert.equal(wait({ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT', date }), 60_000);
    assert.equal(wait({ 'retry-after': '99999999' }), 86_400_000);
    assert.equal(wait({ 'retry-after': 'Fri, 20 Nov 2026 10:00:00 GMT' }), 0);
    assert.equal(wait({ 'retry-after': 'soon' }), undefined);
    assert.equal(wait({}), undefined);
  });
});
