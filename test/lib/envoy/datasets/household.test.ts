import assert from 'node:assert/strict';
import { probe, readDatasets } from '../../../../lib/envoy/datasets/registry.js';
import { coded, ensemblePaths, group, homeReply, house, readFrom, storageSettings, tariffReply } from './house.js';
import { bench, failure, gatewayInfo } from './support.js';

describe('generator', () => {
  it('has state, configuration, schedule and mode', async () => {
    const { payload, facts } = await readFrom(house, ['generator']);
    assert.ok(facts.features.includes('generator'));
    assert.deepEqual(payload.generator, {
      state: {
        adminState: 'open',
        operState: 'close',
        adminMode: 2,
        schedule: 1,
        startSoc: 25,
        stopSoc: -1,
        excOn: 0,
        present: true,
        type: 3,
      },
      config: {
        maxContGenAmps: 45.5,
        minGenLoadingPerc: 10,
        maxGenEfficiencyPerc: 90,
        namePlateRatingWat: 11,
        startMethod: 'manual',
        warmUpMins: 4,
        coolDownMins: 6,
        genType: 'Portable',
        model: 'G-11',
        manufacturer: 'Works',
        lastUpdatedBy: 'owner',
        generatorId: '77',
        chargeFromGenerator: false,
      },
      schedule: {
        exerciseFreqInWeeks: 2,
        exerciseStart: 600,
        exerciseDuration: 10,
        exerciseDay: 'Wed',
        defaultStartSoc: 20,
        defaultStopSoc: 80,
        schedule: { default: [{ weekDays: 'Mon', start: 0 }] },
        lastUpdatedBy: 'owner',
      },
      mode: { genCmd: 'auto', lastUpdatedBy: 'owner' },
    });
  });

  for (const [title, reply] of [
    ['no configuration', {}],
    ['an error with status 200', { err: '404 - Not Found' }],
    ['a missing endpoint', failure.missing],
  ] as const) {
    it(`is not there with ${title}`, async () => {
      const { facts, payload, warnings } = await readFrom({ ...house, [ensemblePaths.generatorConfig]: reply }, []);
      assert.equal(facts.features.includes('generator'), false);
      assert.equal('generator' in payload, false);
      assert.deepEqual(warnings, []);
    });
  }

  it('needs a system controller, and does without each of its other endpoints', async () => {
    const alone = { ...house, [ensemblePaths.inventory]: [group('ENCHARGE')] };
    assert.equal((await readFrom(alone, ['generator'])).facts.features.includes('generator'), false);
    const old = { ...house, [ensemblePaths.generatorMode]: { err: '404 - Not Found' } };
    const { payload, warnings } = await readFrom(old, ['generator']);
    assert.deepEqual(Object.keys(payload.generator as object), ['config', 'state', 'schedule']);
    assert.deepEqual(warnings, []);
  });
});

describe('tariff', () => {
  it('is read with the storage settings', async () => {
    const { payload } = await readFrom(house, ['tariff']);
    assert.deepEqual(payload.tariff, {
      currency: { code: 'EUR' },
      logger: 'cloud',
      date: '1750000001',
      singleRate: { rate: 0.25, sell: 0.08 },
      seasons: [{ id: 'year', start: '1/1', days: [{ id: 'all', mustChargeStart: 0, enableDischargeToGrid: false }] }],
      seasonsSell: [],
      storageSettings: {
        mode: 'self-consumption',
        operationModeSubType: '',
        reservedSoc: 20,
        veryLowSoc: 5,
        chargeFromGrid: false,
        date: '1750000000',
        optSchedules: true,
      },
    });
  });

  it('reads the old savings mode as economy and keeps a mode that nobody knows', async () => {
    for (const [mode, expected] of [
      ['savings-mode', 'economy'],
      ['economy', 'economy'],
      ['ai-optimized', 'ai-optimized'],
    ] as const) {
      const reply = tariffReply({ ...storageSettings, mode, opt_schedules: undefined });
      const { payload, warnings } = await readFrom({ ...house, [ensemblePaths.tariff]: reply }, ['tariff']);
      const settings = (payload.tariff as { storageSettings: Record<string, unknown> }).storageSettings;
      assert.deepEqual([settings.mode, 'optSchedules' in settings, warnings], [expected, false, []]);
    }
  });

  it('is there without storage settings', async () => {
    for (const settings of [null, {}]) {
      const { payload } = await readFrom({ ...house, [ensemblePaths.tariff]: tariffReply(settings) }, ['tariff']);
      assert.equal('storageSettings' in (payload.tariff as object), false);
    }
  });

  it('is not there where it is refused, empty or an error', async () => {
    for (const reply of [failure.refused, {}, { error: '404' }, { tariff: null }]) {
      const { facts, warnings } = await readFrom({ ...house, [ensemblePaths.tariff]: reply }, ['production']);
      assert.deepEqual([facts.features.includes('tariff'), warnings], [false, []]);
    }
  });

  it('is left out with a warning where it fails later', async () => {
    const facts = (await readFrom(house, ['production'])).facts;
    const now = bench(gatewayInfo('8.2.127', true), { ...house, [ensemblePaths.tariff]: { err: 'busy' } });
    assert.equal('tariff' in (await readDatasets(now.context, facts, [])), false);
    assert.deepEqual(coded(now), [['tariff', 'reply_invalid']]);
  });
});

describe('interface', () => {
  it('is the one in use', async () => {
    const { payload, asked } = await readFrom(house, ['interface']);
    assert.deepEqual(asked, [ensemblePaths.home]);
    assert.deepEqual(payload.interface, {
      primaryInterface: 'wlan0',
      interfaceType: 'wifi',
      mac: '02:00:00:00:00:02',
      dhcp: true,
      softwareBuildEpoch: 1745000000,
      timezone: 'Europe/Paris',
    });
  });

  it('is never asked by a probe, nor where other parts are wanted', async () => {
    const gateway = bench(gatewayInfo('8.2.127', true), house);
    const facts = await probe(gateway.context);
    await readDatasets(gateway.context, facts, ['production', 'batteries', 'tariff']);
    assert.equal(gateway.asked.includes(ensemblePaths.home), false);
  });

  it('says unknown for what the gateway does not tell', async () => {
    const network = { primary_interface: 'ppp0', interfaces: [{ interface: 'ppp0' }] };
    const { payload } = await readFrom({ ...house, [ensemblePaths.home]: { network } }, ['interface']);
    assert.deepEqual(payload.interface, {
      primaryInterface: 'ppp0',
      interfaceType: 'unknown',
      mac: 'unknown',
      dhcp: false,
      timezone: 'unknown',
    });
  });

  it('is absent where the gateway has none', async () => {
    const other = { ...homeReply, network: { ...homeReply.network, primary_interface: 'eth9' } };
    for (const reply of [failure.missing, failure.page, failure.refused, { error: '404' }, {}, other]) {
      const { payload, warnings } = await readFrom({ ...house, [ensemblePaths.home]: reply }, []);
      assert.deepEqual(['interface' in payload, warnings], [false, []]);
    }
    const busy = await readFrom({ ...house, [ensemblePaths.home]: failure.timeout }, []);
    assert.deepEqual(coded(busy), [['interface', 'gateway_timeout']]);
  });
});
