import assert from 'node:assert/strict';
import type { MeterReadingDocument } from '../../../../lib/linky/documents.js';
import { measurementResources } from '../../../../lib/linky/datasets.js';
import type { ApiMode } from '../../../../lib/proxy/settings/settings.js';
import { startEnedis } from '../../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../../simulator/enedis/types.js';
import { noon, settingsFor } from './instances.js';
import { withInstances } from './suite.js';

/** Consumes and produces. */
const usagePoint = '12655648759651';

describe('the upstream of the proxy against the simulated Enedis', () => {
  const instances = withInstances();
  let enedis: SimulatedEnedis;
  beforeEach(async () => {
    enedis = await startEnedis({ now: () => instances().time, redirectUrl: 'https://proxy.example/auth/redirect' });
  });
  afterEach(() => enedis.close());

  const start = (apiMode: ApiMode = 'new') =>
    instances().start({ ...settingsFor(enedis.url, { apiMode }), endpoints: enedis.endpoints });
  const consent = () => enedis.consent({ authorizeUrl: enedis.authorizeUrl({ state: 's' }), customer: usagePoint });
  const read = async (path: string, apiMode: ApiMode, start_ = '2026-10-24', end = '2026-10-27') => {
    const answer = await start(apiMode).data({ path, usagePoint, start: start_, end });
    assert.equal(answer.status, 200, answer.body);
    return JSON.parse(answer.body) as MeterReadingDocument;
  };

  for (const { dataset, v5 } of measurementResources) {
    it(`gives the ${dataset} of 2026 as v5 gives it, over a change of clocks`, async () => {
      await consent();
      const legacy = await read(v5, 'legacy');
      assert.ok(legacy.meter_reading.interval_reading.length > 0);
      assert.deepEqual(await read(v5, 'new'), legacy);
    });
  }

  it('does so with every oddity of 2026 at once (checks 134, 135, 136)', async () => {
    await consent();
    const { v5 } = measurementResources[2] ?? assert.fail();
    const legacy = await read(v5, 'legacy');
    Object.assign(enedis.switches, {
      reverseOrder: true,
      octetStream: true,
      kiloUnits: true,
      brokenPoints: true,
      furtherQuantities: true,
      stampsAtStart: true,
      expiresInAsText: true,
    });
    assert.deepEqual(await read(v5, 'new'), legacy);
  });

  it('takes a single day for what it is', async () => {
    await consent();
    const { meter_reading } = await read('metering_data_dc/v5/daily_consumption', 'new', '2026-11-10', '2026-11-10');
    assert.deepEqual(
      meter_reading.interval_reading.map(({ date }) => date),
      ['2026-11-10'],
    );
  });

  it('finds the usage point of an authorisation, on however many pages', async () => {
    const callback = new URL(await consent());
    enedis.switches.servicesPageSize = 2;
    for (const firstPage of [0, 1] as const) {
      enedis.switches.servicesFirstPage = firstPage;
      const services = await start().services(callback.searchParams.get('autorisation_id') ?? '');
      assert.ok(services.length > 2);
      assert.ok(services.every((service) => service.usagePoint === usagePoint && service.from === '2026-11-12'));
    }
  });

  it('gives the contract without a word about its holder', async () => {
    await consent();
    const path = 'customers_upc/v5/usage_points/contracts';
    const { body, status } = await start().data({ path, usagePoint });
    assert.equal(status, 200);
    assert.doesNotMatch(body, /Exemple|Gaël|person|contact|address|@/);
    assert.match(body, /"subscribed_power":"9 kVA"/);
    assert.match(body, /"offpeak_hours":"HC \(/);
  });

  it('says that there is no consent once it is withdrawn', async () => {
    await consent();
    enedis.revokeConsent(usagePoint);
    const path = 'metering_data_dc/v5/daily_consumption';
    const answer = await start().data({ path, usagePoint, start: '2026-11-01', end: '2026-11-08' });
    assert.deepEqual([answer.status, answer.consentMissing], [403, true]);
  });

  it('renews its token when Enedis forgets it', async () => {
    await consent();
    const upstream = start();
    const week = { path: 'metering_data_dc/v5/daily_consumption', usagePoint, start: '2026-11-01', end: '2026-11-08' };
    await upstream.data(week);
    enedis.revokeTokens();
    instances().time = noon + 61_000;
    assert.equal((await upstream.data(week)).status, 200);
    assert.equal(enedis.tokenRequests, 2);
  });

  it('goes on with v5 where 2026 is switched off, and with 2026 where v5 is', async () => {
    await consent();
    const week = { path: 'metering_data_dc/v5/daily_consumption', usagePoint, start: '2026-11-01', end: '2026-11-08' };
    enedis.switches.currentOff = true;
    assert.equal((await start('auto').data(week)).source, 'legacy');
    enedis.switches.currentOff = false;
    enedis.switches.legacyOff = true;
    assert.equal((await start('auto').data(week)).source, 'new');
  });
});
