import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { usagePoint, worlds, type Answer, type World } from './world.js';

const daily = '/data/proxy/metering_data_dc/v5/daily_consumption';
const week = `usage_point_id=${usagePoint}&start=2026-11-01&end=2026-11-08`;

describe('GET /data/proxy', () => {
  const open = worlds();
  let world: World;
  let access: string;

  beforeEach(async () => {
    world = await open();
    ({ access } = await world.dance());
  });

  function get(target: string, authorization = `Bearer ${access}`): Promise<Answer> {
    return world.call(target, { headers: authorization === '' ? {} : { authorization } });
  }

  function notAsked(): void {
    assert.deepEqual(world.upstream.dataRequests, []);
  }

  it('120: asks for the usage point before anything else', async () => {
    const { status, body } = await get('/data/proxy/metering_data_clc/v5/consumption_load_curve', '');
    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'invalid_request', error_description: 'Missing usage_point_id' });
  });

  it('121, 122: without a token that counts, 401', async () => {
    for (const authorization of ['', 'Bearer sdffds', 'Basic eDp5', `Bearer ${access} x`]) {
      const { status, headers, body } = await get(`${daily}?${week}`, authorization);
      assert.equal(status, 401, authorization);
      assert.equal(body['error'], 'invalid_token');
      assert.match(String(headers['www-authenticate']), /^Bearer realm="[^"]+", error="invalid_token"$/);
    }
    notAsked();
  });

  it('123: another usage point than the token is for, 403', async () => {
    const { status, headers, body } = await world.read(access, '98765432109876');
    assert.equal(status, 403);
    assert.equal(body['error'], 'insufficient_scope');
    assert.match(String(headers['www-authenticate']), /insufficient_scope/);
    notAsked();
  });

  it('124, 125, 153: relays what Enedis answers, and says who it is', async () => {
    const { status, headers, body } = await get(`${daily}?${week}`, `bearer ${access}`);
    assert.equal(status, 200);
    assert.deepEqual(body, { meter_reading: {} });
    assert.equal(headers['content-type'], 'application/json');
    assert.match(String(headers['cache-control']), /no-store/);
    assert.equal(headers['x-enedis-proxy-source'], 'new');
    assert.match(String(headers['via']), /^1\.1 [a-z-]+$/);
    assert.deepEqual(world.upstream.dataRequests, [
      { path: 'metering_data_dc/v5/daily_consumption', usagePoint, start: '2026-11-01', end: '2026-11-08' },
    ]);
  });

  it('126: a token without its scheme counts only where that is switched on', async () => {
    assert.equal((await get(`${daily}?${week}`, access)).status, 401);
    const lenient = world.beside({ settings: { compatibility: { bareAccessToken: true } } });
    const answer = await lenient.call(`${daily}?${week}`, { headers: { authorization: access } });
    assert.equal(answer.status, 200);
  });

  it('127: an expired token does not count, though its record is still there', async () => {
    world.now += 12_600_000;
    assert.equal((await world.read(access)).status, 401);
  });

  it('128, 130: other paths do not exist, however they are written', async () => {
    for (const path of [
      'metering_data_clc%2F..%2F..%2Foauth2/v3/token',
      'metering_data_dc/v5/daily_consumption%3Fusage_point_id=98765432109876%26',
      'metering_data_dc/v5/daily_consumption%23',
      'metering_data_dc/v5/daily_consumption/',
      'metering_data_dc/v5/../v5/daily_consumption',
      '/metering_data_dc/v5/daily_consumption',
      'Metering_data_dc/v5/daily_consumption',
      'customers_i/v5/identity',
      '',
    ]) {
      const { status, body } = await get(`/data/proxy/${path}?${week}`);
      assert.equal(status, 404, path);
      assert.equal(body['error'], 'invalid_request');
    }
    notAsked();
  });

  it('129: parameters that are repeated, arrays or unknown are refused', async () => {
    for (const query of [
      `${week}&usage_point_id=98765432109876`,
      `${week}&usage_point_id[]=98765432109876`,
      `${week}&pointId=98765432109876`,
      `${week}&x=`,
    ]) {
      assert.equal((await get(`${daily}?${query}`)).status, 400, query);
    }
    notAsked();
  });

  it('refuses days that are none, the wrong way round, or to come', async () => {
    for (const [start, end] of [
      ['', '2026-11-08'],
      ['2026-11-01', ''],
      ['2026-02-30', '2026-11-08'],
      ['2026-11-1', '2026-11-08'],
      ['2026-11-09', '2026-11-08'],
      ['2026-11-01', '2026-11-22'],
    ]) {
      const { status, body } = await get(`${daily}?usage_point_id=${usagePoint}&start=${start}&end=${end}`);
      assert.equal(status, 400, `${start} ${end}`);
      assert.equal(body['error'], 'invalid_request');
    }
    notAsked();
    assert.equal((await get(`${daily}?usage_point_id=${usagePoint}&start=2026-11-21&end=2026-11-21`)).status, 200);
  });

  it('today is that of Paris', async () => {
    world.now = Date.parse('2026-11-21T23:30:00Z');
    ({ access } = await world.dance());
    assert.equal((await get(`${daily}?usage_point_id=${usagePoint}&start=2026-11-21&end=2026-11-22`)).status, 200);
  });

  it('contracts have no days', async () => {
    const { status } = await get(`/data/proxy/customers_upc/v5/usage_points/contracts?usage_point_id=${usagePoint}`);
    assert.equal(status, 200);
    assert.deepEqual(world.upstream.dataRequests, [{ path: 'customers_upc/v5/usage_points/contracts', usagePoint }]);
  });

  it('150, 156: the thirteenth call in a minute of one client is refused with 429', async () => {
    for (let count = 0; count < 12; count++) assert.equal((await world.read(access)).status, 200);
    const { status, headers, body } = await world.read(access);
    assert.equal(status, 429);
    assert.equal(body['error'], 'slow_down');
    assert.ok(Number(headers['retry-after']) >= 1);
    const neighbour = await world.dance();
    assert.equal((await world.read(neighbour.access)).status, 200);
  });

  it('a day has its limit too', async () => {
    const strict = await open({ settings: { limits: { dataCallsPerDay: 2 } } });
    const tokens = await strict.dance();
    const statuses = [1, 2, 3].map(async () => (await strict.read(tokens.access)).status);
    assert.deepEqual((await Promise.all(statuses)).sort(), [200, 200, 429]);
  });

  it('relays refusals of Enedis with their waiting time', async () => {
    world.upstream.dataAnswer = {
      status: 429,
      body: '{"error":"x"}',
      source: 'legacy',
      retryAfter: 90.2,
      consentMissing: false,
    };
    const { status, headers, body } = await world.read(access);
    assert.equal(status, 429);
    assert.deepEqual(body, { error: 'x' });
    assert.equal(headers['retry-after'], '91');
    assert.equal(headers['x-enedis-proxy-source'], 'legacy');
  });

  it('157: trouble of Enedis is told as such', async () => {
    world.upstream.data = () => Promise.reject(new ProxyError(504, 'temporarily_unavailable'));
    const { status, body } = await world.read(access);
    assert.equal(status, 504);
    assert.equal(body['error'], 'temporarily_unavailable');
  });

  it('D31: the second "no consent" in a day ends the tokens of the consent', async () => {
    world.upstream.dataAnswer = { status: 403, body: '{"error":"ADAM-DC-0008"}', source: 'new', consentMissing: true };
    const again = await world.dance();
    assert.equal((await world.read(access)).status, 403);
    world.now += 2 * 3600_000;
    assert.equal((await world.read(access)).status, 403);
    assert.equal((await world.read(access)).status, 401);
    assert.equal((await world.read(again.access)).status, 401);
    assert.ok(world.events.some(({ name, reason }) => name === 'revoked' && reason === 'consent_ended'));
  });

  it('D31: two of them in different weeks end nothing', async () => {
    const { refresh } = await world.dance();
    world.upstream.dataAnswer = { status: 403, body: '{}', source: 'new', consentMissing: true };
    assert.equal((await world.read(access)).status, 403);
    world.now += 7 * 24 * 3600_000;
    const { body } = await world.refresh(refresh);
    assert.equal((await world.read(String(body['access_token']))).status, 403);
    world.upstream.dataAnswer = { status: 200, body: '{}', source: 'new', consentMissing: false };
    assert.equal((await world.read(String(body['access_token']))).status, 200);
  });

  it('without authentication (test set-ups) every usage point is served, limited by address', async () => {
    const sandbox = world.beside({ settings: { compatibility: { sandbox: true, dataAuthentication: false } } });
    const statuses: number[] = [];
    for (let count = 0; count < 13; count++) statuses.push((await sandbox.call(`${daily}?${week}`)).status);
    assert.deepEqual([...new Set(statuses)], [200, 429]);
  });

  it('HEAD asks nothing upstream', async () => {
    const headers = { authorization: `Bearer ${access}` };
    assert.equal((await world.call(`${daily}?${week}`, { method: 'HEAD', headers })).status, 405);
    notAsked();
  });
});
