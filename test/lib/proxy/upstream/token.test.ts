import assert from 'node:assert/strict';
import { withGateway } from './suite.js';

const tokens = { access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 12600 };
const refresh = { grant_type: 'refresh_token', refresh_token: 'old' };

describe('the token endpoint of the authorization-code mode', () => {
  const suite = withGateway();
  const start = (settings: object = {}) => suite.start({ mode: 'authorization_code', ...settings });
  const formOf = (index = 0) => Object.fromEntries(new URLSearchParams(suite.gateway.requests[index]?.body));

  it('is asked as the application, with the operator’s secret', async () => {
    suite.gateway.answer = () => ({ status: 200, body: tokens });
    const upstream = start();
    const answer = await upstream.token({ ...refresh, client_id: 'public', client_secret: 'of the device' });
    assert.deepEqual(answer, { status: 200, body: tokens });
    const [request] = suite.gateway.requests;
    assert.equal(`${request?.method} ${request?.url}`, 'POST /v1/oauth2/token');
    assert.deepEqual(formOf(), {
      ...refresh,
      client_id: 'simulated-client-1',
      client_secret: 'simulated-secret-1',
    });
  });

  it('gets the redirect URI in the query, and with a code in the form too, only where it is set (check 117)', async () => {
    suite.gateway.answer = () => ({ status: 200, body: tokens });
    const upstream = start({ redirectUri: 'https://proxy.example/auth/redirect' });
    await upstream.token(refresh);
    await upstream.token({ grant_type: 'authorization_code', code: 'c', code_verifier: 'v' });
    const query = '?redirect_uri=https%3A%2F%2Fproxy.example%2Fauth%2Fredirect';
    assert.deepEqual(
      suite.gateway.requests.map(({ url }) => url),
      [`/v1/oauth2/token${query}`, `/v1/oauth2/token${query}`],
    );
    assert.equal(formOf(0)['redirect_uri'], undefined);
    assert.equal(formOf(1)['redirect_uri'], 'https://proxy.example/auth/redirect');
  });

  it('is relayed with its status and its wait (check 118)', async () => {
    suite.gateway.answer = () => ({ status: 400, body: { error: 'invalid_grant' }, headers: { 'retry-after': '5' } });
    assert.deepEqual(await start().token(refresh), { status: 400, body: { error: 'invalid_grant' }, retryAfter: 5 });
    for (const body of ['', 'OK', '[]', 'null']) {
      suite.gateway.answer = () => ({ status: 200, body });
      assert.deepEqual(await start().token(refresh), { status: 200, body: undefined });
    }
  });

  it('is asked once only, and its silence is 502 or 504 (check 119)', async () => {
    suite.gateway.answer = () => 'cut';
    await assert.rejects(start().token(refresh), { status: 502, error: 'temporarily_unavailable' });
    assert.equal(suite.gateway.requests.length, 1);
    suite.gateway.answer = () => 'silence';
    await assert.rejects(suite.start({}, { timeout: 100 }).token(refresh), { status: 504 });
    suite.gateway.answer = () => ({ status: 302, headers: { location: '/elsewhere' } });
    await assert.rejects(start().token(refresh), { status: 502 });
  });
});
