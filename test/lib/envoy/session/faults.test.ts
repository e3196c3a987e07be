import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GatewaySettings } from '../../../../lib/envoy/settings.js';
import type { Fault } from '../../../../simulator/index.js';
import { hour, minute, SessionWorld, type OpenSession } from '../../../support/session.js';

const reportPath = '/production.json';

/** Inverters are asked for again after so many ms. */
const inverterLife = 5 * 60_000;

describe('a gateway that fails', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start({ detailedInverters: true });
    await world.keepToken(await world.token());
  });

  afterEach(async () => {
    world.gateway.faults.clear();
    await world.close();
  });

  async function reading(settings: Partial<GatewaySettings> = {}): Promise<OpenSession> {
    const opened = world.open({ settings });
    assert.equal(await opened.outcome(), 'data');
    world.gateway.log.clear();
    return opened;
  }

  interface Row {
    readonly name: string;
    readonly fault: Fault;
    /** What a read of production comes to while the fault lasts. */
    readonly code: string;
    /** How often the path is asked while it lasts. */
    readonly requests: number;
    /** Seconds for one request. */
    readonly timeout?: number;
  }

  const tried: readonly Row[] = [
    { name: 'a reset', fault: { kind: 'reset' }, code: 'gateway_unreachable', requests: 6 },
    { name: 'half an answer', fault: { kind: 'resetMidway' }, code: 'reply_incomplete', requests: 6 },
    { name: 'a length that is no number', fault: { kind: 'malformedLength' }, code: 'reply_incomplete', requests: 6 },
    { name: 'no answer in time', fault: { kind: 'hang' }, code: 'gateway_timeout', requests: 6, timeout: 0.25 },
  ];
  const notTried: readonly Row[] = [
    ...[503, 500, 502].map((status) => status1(status, 'gateway_busy')),
    ...[404, 400, 301, 302].map((status) => status1(status, 'http_status')),
    { name: 'JSON that breaks off', fault: { kind: 'truncated' }, code: 'reply_incomplete', requests: 1 },
    { name: 'a page', fault: { kind: 'html' }, code: 'reply_invalid', requests: 1 },
  ];

  function status1(status: number, code: string): Row {
    const headers = status === 301 || status === 302 ? { Location: '/home.json' } : {};
    return { name: `status ${status}`, fault: { kind: 'status', status, headers }, code, requests: 1 };
  }

  for (const { name, fault, code, requests, timeout = 45 } of [...tried, ...notTried]) {
    it(`with ${name}: ${code} after ${requests} tries, then data again, no login`, async () => {
      const opened = await reading({ timeout });
      const mend = world.gateway.faults.add(fault, { path: reportPath });
      assert.equal(await opened.outcome('production'), code);
      assert.equal(world.requests(reportPath), requests);
      assert.equal(world.requests('/home.json'), 0, 'redirects are not followed');
      assert.equal(world.gateway.log.maximumInFlight, 1);
      mend();
      assert.equal(await opened.outcome(), 'data');
      assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
    });
  }

  for (const { name, fault, timeout = 45 } of tried) {
    it(`with ${name}, once: data within the same read`, async () => {
      const opened = await reading({ timeout });
      world.gateway.faults.add(fault, { path: reportPath, times: 1 });
      assert.equal(await opened.outcome('production'), 'data');
      assert.equal(world.requests(reportPath), 2);
    });
  }

  for (const { name, fault, code, timeout = 45 } of [...tried, ...notTried]) {
    it(`with ${name} in one part only: the other parts, and a warning ${code}`, async () => {
      const opened = await reading({ timeout });
      world.gateway.faults.add(fault, { path: '/ivp/pdm/device_data' });
      world.advance(inverterLife);
      const payload = await opened.read('production', 'inverters');
      assert.ok(payload['production'] && !payload['inverters']);
      assert.deepEqual(
        payload.warnings?.map((warning) => `${warning.part} ${warning.code}`),
        [`inverters ${code}`],
      );
    });

    it(`with ${name} at the first probe: nothing wrong is kept of it`, async () => {
      const mend = world.gateway.faults.add(fault, { path: reportPath });
      const opened = world.open({ settings: { timeout } });
      const outcome = await opened.outcome();
      // Only an answer that says "not there" may be taken for one; the list of inverters is asked for instead.
      assert.ok(outcome === code || outcome === 'data', outcome);
      mend();
      world.advance(hour);
      await opened.session.probe();
      const { gateway } = await opened.read();
      assert.deepEqual(gateway, (await world.open().read()).gateway);
      assert.ok(gateway.features.includes('metering'));
    });
  }

  for (const contentType of ['', 'text/html', 'application/json; charset=ISO-8859-4']) {
    it(`with the content type "${contentType}": data all the same`, async () => {
      world.gateway.faults.add({ kind: 'contentType', contentType });
      const opened = world.open();
      assert.equal(await opened.outcome(), 'data');
    });
  }

  describe('because it is starting', () => {
    for (const [firmware, code] of [
      ['8.3.5169', 'gateway_busy'],
      ['7.3.130', 'gateway_busy'],
      ['5.0.62', 'gateway_busy'],
      ['3.17.3', 'data_quality'],
    ] as const) {
      it(`(${firmware}) at our start: ${code}, not misjudged, then everything that it has`, async () => {
        await world.gateway.setFirmware(firmware);
        world.gateway.boot();
        const opened = world.open();
        for (let round = 0; round < 3; round++) assert.equal(await opened.outcome(), code);
        world.gateway.booted();
        const { gateway } = await opened.read();
        assert.deepEqual(gateway, (await world.open().read()).gateway);
        assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
      });

      it(`(${firmware}) while it is read: ${code}, then data, no login`, async () => {
        await world.gateway.setFirmware(firmware);
        const opened = await reading();
        world.gateway.boot();
        for (let round = 0; round < 3; round++) assert.equal(await opened.outcome(), code);
        world.gateway.booted();
        assert.equal(await opened.outcome(), 'data');
        assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
      });
    }

    it('with /info too: gateway_busy, then data', async () => {
      const mend = world.gateway.faults.add({ kind: 'status', status: 503 });
      const opened = world.open();
      assert.equal(await opened.outcome(), 'gateway_busy');
      mend();
      assert.equal(await opened.outcome(), 'data');
    });

    it('with one part only: that part is looked for again by itself', async () => {
      const mend = world.gateway.faults.add({ kind: 'status', status: 503 }, { path: '/ivp/pdm/device_data' });
      const opened = world.open();
      const payload = await opened.read();
      assert.ok(payload['production'] && payload.warnings?.some(({ code }) => code === 'gateway_busy'));
      mend();
      world.advance(11 * minute);
      const later = await opened.read();
      assert.ok(later.gateway.features.includes('detailedInverters') && later['inverters']);
      assert.equal(later.warnings, undefined);
    });
  });

  it('because it is off the network: gateway_unreachable, then data at the first read after', async () => {
    const opened = await reading();
    await world.gateway.powerOff();
    for (let round = 0; round < 2; round++) assert.equal(await opened.outcome(), 'gateway_unreachable');
    await world.gateway.powerOn();
    assert.equal(await opened.outcome(), 'data');
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('because its connection was cut between two reads: data in the next read', async () => {
    const opened = await reading();
    for (let round = 0; round < 3; round++) {
      world.gateway.disconnect();
      assert.equal(await opened.outcome(), 'data');
    }
  });

  describe('at /info', () => {
    const moved = (location: string): Fault => ({ kind: 'status', status: 302, headers: { Location: location } });
    const rows: readonly [name: string, fault: () => Fault, outcome: string][] = [
      ['a redirect within the gateway', () => moved('/info.xml'), 'data'],
      ['a redirect to "localhost"', () => moved(`https://localhost:${world.gateway.port}/info`), 'gateway_unreachable'],
      ['a redirect to itself', () => moved('/info'), 'gateway_unreachable'],
      ['a page', () => ({ kind: 'html' }), 'not_a_gateway'],
      ['half a document', () => ({ kind: 'truncated' }), 'not_a_gateway'],
      ['status 404', () => ({ kind: 'status', status: 404 }), 'http_status'],
    ];
    for (const [name, fault, outcome] of rows) {
      it(`with ${name}: ${outcome}`, async () => {
        world.gateway.faults.add(fault(), { path: '/info' });
        const opened = world.open();
        assert.equal(await opened.outcome(), outcome);
        if (outcome !== 'data') {
          const others = world.gateway.log.requests.filter(({ path }) => path !== '/info');
          assert.deepEqual(others, [], 'nothing else was asked');
        }
        world.gateway.faults.clear();
        assert.equal(await opened.outcome(), 'data');
      });
    }
  });
});
