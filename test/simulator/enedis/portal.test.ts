import assert from 'node:assert/strict';
import { startEnedis } from '../../../simulator/index.js';
import type { SimulatedEnedis } from '../../../simulator/index.js';
import { ask, consentTo, member, post, services } from './client.js';

const redirectUrl = 'http://127.0.0.1:9/auth/redirect';

describe('the consent page of the simulated Enedis', () => {
  let enedis: SimulatedEnedis;
  let time = Date.parse('2026-11-09T10:00:00Z');
  beforeEach(async () => {
    time = Date.parse('2026-11-09T10:00:00Z');
    enedis = await startEnedis({
      redirectUrl,
      now: () => time,
      applications: [{ name: '<b>"Maison" & co\'</b>' }],
    });
  });
  afterEach(() => enedis.close());

  it('shows the application and the customers, escaped, without scripts, marked as a simulation', async () => {
    const { status, text, headers } = await ask(enedis.authorizeUrl({ state: '"><script>alert(1)</script>' }));
    assert.equal(status, 200);
    assert.match(text, /&lt;b&gt;&quot;Maison&quot; &amp; co&#39;&lt;\/b&gt;/);
    assert.doesNotMatch(text, /<script|<b>/);
    assert.match(text, /Simulation/);
    assert.match(text, /value="two-points\/12345678901234"/);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });

  it('sends people back with the number of the authorisation and the state (v2)', async () => {
    const { status, headers } = await post(enedis.authorizeUrl({ state: 'abc&d' }), {
      holder: 'two-points/10284856584123',
      decision: 'consent',
    });
    assert.equal(status, 303);
    const callback = new URL(headers.get('location') ?? '');
    assert.equal(callback.origin + callback.pathname, redirectUrl);
    assert.deepEqual([...callback.searchParams.keys()], ['autorisation_id', 'state']);
    assert.equal(callback.searchParams.get('state'), 'abc&d');
    const answer = await services(enedis, Number(callback.searchParams.get('autorisation_id')));
    assert.equal(member(answer.document, 'serviceSouscrit', 0, 'pointId'), '10284856584123');
  });

  it('sends people back with a code and all their usage points (v1)', async () => {
    const url = enedis.authorizeUrl({ state: 'x', duration: 'P3Y' }, 'v1');
    const { headers } = await post(url, { holder: 'three-points', decision: 'consent' });
    const { searchParams } = new URL(headers.get('location') ?? '');
    assert.equal(searchParams.get('usage_point_id'), '64975835695673;63695879465986;22315546958763');
    assert.ok(searchParams.get('code'));
  });

  it('sends people back with access_denied when they refuse', async () => {
    const { headers } = await post(enedis.authorizeUrl({ state: 'x' }), { decision: 'refuse' });
    const { searchParams } = new URL(headers.get('location') ?? '');
    assert.equal(searchParams.get('error'), 'access_denied');
    assert.equal(searchParams.get('state'), 'x');
  });

  it('refuses what the real one refuses, without sending anybody back', async () => {
    const cases: readonly [Record<string, string>, number, RegExp][] = [
      [{ duration: 'P3Y' }, 400, /invalid_duration_format/],
      [{ duration: 'P1Y' }, 400, /invalid_duration_format/],
      [{ duration: 'three years' }, 400, /invalid_duration_format/],
      [{ duration: 'P0D' }, 400, /invalid_duration_format/],
      [{ duration: 'P1100D' }, 400, /maximum_duration_exceeded/],
      [{ duration: 'P37M' }, 400, /maximum_duration_exceeded/],
      [{ client_id: 'unknown' }, 400, /invalid_client/],
      [{ response_type: 'token' }, 400, /unsupported_response_type/],
      [{ response_type: '' }, 400, /missing_parameter/],
      [{ state: 's'.repeat(101) }, 400, /invalid_state/],
      [{ scope: 'openid' }, 404, /not_found/],
      [{ code_challenge: 'x' }, 404, /not_found/],
    ];
    for (const [parameters, expected, text] of cases) {
      const answer = await ask(enedis.authorizeUrl(parameters));
      assert.deepEqual([answer.status, answer.headers.get('location')], [expected, null], JSON.stringify(parameters));
      assert.match(answer.text, text);
    }
    for (const duration of ['P1095D', 'P36M', 'P52W', 'P2Y6M']) {
      assert.equal((await ask(enedis.authorizeUrl({ duration }))).status, 200, duration);
    }
    assert.equal((await ask(enedis.authorizeUrl({ duration: 'P3Y' }, 'v1'))).status, 200);
  });

  it('ends in an error page where the point is shared already, and gives the same number when it is shared again', async () => {
    const first = await consentTo(enedis, 'consumption');
    const again = await post(enedis.authorizeUrl(), { holder: 'consumption/22516914714270', decision: 'consent' });
    assert.deepEqual([again.status, again.headers.get('location')], [409, null]);
    assert.match(again.text, /déjà partagé/);
    await assert.rejects(consentTo(enedis, 'consumption'), /already_shared/);
    enedis.revokeConsent('consumption');
    time += 30 * 86_400_000;
    assert.equal(await consentTo(enedis, 'consumption'), first);
    const { document } = await services(enedis, first);
    assert.equal(member(document, 'serviceSouscrit', 0, 'dateDebut'), '2026-12-09');
    assert.notEqual(await consentTo(enedis, 'holes'), first);
  });

  it('calls the redirect URL with _parent where it is told to', async () => {
    enedis.switches.parentCallback = true;
    const callback = await enedis.consent({ authorizeUrl: enedis.authorizeUrl({ state: 'x' }) });
    assert.equal(new URL(callback).pathname, '/auth/redirect_parent');
  });

  it('chooses the customer by the last digit of the state where it is told to', async () => {
    enedis.switches.sandboxDigits = true;
    const { text } = await ask(enedis.authorizeUrl({ state: 'abc4' }));
    assert.match(text, /value="holes\/42900589957123" required checked/);
  });
});
