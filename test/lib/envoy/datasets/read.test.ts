import assert from 'node:assert/strict';
import { EnergyError } from '../../../../lib/errors.js';
import { probe, readDatasets } from '../../../../lib/envoy/datasets/registry.js';
import type { DatasetName, Parts, Source } from '../../../../lib/envoy/datasets/types.js';
import {
  bench,
  ct,
  deviceData,
  eim,
  failure,
  gatewayInfo,
  inverterSum,
  listed,
  paths,
  pcu,
  reading,
  totals,
  used,
  v1,
  type Bench,
  type Replies,
} from './support.js';

const sound: Replies = {
  [paths.meters]: [ct(1, 'production'), ct(2, 'net-consumption')],
  [paths.readings]: [reading(1, 500, 9000, 2), reading(2, 200, 700, 300)],
  [paths.details]: {
    production: [inverterSum(3, 480, 70000), eim(1, [500, 90, 800, 9000])],
    consumption: [used('net', [200, 0, 0, 400]), used('total', [700, 11, 22, 9400])],
  },
  [paths.deviceData]: deviceData([pcu('1'), pcu('2')]),
};

interface Outcome extends Bench {
  readonly payload: Record<string, unknown>;
}

/** A gateway probed while it answers `sound`, then read while it answers with `changes`. */
async function readAfter(
  changes: Replies,
  wanted: readonly DatasetName[] = [],
  firmware = '8.3.5169',
  before: Replies = sound,
): Promise<Outcome> {
  const info = gatewayInfo(firmware, true);
  const facts = await probe(bench(info, before).context);
  const now = bench(info, { ...before, ...changes });
  return { ...now, payload: await readDatasets(now.context, facts, wanted) };
}

const coded = (outcome: Outcome) => outcome.warnings.map(({ part, code }) => [part, code]);

const report = (production: readonly object[], consumption: readonly object[] = []): Replies => ({
  [paths.details]: { production, consumption },
});

describe('reading the datasets', () => {
  it('gives every part that the gateway has, each from its source', async () => {
    const { payload, warnings, asked } = await readAfter({});
    assert.deepEqual(Object.keys(payload).sort(), [
      'consumption',
      'inverters',
      'meters',
      'netConsumption',
      'production',
    ]);
    assert.deepEqual(payload.production, { ...totals([500, 90, 800, 9000]), source: paths.details });
    assert.deepEqual(payload.consumption, { ...totals([700, 11, 22, 9400]), source: paths.details });
    assert.deepEqual(payload.netConsumption, { ...totals([200, 0, 0, 400]), source: paths.details });
    assert.deepEqual(Object.keys(payload.inverters as object), ['1', '2']);
    assert.deepEqual(warnings, []);
    assert.deepEqual(asked, [...new Set(asked)], 'a path was asked twice');
  });

  it('asks and gives what is wanted only', async () => {
    const { payload, asked } = await readAfter({}, ['inverters']);
    assert.deepEqual([Object.keys(payload), asked], [['inverters'], [paths.deviceData]]);
    assert.deepEqual(Object.keys((await readAfter({}, ['production'])).payload), ['production']);
    assert.deepEqual(Object.keys((await readAfter({}, ['batteries', 'meters'])).payload), ['meters']);
  });

  it('does not ask for parts that are kept', async () => {
    const kept = new Map<Source, Parts>();
    const facts = await probe(bench(gatewayInfo('8.3.5169', true), sound).context);
    const first = bench(gatewayInfo('8.3.5169', true), sound);
    const payload = await readDatasets(first.context, facts, [], kept);
    for (const [source] of kept) if (source.refresh === undefined || source.refresh === 'cycle') kept.delete(source);
    const second = bench(gatewayInfo('8.3.5169', true), sound);
    assert.deepEqual(await readDatasets(second.context, facts, [], kept), payload);
    assert.deepEqual(second.asked, [paths.meters, paths.readings, paths.details]);
  });

  it('reads v1 production and the plain list of inverters', async () => {
    const before = {
      [paths.v1]: v1([586, 10, 100, 1000]),
      [paths.inverters]: [listed('7', 44), listed('8', 1, { devType: 11 })],
    };
    const { payload } = await readAfter({}, [], '7.6.114', before);
    assert.deepEqual(payload, {
      production: { ...totals([586, 10, 100, 1000]), source: paths.v1 },
      inverters: { '7': { serialNumber: '7', lastReportDate: 1751000200, lastReportWatts: 44, maxReportWatts: 300 } },
    });
  });
});

describe('reading: failures', () => {
  for (const code of ['missing', 'page', 'refused', 'rejected', 'unreachable', 'timeout', 'busy'] as const) {
    it(`leaves out CTs and inverters that are ${code}, with a warning each`, async () => {
      const changes = { [paths.readings]: failure[code], [paths.deviceData]: failure[code] };
      const outcome = await readAfter(changes);
      assert.deepEqual(Object.keys(outcome.payload).sort(), ['consumption', 'netConsumption', 'production']);
      assert.deepEqual(coded(outcome), [
        ['meters', failure[code].code],
        ['inverters', failure[code].code],
      ]);
    });

    it(`fails where production is ${code}`, async () => {
      await assert.rejects(readAfter({ [paths.details]: failure[code] }), failure[code]);
    });

    it(`fails where nothing that is wanted can be had: ${code}`, async () => {
      await assert.rejects(readAfter({ [paths.deviceData]: failure[code] }, ['inverters']), failure[code]);
    });
  }

  it('ends with the cycle', async () => {
    for (const code of ['expired', 'closed', 'certificate'] as const) {
      await assert.rejects(readAfter({ [paths.readings]: failure[code] }), failure[code]);
    }
  });

  it('says which field of production is missing', async () => {
    const broken = report([{ type: 'eim', activeCount: 1, whLifetime: 5 }]);
    await assert.rejects(readAfter(broken), (error) => {
      assert.ok(error instanceof EnergyError);
      assert.deepEqual([error.code, error.parameters], ['reply_invalid', { endpoint: paths.details, field: 'wNow' }]);
      return true;
    });
  });

  it('goes on without the consumption that is missing or broken', async () => {
    const production = [eim(1, [500, 90, 800, 9000])];
    const net = used('net', [200, 0, 0, 400]);
    const gone = await readAfter(report(production, [net]));
    assert.deepEqual(Object.keys(gone.payload).sort(), ['inverters', 'meters', 'netConsumption', 'production']);
    assert.deepEqual(coded(gone), [['consumption', 'data_quality']]);
    const broken = await readAfter(report(production, [net, { ...used('total', [1, 2, 3, 4]), whToday: null }]));
    assert.equal('consumption' in broken.payload, false);
    assert.deepEqual(coded(broken), [['consumption', 'reply_invalid']]);
  });

  it('warns of a list of inverters that has reached its limit since the probe', async () => {
    const full = Array.from({ length: 50 }, (_, index) => pcu(`${121000000000 + index}`));
    const outcome = await readAfter({ [paths.deviceData]: deviceData(full) });
    assert.equal(Object.keys(outcome.payload.inverters as object).length, 50);
    assert.deepEqual(coded(outcome), [['inverters', 'data_quality']]);
  });

  it('skips an inverter that lost its reading', async () => {
    const outcome = await readAfter({ [paths.deviceData]: deviceData([pcu('1'), pcu('2', { channels: [] })]) });
    assert.deepEqual([Object.keys(outcome.payload.inverters as object), outcome.warnings], [['1'], []]);
  });
});

describe('reading: values that cannot be right', () => {
  it('never replaces a meter that drops out for a poll by the inverters (8.3.5528)', async () => {
    const dropped = report([inverterSum(3, 480, 70000), eim(0, [0, 0, 0, 9000])], [used('net', [200, 0, 0, 400])]);
    const outcome = await readAfter(dropped, ['production'], '8.3.5528');
    assert.deepEqual(outcome.payload, {});
    assert.deepEqual(coded(outcome), [['production', 'data_quality']]);
    assert.ok('production' in (await readAfter({}, ['production'], '8.3.5528')).payload);
  });

  it('fails on the zeros of a firmware 3 that starts', async () => {
    const before = { [paths.v1]: v1([586, 10, 100, 1000]) };
    const isPoor = { code: 'data_quality' };
    await assert.rejects(readAfter({ [paths.v1]: v1([0, 0, 0, 0]) }, [], '3.17.3', before), isPoor);
    const night = await readAfter({ [paths.v1]: v1([0, 0, 0, 1000]) }, [], '3.17.3', before);
    assert.deepEqual(night.payload.production, { ...totals([0, 0, 0, 1000]), source: paths.v1 });
    const newer = await readAfter({ [paths.v1]: v1([0, 0, 0, 0]) }, [], '5.0.62', before);
    assert.deepEqual(newer.payload.production, { ...totals([0, 0, 0, 0]), source: paths.v1 });
  });

  it('repairs a total overwritten by net from 8.3.5433 on', async () => {
    const overwritten = report(
      [eim(1, [500, 90, 800, 9000])],
      [used('total', [200, 11, 22, 400]), used('net', [200, 0, 0, 400])],
    );
    const total = async (firmware: string) =>
      (await readAfter(overwritten, ['consumption'], firmware)).payload.consumption;
    assert.deepEqual(await total('8.3.5433'), { ...totals([700, 11, 22, 9400]), source: paths.details });
    assert.deepEqual(await total('8.3.5169'), { ...totals([200, 11, 22, 400]), source: paths.details });
  });

  it('repairs the phases of a total, too', async () => {
    const phased = report(
      [
        eim(
          1,
          [500, 0, 0, 9000],
          [
            [300, 0, 0, 5000],
            [200, 0, 0, 4000],
          ],
        ),
      ],
      ['total', 'net'].map((kind) =>
        used(
          kind as 'total' | 'net',
          [10, 0, 0, 30],
          [
            [4, 0, 0, 20],
            [6, 0, 0, 10],
          ],
        ),
      ),
    );
    const before = { ...sound, ...phased, [paths.meters]: [ct(1, 'production', 2), ct(2, 'net-consumption', 2)] };
    const { payload } = await readAfter({}, ['consumption'], '8.3.5433', before);
    assert.deepEqual(payload.consumption, {
      ...totals([510, 0, 0, 9030]),
      source: paths.details,
      phases: { L1: totals([304, 0, 0, 5020]), L2: totals([206, 0, 0, 4010]) },
    });
  });

  it('leaves out an overwritten total that lacks the production to repair it', async () => {
    const consumption = [used('total', [200, 11, 22, 400]), used('net', [200, 0, 0, 400])];
    const outcome = await readAfter(report([eim(0, [0, 0, 0, 0])], consumption), ['consumption'], '8.3.5528');
    assert.deepEqual(Object.keys(outcome.payload), ['netConsumption']);
    assert.deepEqual(coded(outcome), [['consumption', 'data_quality']]);
  });

  it('warns of the storage CT that shows one phase only (8.3.6086)', async () => {
    const before = {
      ...sound,
      [paths.meters]: [ct(3, 'storage', 2)],
      [paths.readings]: [{ ...reading(3, 700, 500, 90), channels: [reading(31, 700, 500, 90), reading(32, 0, 0, 0)] }],
    };
    const outcome = await readAfter({}, ['meters'], '8.3.6086', before);
    assert.deepEqual(coded(outcome), [['meters', 'data_quality']]);
    const { storage } = outcome.payload.meters as Record<string, { phases?: object }>;
    assert.deepEqual(Object.keys(storage?.phases ?? {}), ['L1']);
  });
});
