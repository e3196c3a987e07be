import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { ask, bearer } from './client.js';
import { noon, withGateways, type ProductionDocument } from './gateways.js';

describe('the life of the simulated gateway', () => {
  const { gatewayWith, read } = withGateways();

  it('is firmware 3 with pages instead of JSON and zeros after a start, and 503 in newer ones', async () => {
    const openPaths = ['/info', '/production.json', '/api/v1/production'];
    const gateway = await gatewayWith({ firmware: '3.17.3', metered: false, openPaths, clock: () => noon });
    const production = async (): Promise<{ status: number; lifetime: number }> => {
      const { status, body } = await ask(`${gateway.url}/api/v1/production`);
      return {
        status,
        lifetime: status === 200 ? ((JSON.parse(body) as Record<string, number>)['wattHoursLifetime'] ?? -1) : -1,
      };
    };
    assert.match((await ask(`${gateway.url}/production.json`)).body, /^<html>/);
    assert.ok((await production()).lifetime > 0);
    gateway.boot();
    assert.deepEqual(await production(), { status: 200, lifetime: 0 });
    await gateway.setFirmware('5.0.62');
    assert.equal((await production()).status, 503);
    gateway.booted();
    assert.equal((await production()).status, 200);
  });

  it('changes its firmware across version 7 at the same address, with another certificate if wanted', async () => {
    const gateway = await gatewayWith({ firmware: '5.0.62' });
    const { port, fingerprint } = gateway;
    assert.equal((await ask(`${gateway.url}/info`)).status, 200);
    await gateway.setFirmware('7.0.88', { regenerateCertificate: true });
    const { status, fingerprint: seen } = await ask(`https://127.0.0.1:${port}/info`);
    assert.equal(status, 200);
    assert.equal(seen, gateway.fingerprint);
    assert.notEqual(seen, fingerprint);
    const redirected = await ask(`http://127.0.0.1:${port}/info`);
    assert.deepEqual([redirected.status, redirected.headers.location], [301, `https://127.0.0.1:${port}/info`]);
    await gateway.setFirmware('8.3.5286');
    await assert.rejects(ask(`http://127.0.0.1:${port}/info`));
    await gateway.setFirmware('5.0.62');
    assert.match((await ask(`http://127.0.0.1:${port}/info`)).body, /D5\.0\.62/);
  });

  it('can be verified with its certificate as the trusted one', async () => {
    const gateway = await gatewayWith({});
    const { status } = await ask(`${gateway.url}/info`, { rejectUnauthorized: true, ca: gateway.certificate });
    assert.equal(status, 200);
    assert.equal(gateway.tlsHandshakes, 1);
    await assert.rejects(ask(`${gateway.url}/info`, { rejectUnauthorized: true }));
  });

  it('streams meter readings to installers until it closes', async () => {
    const gateway = await gatewayWith({ clock: () => noon, phases: 3 });
    assert.equal((await ask(`${gateway.url}/stream/meter`, bearer(await gateway.issueToken()))).status, 401);
    const token = bearer(await gateway.issueToken({ user: 'installer' }));
    const request = get(`${gateway.url}/stream/meter`, { ...token, rejectUnauthorized: false, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const [first] = (await once(response, 'data')) as [Buffer];
    const [, message = ''] = /^data: (.*)\n\n$/.exec(first.toString()) ?? [];
    const { production } = JSON.parse(message) as { production: Record<string, { p: number }> };
    assert.ok(Object.values(production).every(({ p }) => p > 100));
    const ended = assert.rejects(once(response, 'end'), { code: 'ECONNRESET' });
    await gateway.close();
    await ended;
  });

  it('goes off the network and comes back to the same address', async () => {
    const gateway = await gatewayWith({});
    await gateway.powerOff();
    await assert.rejects(ask(`${gateway.url}/info`), { code: 'ECONNREFUSED' });
    await gateway.powerOn();
    assert.equal((await ask(`${gateway.url}/info`)).status, 200);
  });

  it('has its sun at the hour asked for, and tells the real time', async () => {
    const midnight = Date.UTC(2026, 5, 21, 23);
    const gateway = await gatewayWith({ clock: () => midnight, startAt: 13 });
    const { production } = await read<ProductionDocument>(gateway, '/production.json');
    const eim = production.find(({ type }) => type === 'eim');
    assert.ok(eim && eim.wNow > 500);
    assert.equal(eim.readingTime, midnight / 1000);
  });
});
