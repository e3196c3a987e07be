import assert from 'node:assert/strict';
import { settingsFromEnvironment } from '../../../lib/proxy/settings/environment.js';
import { publicClient, type ProxyWorld } from '../../support/proxy-world.js';
import { assertError, assertLimited } from './answers.js';
import { curvePath, dailyPath, holderOf, meterReading, read, readings, type Holder } from './readings.js';
import { overBothStores } from './stores.js';
import { generous } from './visits.js';

const anotherPoint = '11453290002823';
const days = 'start=2026-11-01&end=2026-11-08';

describe('conformance 8.9: data proxy, who may ask for what', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let holder: Holder;
    let asked: number;

    before(async () => {
      world = await open({ settings: { limits: generous }, enedis: { crowd: 10 } });
      holder = await holderOf(world, '12345678901234');
      await world.dance({ customer: anotherPoint });
    });

    beforeEach(() => {
      world.clock.advance({ minutes: 2 });
      asked = world.enedis.requests.all.length;
    });

    /** Asks for a path and a query as they are written. */
    function get(target: string, authorization?: string, at = world) {
      return at.get(`/data/proxy/${target}`, authorization === undefined ? {} : { authorization });
    }

    const week = () => `${dailyPath}?usage_point_id=${holder.usagePoint}&${days}`;
    const bearer = () => `Bearer ${holder.accessToken}`;

    function notAsked(): void {
      assert.equal(world.enedis.requests.all.length, asked, 'Enedis was asked.');
    }

    it('120 · no usage_point_id is invalid_request', async () => {
      assertError(await get(curvePath), 400, 'invalid_request', 'Missing usage_point_id');
      notAsked();
    });

    it('121 · no token is 401 with a challenge', async () => {
      const answer = await get(week());
      assertError(answer, 401, 'invalid_token');
      assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer realm="[^"]+", error="invalid_token"$/);
      notAsked();
    });

    it('122 · an unknown token is 401', async () => {
      assertError(await get(week(), 'Bearer sdffds'), 401, 'invalid_token');
      notAsked();
    });

    it('123 · another usage point is 403 insufficient_scope, and Enedis is not asked', async () => {
      const answer = await get(`${dailyPath}?usage_point_id=${anotherPoint}&${days}`, bearer());
      assertError(answer, 403, 'insufficient_scope');
      assert.match(answer.headers['www-authenticate'] ?? '', /insufficient_scope/);
      notAsked();
    });

    it('124 · the right token brings data', async () => {
      const answer = await get(week(), bearer());
      const { usage_point_id: usagePoint, interval_reading: points } = meterReading(answer);
      assert.equal(usagePoint, holder.usagePoint);
      assert.equal(points.length, 7);
    });

    it('125 · the scheme is accepted in lower case', async () => {
      assert.equal((await get(week(), `bearer ${holder.accessToken}`)).status, 200);
    });

    it('126 · a token without its scheme is accepted only where that is switched on', async () => {
      assertError(await get(week(), holder.accessToken), 401, 'invalid_token');
      const lenient = await open({ settings: { compatibility: { bareAccessToken: true } } });
      const { accessToken, usagePoint } = await holderOf(lenient, 'consumption');
      const target = `${dailyPath}?usage_point_id=${usagePoint}&${days}`;
      assert.equal((await get(target, accessToken, lenient)).status, 200);
    });

    it('127 · an expired token is 401, though its record is still there', async () => {
      const started = world.clock.now();
      const old = await holderOf(world, 'crowd-1');
      world.clock.advance({ seconds: world.settings.accessLifetime - 1 });
      assert.equal((await read(world, old)).status, 200);
      world.clock.advance({ seconds: 1 });
      assertError(await read(world, old), 401, 'invalid_token');
      assert.equal(world.clock.now() - started, 12_600_000);
      holder = { ...holder, ...tokensOf(await world.refresh(holder.refreshToken)) };
    });

    function tokensOf(answer: Parameters<ProxyWorld['tokens']>[0]): Pick<Holder, 'accessToken' | 'refreshToken'> {
      const { accessToken, refreshToken } = world.tokens(answer);
      return { accessToken, refreshToken };
    }

    it('128 · paths that are written otherwise are 404, and Enedis is not asked', async () => {
      const usagePoint = `usage_point_id=${holder.usagePoint}`;
      for (const target of [
        `metering_data_clc%2F..%2F..%2Foauth2/v3/token?${usagePoint}`,
        `metering_data_clc/../../oauth2/v3/token?${usagePoint}`,
        `${dailyPath}%3Fusage_point_id=${anotherPoint}%26?${usagePoint}&${days}`,
        `${dailyPath}%23?${usagePoint}&${days}`,
        `${dailyPath}/?${usagePoint}&${days}`,
        `/${dailyPath}?${usagePoint}&${days}`,
        `metering_data_dc%00/v5/daily_consumption?${usagePoint}&${days}`,
      ]) {
        assert.equal((await get(target, bearer())).status, 404, target);
      }
      notAsked();
    });

    it('129 · usage_point_id twice, as a list, or beside a pointId is 400, and Enedis is not asked', async () => {
      for (const query of [
        `usage_point_id=${holder.usagePoint}&usage_point_id=${anotherPoint}&${days}`,
        `usage_point_id=${holder.usagePoint}&usage_point_id=${holder.usagePoint}&${days}`,
        `usage_point_id[]=${holder.usagePoint}&${days}`,
        `usage_point_id=${holder.usagePoint}&usage_point_id[]=${anotherPoint}&${days}`,
        `usage_point_id=${holder.usagePoint}&pointId=${anotherPoint}&${days}`,
      ]) {
        assertError(await get(`${dailyPath}?${query}`, bearer()), 400, 'invalid_request');
      }
      notAsked();
    });

    it('130 · data about persons are not served, and Enedis is not asked', async () => {
      for (const path of [
        'customers_i/v5/identity',
        'customers_cd/v5/contact_data',
        'customers_upa/v5/usage_points/addresses',
      ]) {
        assert.equal((await get(`${path}?usage_point_id=${holder.usagePoint}`, bearer())).status, 404, path);
      }
      notAsked();
    });

    it('149 · the token request carries its credentials in the body, never in the URL', () => {
      const requests = world.enedis.requests.to('/oauth2/v3/token');
      assert.ok(requests.length > 0);
      for (const { query, body, method } of requests) {
        assert.equal(method, 'POST');
        assert.equal(query, '');
        assert.equal(new URLSearchParams(body).get('client_secret'), world.enedis.application.clientSecret);
      }
    });

    it('150 · the 13th call of a token in a minute is 429 with Retry-After', async () => {
      for (let count = 0; count < 12; count++) assert.equal((await read(world, holder)).status, 200);
      asked = world.enedis.requests.all.length;
      const answer = await read(world, holder);
      assertLimited(answer);
      notAsked();
      world.clock.advance({ seconds: Number(answer.headers['retry-after']) });
      assert.equal((await read(world, holder)).status, 200);
    });

    it('151 · DISABLE_DATA_ENPOINT_AUTH=false leaves authentication on', async () => {
      const environment = { BASE_URL: 'https://p.test', CLIENT_ID: 'application', CLIENT_SECRET: 'secret' };
      const { proxy } = settingsFromEnvironment({ ...environment, DISABLE_DATA_ENPOINT_AUTH: 'false' });
      const guarded = await open({ settings: { compatibility: proxy.compatibility } });
      assertError(await get(week(), undefined, guarded), 401, 'invalid_token');
    });

    it('152 · without a trusted proxy X-Forwarded-For makes no other address', async () => {
      const bare = await open({ settings: { trustedProxies: [] } });
      const form = { client_id: publicClient };
      for (let count = 0; count < 10; count++) {
        assert.equal((await bare.form('/device/code', form, bare.newAddress())).status, 200);
      }
      assertLimited(await bare.form('/device/code', form, bare.newAddress()));
    });

    it('153 · what is relayed says so in Via', async () => {
      for (const answer of [
        await read(world, holder),
        await read(world, holder, dailyPath, ['2026-11-08', '2026-11-09']),
      ]) {
        assert.equal(answer.status, 200);
        assert.match(answer.headers.via ?? '', /^1\.1 [a-z-]+$/);
        assert.ok(readings(answer).length > 0);
      }
      const none = await read(world, holder, dailyPath, ['2018-01-01', '2018-01-02']);
      assert.ok(none.status >= 400);
      assert.match(none.headers.via ?? '', /^1\.1 [a-z-]+$/);
    });
  });
});
