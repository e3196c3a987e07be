import assert from 'node:assert/strict';
import { json, startEnedis } from '../../../simulator/index.js';
import type { SimulatedEnedis } from '../../../simulator/index.js';
import { ask as askSecurely } from '../client.js';
import { ask, codeOf, consentTo, measure, member, post } from './client.js';

const redirectUrl = 'http://127.0.0.1:9/auth/redirect';
const week = ['22516914714270', '2026-11-01', '2026-11-08'] as const;

describe('the token endpoints and the gateway of the simulated Enedis', () => {
  let enedis: SimulatedEnedis;
  let time = 0;
  let credentials: { client_id: string; client_secret: string };
  beforeEach(async () => {
    time = Date.parse('2026-11-09T10:00:00Z');
    enedis = await startEnedis({ redirectUrl, now: () => time });
    credentials = { client_id: enedis.application.clientId, client_secret: enedis.application.clientSecret };
  });
  afterEach(() => enedis.close());

  it('give an application token for credentials in the body or by Basic', async () => {
    const { applicationToken } = enedis.endpoints;
    const form = await post(applicationToken, { grant_type: 'client_credentials', ...credentials });
    assert.equal(member(form.document, 'expires_in'), 12_600);
    const basic = Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64');
    enedis.switches.expiresInAsText = true;
    const answer = await post(
      applicationToken,
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${basic}` },
    );
    assert.equal(member(answer.document, 'expires_in'), '12600');
    assert.equal(member(answer.document, 'token_type'), 'Bearer');
    assert.equal(enedis.tokenRequests, 2);
  });

  it('refuse credentials in the query, wrong ones and other grants', async () => {
    const { applicationToken } = enedis.endpoints;
    const inQuery = new URLSearchParams({ grant_type: 'client_credentials', ...credentials }).toString();
    const queried = await post(`${applicationToken}?${inQuery}`, { grant_type: 'client_credentials' });
    assert.deepEqual([queried.status, codeOf(queried)], [401, 'invalid_client']);
    assert.equal((await post(`${applicationToken}?${inQuery}`, {})).status, 400);
    const wrong = { ...credentials, client_secret: 'wrong' };
    assert.equal((await post(applicationToken, { grant_type: 'client_credentials', ...wrong })).status, 401);
    const other = await post(applicationToken, { grant_type: 'password', ...credentials });
    assert.equal(codeOf(other), 'unsupported_grant_type');
  });

  it('exchange a code once and within 180 s, and a refresh token once, with redirect_uri in the query', async () => {
    const authorizeUrl = enedis.authorizeUrl({ state: 'x' }, 'v1');
    const consent = async (): Promise<string> =>
      new URL(await enedis.consent({ authorizeUrl, customer: 'three-points' })).searchParams.get('code') ?? '';
    const url = `${enedis.endpoints.token}?redirect_uri=${encodeURIComponent(redirectUrl)}`;
    const exchange = { grant_type: 'authorization_code', code: await consent(), ...credentials };
    assert.equal((await post(enedis.endpoints.token, exchange)).status, 400);
    const answer = await post(url, exchange);
    assert.equal(member(answer.document, 'usage_points_id'), '64975835695673,63695879465986,22315546958763');
    assert.equal(codeOf(await post(url, exchange)), 'invalid_grant');
    const refresh = { grant_type: 'refresh_token', refresh_token: '', ...credentials };
    refresh.refresh_token = String(member(answer.document, 'refresh_token'));
    assert.equal((await post(url, refresh)).status, 200);
    assert.equal(codeOf(await post(url, refresh)), 'invalid_grant');
    const late = { ...exchange, code: await consent() };
    time += 181_000;
    assert.equal(codeOf(await post(url, late)), 'invalid_grant');
  });

  it('turn away missing, expired, revoked and unsubscribed callers in the words of the gateway', async () => {
    await consentTo(enedis, 'consumption');
    const url = `${enedis.url}/mesure_synchrone_auto/v2/consommation_quotidienne`;
    const missing = await ask(url);
    assert.deepEqual([missing.status, codeOf(missing)], [401, '900902']);
    const token = enedis.issueToken(60);
    const authorization = `Bearer ${token}`;
    time += 61_000;
    assert.equal(codeOf(await ask(url, { headers: { authorization } })), '900901');
    const second = { authorization: `Bearer ${enedis.issueToken()}` };
    await post(`${enedis.url}/oauth2/v3/revoke`, { token: second.authorization.slice(7), ...credentials });
    assert.equal(codeOf(await ask(url, { headers: second })), '900901');
    enedis.switches.unsubscribed.add('mesure_synchrone_auto');
    const unsubscribed = await measure(enedis, 'consommation_quotidienne', week);
    assert.deepEqual([unsubscribed.status, codeOf(unsubscribed)], [403, '900908']);
  });

  it('count calls a second and an hour for each interface and say when it goes on', async () => {
    await consentTo(enedis, 'consumption');
    enedis.switches.quotas = { perSecond: 2, perHour: 3 };
    const call = (): ReturnType<typeof measure> => measure(enedis, 'consommation_quotidienne', week);
    assert.deepEqual([(await call()).status, (await call()).status], [200, 200]);
    const perSecond = await call();
    assert.deepEqual([perSecond.status, codeOf(perSecond)], [429, '900804']);
    assert.equal(member(perSecond.document, 'nextAccessTime'), '2026-Nov-09 10:00:01+0000 UTC');
    time += 1000;
    const perHour = await call();
    assert.equal(member(perHour.document, 'nextAccessTime'), '2026-Nov-09 11:00:00+0000 UTC');
    enedis.switches.quotaAsFault = true;
    assert.equal(member((await call()).document, 'fault', 'code'), 900807);
    time += 3_600_000;
    assert.equal((await call()).status, 200);
  });

  it('fail the ways that the real one fails, and keep every request for a look', async () => {
    await consentTo(enedis, 'consumption');
    enedis.faults.add({ kind: 'html' }, { path: /^\/mesure_/, times: 1 });
    assert.match((await measure(enedis, 'consommation_quotidienne', week)).text, /^<html>/);
    enedis.faults.add({ kind: 'reset' }, { path: '/oauth2/v3/token', times: 1 });
    const form = { grant_type: 'client_credentials', ...credentials };
    await assert.rejects(post(enedis.endpoints.applicationToken, form));
    enedis.switches.override = ({ path }) =>
      path.startsWith('/mesure_') ? json(403, { code: 'ADAM-ERR0061' }) : undefined;
    assert.equal(codeOf(await measure(enedis, 'consommation_quotidienne', week)), 'ADAM-ERR0061');
    const [data] = enedis.requests.to(/^\/mesure_/);
    assert.equal(data?.parameters.get('pointId'), week[0]);
    assert.match(data.headers.authorization ?? '', /^Bearer /);
    const [token] = enedis.requests.to('/oauth2/v3/token');
    assert.deepEqual([token?.method, token?.query, token?.status], ['POST', '', 0]);
    assert.match(token?.body ?? '', /client_credentials/);
  });

  it('answer over TLS to those who trust the certificate', async () => {
    const secure = await startEnedis({ tls: true });
    try {
      const answer = await askSecurely(secure.authorizeUrl(), { ca: secure.ca, rejectUnauthorized: true });
      assert.equal(answer.status, 500, 'no redirect URL is registered yet');
      await assert.rejects(askSecurely(secure.url.replace('https', 'http')));
    } finally {
      await secure.close();
    }
  });
});
