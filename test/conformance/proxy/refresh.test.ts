import assert from 'node:assert/strict';
import { publicClient, type DeviceTokens, type ProxyWorld, type WireAnswer } from '../../support/proxy-world.js';
import { assertError, assertLimited } from './answers.js';
import { newCustomer, overBothStores } from './stores.js';

const path = '/device/token';
const dataPath = 'metering_data_dc/v5/daily_consumption';
const days = { start: '2026-11-01', end: '2026-11-08' };

describe('conformance 8.7: refresh and revoke', () => {
  overBothStores((open) => {
    let world: ProxyWorld;

    before(async () => {
      world = await open({ settings: { limits: { upstreamPerSecond: 1000 } } });
    });

    function refresh(members: Record<string, string>, headers = world.newAddress()): Promise<WireAnswer> {
      return world.form(path, { client_id: publicClient, grant_type: 'refresh_token', ...members }, headers);
    }

    async function newTokens(): Promise<DeviceTokens> {
      return (await world.dance({ customer: newCustomer(world) })).tokens;
    }

    function read({ accessToken, usagePoints: [usagePoint = ''] }: DeviceTokens): Promise<WireAnswer> {
      return world.data(accessToken, dataPath, { usage_point_id: usagePoint, ...days });
    }

    it('104 · a refresh needs no list of usage points', async () => {
      const { refreshToken } = await newTokens();
      assert.equal((await refresh({ refresh_token: refreshToken })).status, 200);
    });

    it('105 · no refresh_token is invalid_request', async () => {
      const answer = await refresh({ usage_points_id: '12345678901234' });
      assertError(answer, 400, 'invalid_request', 'Missing refresh_token');
    });

    it('106 · an unknown refresh_token is invalid_grant', async () => {
      assertError(await refresh({ refresh_token: '12314' }), 400, 'invalid_grant');
    });

    it('107 · another list of usage points is invalid_grant, and the token goes on counting', async () => {
      const { refreshToken, usagePoints } = await newTokens();
      const unknown = await refresh({ refresh_token: '12314' });
      const wrong = await refresh({ refresh_token: refreshToken, usage_points_id: '5897' });
      assertError(wrong, 400, 'invalid_grant');
      assert.equal(wrong.text, unknown.text, 'the answer says which part is wrong');
      const right = await refresh({ refresh_token: refreshToken, usage_points_id: usagePoints.join(',') });
      assert.equal(right.status, 200);
    });

    it('108 · the right token and list give a new access token with the four members of the plugin', async () => {
      const tokens = await newTokens();
      const { status, json } = await refresh({
        refresh_token: tokens.refreshToken,
        usage_points_id: tokens.usagePoints.join(','),
      });
      assert.equal(status, 200);
      assert.match(String(json['access_token']), /^[0-9a-f]{64}$/);
      assert.notEqual(json['access_token'], tokens.accessToken);
      assert.match(String(json['refresh_token']), /^[0-9a-f]{64}$/);
      assert.equal(json['token_type'], 'Bearer');
      assert.equal(json['expires_in'], 12_600);
      assert.equal((await read({ ...tokens, accessToken: String(json['access_token']) })).status, 200);
    });

    it('109 · the refresh token is exchanged too, and the usage points are named', async () => {
      const { refreshToken, usagePoints } = await newTokens();
      const { json } = await refresh({ refresh_token: refreshToken });
      assert.notEqual(json['refresh_token'], refreshToken);
      assert.equal(json['usage_points_id'], usagePoints.join(','));
    });

    it('110 · an old refresh token that comes late is invalid_grant and ends the whole family', async () => {
      const old = await newTokens();
      const next = world.tokens(await refresh({ refresh_token: old.refreshToken }));
      assert.equal((await read(next)).status, 200);
      world.clock.advance({ seconds: 61 });
      assertError(await refresh({ refresh_token: old.refreshToken }), 400, 'invalid_grant');
      assertError(await refresh({ refresh_token: next.refreshToken }), 400, 'invalid_grant');
      assertError(await read(next), 401, 'invalid_token');
      assertError(await read(old), 401, 'invalid_token');
    });

    it('111 · of two refreshes at once one exchanges the token, and both keep the client alive', async () => {
      const { refreshToken } = await newTokens();
      const answers = await Promise.all([1, 2].map(() => refresh({ refresh_token: refreshToken })));
      const both = answers.map((answer) => world.tokens(answer));
      assert.equal(new Set(both.map((tokens) => tokens.refreshToken)).size, 1);
      for (const tokens of both) assert.equal((await read(tokens)).status, 200);
      const next = await refresh({ refresh_token: both[0]?.refreshToken ?? '' });
      assert.equal(next.status, 200);
    });

    it('112 · both spellings of the list, another order and semicolons are taken', async () => {
      // Consents of old can be for several usage points.
      const two = ['22516914714270', '22516914714271'];
      const several = await open({
        enedis: { customers: [{ id: 'two', usagePoints: two.map((id) => ({ id })) }] },
        settings: { compatibility: { trustCallbackUsagePoint: true }, apiMode: 'auto' },
      });
      const browser = several.browser();
      const code = await several.begin();
      const state = new URL(await several.enter(code.userCode, browser)).searchParams.get('state') ?? '';
      const page = await browser.open(`/auth/redirect?code=x&state=${state}&usage_point_id=${two.join(';')}`);
      assert.ok(page.status < 400, page.text);
      let { refreshToken, usagePoints } = several.tokens(await several.poll(code.deviceCode));
      assert.deepEqual(usagePoints, two);
      for (const name of ['usage_points_id', 'usages_point_id']) {
        for (const list of [two.join(','), two.toReversed().join(','), two.join(';')]) {
          const form = { client_id: publicClient, grant_type: 'refresh_token', refresh_token: refreshToken };
          const answer = await several.form(path, { ...form, [name]: list }, several.newAddress());
          ({ refreshToken, usagePoints } = several.tokens(answer));
          assert.deepEqual(usagePoints, two);
        }
      }
    });

    it('113 · after a revocation by refresh token, data are invalid_token', async () => {
      const tokens = await newTokens();
      assert.equal((await read(tokens)).status, 200);
      const form = { client_id: publicClient, token: tokens.refreshToken };
      const answer = await world.form('/device/revoke', form, world.newAddress());
      assert.equal(answer.status, 200);
      assertError(await read(tokens), 401, 'invalid_token');
      assertError(await refresh({ refresh_token: tokens.refreshToken }), 400, 'invalid_grant');
    });

    it('114 · the 13th refresh of one address in a minute is 429 with Retry-After, and the token stays good', async () => {
      const address = world.newAddress();
      let { refreshToken } = await newTokens();
      for (let count = 0; count < 12; count++) {
        ({ refreshToken } = world.tokens(await refresh({ refresh_token: refreshToken }, address)));
      }
      assertLimited(await refresh({ refresh_token: refreshToken }, address));
      assert.equal((await refresh({ refresh_token: refreshToken })).status, 200);
    });
  });
});
