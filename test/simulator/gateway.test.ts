import assert from 'node:assert/strict';
import { startCloud } from '../../simulator/index.js';
import { ask, bearer } from './client.js';
import { noon, withGateways, type Eim, type ProductionDocument } from './gateways.js';

describe('the simulated gateway', () => {
  const { running, gatewayWith, read } = withGateways();

  it('tells who it is over https from firmware 7 on and over http below', async () => {
    const modern = await gatewayWith({ serial: '122600000042', firmware: '8.3.5169' });
    const answer = await ask(`${modern.url}/info`);
    assert.match(answer.body, /<sn>122600000042<\/sn>[^]*<software>D8\.3\.5169<[^]*<web-tokens>true</);
    assert.equal(answer.fingerprint, modern.fingerprint);
    const old = await gatewayWith({ serial: '121400000007', firmware: '3.17.3', metered: false });
    const info = await ask(`${old.url}/info.xml`);
    assert.match(info.body, /<sn>121400000007<\/sn>[^]*<software>R3\.17\.3</);
    assert.doesNotMatch(info.body, /web-tokens|imeter/);
    await assert.rejects(ask(`${old.url.replace('http:', 'https:')}/info`));
  });

  it('asks for a token that is signed by its cloud, made for its serial number and not expired', async () => {
    const cloud = await startCloud({ tls: false });
    running.push(cloud);
    const gateway = await gatewayWith({ cloud });
    const path = `${gateway.url}/api/v1/production`;
    const { serial } = gateway;
    const iat = Math.floor(Date.now() / 1000);
    const statusWith = async (token: string): Promise<number> => (await ask(path, bearer(token))).status;
    assert.equal((await ask(path)).status, 401);
    assert.equal(await statusWith(await cloud.issueToken({ serial })), 200);
    assert.equal(await statusWith(await cloud.issueToken({ serial: '999999999999' })), 401);
    assert.equal(await statusWith(await cloud.issueToken({ serial, iat: iat - 100, ttl: 50 })), 401);
    const stranger = await startCloud({ tls: false });
    running.push(stranger);
    assert.equal(await statusWith(await stranger.issueToken({ serial })), 401);
    const [head = '', , signature = ''] = (await cloud.issueToken({ serial })).split('.');
    const [, body = ''] = (await cloud.issueToken({ serial, user: 'installer' })).split('.');
    assert.equal(await statusWith(`${head}.${body}.${signature}`), 401);
  });

  it('confirms a token, opens a session for ten minutes of no use, and ends it with a restart', async () => {
    let now = Date.now();
    const gateway = await gatewayWith({ firmware: '7.6.175', tokenClock: () => now });
    const check = `${gateway.url}/auth/check_jwt`;
    assert.equal((await ask(check)).status, 401);
    const valid = await ask(check, bearer(await gateway.issueToken()));
    assert.equal(valid.status, 200);
    assert.match(valid.body, /Valid token/);
    const cookie = valid.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    assert.match(cookie, /^sessionId=./);
    const byCookie = async (): Promise<number> =>
      (await ask(`${gateway.url}/api/v1/production`, { headers: { cookie } })).status;
    now += 9 * 60_000;
    assert.equal(await byCookie(), 200);
    now += 9 * 60_000;
    assert.equal(await byCookie(), 200);
    now += 11 * 60_000;
    assert.equal(await byCookie(), 401);
  });

  it('revokes tokens: all of them, or those issued before a moment', async () => {
    const gateway = await gatewayWith({});
    const old = await gateway.issueToken();
    const statusWith = async (token: string, path = '/auth/check_jwt'): Promise<number> =>
      (await ask(gateway.url + path, bearer(token))).status;
    gateway.switches.rejectTokens = true;
    assert.equal(await statusWith(old), 401);
    assert.equal(await statusWith(old, '/production.json'), 401);
    gateway.switches.rejectTokens = false;
    assert.equal(await statusWith(old), 200);
    const revokedAt = Date.now() + 1;
    gateway.switches.rejectTokensIssuedBefore = revokedAt;
    assert.equal(await statusWith(old), 401);
    while (Date.now() < revokedAt) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await statusWith(await gateway.issueToken()), 200);
  });

  it('keeps some paths for installers', async () => {
    const gateway = await gatewayWith({ roleStatus: 403 });
    const path = `${gateway.url}/ivp/peb/newscan`;
    assert.equal((await ask(path, bearer(await gateway.issueToken()))).status, 403);
    assert.equal((await ask(path, bearer(await gateway.issueToken({ user: 'installer' })))).status, 200);
    gateway.switches.installerPaths.push('/ivp/pdm/energy');
    gateway.switches.roleStatus = 401;
    const owner = bearer(await gateway.issueToken());
    assert.equal((await ask(`${gateway.url}/ivp/pdm/energy`, owner)).status, 401);
    assert.equal((await ask(`${gateway.url}/auth/check_jwt`, owner)).status, 200);
  });

  it('gives phases only with details from 7.6 on', async () => {
    const gateway = await gatewayWith({ firmware: '8.2.4286', phases: 3, clock: () => noon });
    const eim = async (path: string): Promise<Eim | undefined> =>
      (await read<ProductionDocument>(gateway, path)).production.find(({ type }) => type === 'eim');
    assert.equal((await eim('/production.json'))?.lines, undefined);
    assert.equal((await eim('/production.json?details=1'))?.lines?.length, 3);
    await gateway.setFirmware('7.3.130');
    assert.equal((await eim('/production.json'))?.lines?.length, 3);
    assert.equal(gateway.log.count('GET /production.json'), 3);
    assert.equal(gateway.log.count('GET /production.json?details=1'), 1);
  });

  it('says the same in production.json, the meter readings and the meter reports', async () => {
    const gateway = await gatewayWith({ clock: () => noon, phases: 3 });
    const { production, consumption = [] } = await read<ProductionDocument>(gateway, '/production.json?details=1');
    const [made, , ghost] = await read<{ eid: number; activePower: number; actEnergyDlvd: number }[]>(
      gateway,
      '/ivp/meters/readings',
    );
    const reports = await read<{ reportType: string; cumulative: { currW: number; whDlvdCum: number } }[]>(
      gateway,
      '/ivp/meters/reports',
    );
    const eim = production.find(({ type }) => type === 'eim');
    assert.ok(eim && eim.wNow > 1000);
    assert.equal(made?.activePower, eim.wNow);
    assert.equal(made.actEnergyDlvd, eim.whLifetime);
    assert.equal(ghost?.activePower, 0);
    const byType = new Map(reports.map(({ reportType, cumulative }) => [reportType, cumulative]));
    for (const { measurementType = '', wNow, whLifetime } of [eim, ...consumption]) {
      assert.deepEqual(
        [byType.get(measurementType)?.currW, byType.get(measurementType)?.whDlvdCum],
        [wNow, whLifetime],
      );
    }
  });

  it('moves within a second and keeps the snapshot of /api/v1/production', async () => {
    let now = noon;
    const gateway = await gatewayWith({ clock: () => now });
    const both = async (): Promise<[number | undefined, unknown]> => {
      const { production } = await read<ProductionDocument>(gateway, '/production.json');
      return [production.find(({ type }) => type === 'eim')?.wNow, await read(gateway, '/api/v1/production')];
    };
    const [live, snapshot] = await both();
    now += 1000;
    const [later, same] = await both();
    assert.notEqual(later, live);
    assert.deepEqual(same, snapshot);
  });

  it('writes net over total consumption from 8.3.5433 on', async () => {
    const gateway = await gatewayWith({ clock: () => noon });
    const now = async (): Promise<number[]> =>
      ((await read<ProductionDocument>(gateway, '/production.json')).consumption ?? []).map(({ wNow }) => wNow);
    const [total, net] = await now();
    assert.notEqual(total, net);
    await gateway.setFirmware('8.3.5433');
    const [overwritten, same] = await now();
    assert.equal(overwritten, same);
  });

  it('knows gateways without meters, and with meters that are not in use', async () => {
    const standard = await gatewayWith({ metered: false, clock: () => noon });
    assert.deepEqual(await read(standard, '/ivp/meters'), []);
    const { production, consumption } = await read<ProductionDocument>(standard, '/production.json');
    assert.deepEqual([production.map(({ type }) => type), consumption], [['inverters'], undefined]);
    const unused = await gatewayWith({ firmware: '7.6.175', productionMeter: false, clock: () => noon });
    const meters = await read<{ state: string }[]>(unused, '/ivp/meters');
    assert.ok(meters.every(({ state }) => state === 'disabled'));
    const v1 = await read<{ wattHoursLifetime: number }>(unused, '/api/v1/production');
    assert.equal(v1.wattHoursLifetime, 0);
  });

  it('lists inverters, with device data where it has them', async () => {
    const gateway = await gatewayWith({ inverters: 9, clock: () => noon });
    const list = await read<{ serialNumber: string; lastReportWatts: number }[]>(
      gateway,
      '/api/v1/production/inverters',
    );
    assert.equal(list.length, 9);
    const path = '/ivp/pdm/device_data';
    assert.equal((await ask(gateway.url + path, bearer(await gateway.issueToken()))).status, 404);
    gateway.configure({ detailedInverters: true });
    const details = await read<Record<string, { sn?: string; channels?: { watts: { now: number } }[] } | number>>(
      gateway,
      path,
    );
    assert.equal(details['deviceCount'], 9);
    for (const device of Object.values(details)) {
      if (typeof device === 'number') continue;
      const listed = list.find(({ serialNumber }) => serialNumber === device.sn);
      assert.equal(device.channels?.[0]?.watts.now, listed?.lastReportWatts);
    }
  });

  it('answers every other document of its firmware, and says when there is none', async () => {
    const gateway = await gatewayWith({ firmware: '8.2.4345' });
    const paths = ['/home', '/inventory.json', '/ivp/ensemble/inventory', '/admin/lib/tariff', '/ivp/pdm/energy'];
    for (const path of [...paths, '/production']) await read(gateway, path);
    const token = bearer(await gateway.issueToken());
    assert.equal((await ask(`${gateway.url}/nowhere`, token)).status, 404);
    const old = await gatewayWith({ firmware: '5.0.62', openPaths: ['/nowhere'] });
    const moved = await ask(`${old.url}/nowhere`);
    assert.equal(moved.status, 301);
    assert.equal(moved.rawHeaders.filter((name) => name === 'Date').length, 2);
    assert.equal(moved.headers.connection, 'close');
  });
});
