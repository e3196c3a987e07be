import assert from 'node:assert/strict';
import { probe } from '../../../../lib/envoy/datasets/registry.js';
import {
  bench,
  ct,
  deviceData,
  eim,
  failure,
  figures,
  gatewayInfo,
  inverterSum,
  listed,
  paths,
  pcu,
  used,
  v1,
  type Replies,
} from './support.js';

const zero = v1([1322, 0, 0, 0]);
const counting = v1([586, 10363, 101742, 1544282]);
const inactive = { production: [inverterSum(14, 1322, 1152866), eim(0, [0, 0, 0, 0])], consumption: [] };
const active = {
  production: [inverterSum(14, 500, 400), eim(1, [520, 90, 800, 9000])],
  consumption: [used('total', [700, 1, 2, 3]), used('net', [180, 0, 0, 4])],
};
const disabled = [ct(1, 'production', 3, { state: 'disabled' })];

interface Row {
  readonly title: string;
  readonly firmware: string;
  readonly metered: boolean;
  readonly replies: Replies;
  readonly kind: string;
  readonly path: string;
}

const rows: readonly Row[] = [
  {
    title: 'a standard gateway',
    firmware: '7.6.114',
    metered: false,
    replies: { [paths.meters]: [], [paths.details]: { production: [inverterSum(13, 1, 2)] }, [paths.v1]: counting },
    kind: 'v1',
    path: paths.v1,
  },
  {
    title: 'an old standard gateway that gives pages for its reports',
    firmware: '3.9.36',
    metered: false,
    replies: { [paths.details]: failure.page, [paths.production]: failure.page, [paths.v1]: counting },
    kind: 'v1',
    path: paths.v1,
  },
  {
    title: 'a standard gateway whose v1 is all zero (8.3.5422)',
    firmware: '8.3.5422',
    metered: false,
    replies: { [paths.meters]: [], [paths.details]: { production: [inverterSum(13, 900, 2)] }, [paths.v1]: zero },
    kind: 'inverters',
    path: paths.details,
  },
  {
    title: 'a metered gateway with its meter in use',
    firmware: '8.2.127',
    metered: true,
    replies: { [paths.meters]: [ct(1, 'production', 2)], [paths.details]: active, [paths.v1]: counting },
    kind: 'eim',
    path: paths.details,
  },
  {
    title: 'a metered gateway that refuses the first report',
    firmware: '7.0.88',
    metered: true,
    replies: { [paths.details]: failure.refused, [paths.production]: active },
    kind: 'eim',
    path: paths.production,
  },
  {
    title: 'a meter that is in use although /ivp/meters is refused (4.10, 7.3.130)',
    firmware: '4.10.35',
    metered: false,
    replies: { [paths.meters]: failure.refused, [paths.details]: active, [paths.production]: failure.refused },
    kind: 'eim',
    path: paths.details,
  },
  {
    title: 'a metered gateway with disabled CTs and a counting v1, before 8.2.4264',
    firmware: '8.2.127',
    metered: true,
    replies: { [paths.meters]: disabled, [paths.details]: inactive, [paths.v1]: counting },
    kind: 'v1',
    path: paths.v1,
  },
  {
    title: 'a metered gateway with disabled CTs and a zero v1, before 8.2.4264',
    firmware: '7.6.175',
    metered: true,
    replies: { [paths.meters]: disabled, [paths.details]: inactive, [paths.v1]: zero },
    kind: 'inverters',
    path: paths.details,
  },
  {
    title: 'a metered gateway with disabled CTs and a frozen v1, from 8.2.4264',
    firmware: '8.2.4264',
    metered: true,
    replies: { [paths.meters]: disabled, [paths.details]: inactive, [paths.v1]: counting },
    kind: 'inverters',
    path: paths.details,
  },
  {
    title: 'a metered gateway with an enabled CT but without a meter in its report, from 8.2.4264',
    firmware: '8.2.4264',
    metered: true,
    replies: { [paths.meters]: [ct(1, 'load')], [paths.details]: { production: [] }, [paths.v1]: counting },
    kind: 'v1',
    path: paths.v1,
  },
];

describe('probe: the source of production', () => {
  for (const { title, firmware, metered, replies, kind, path } of rows) {
    it(`of ${title} is ${kind}`, async () => {
      const { context, asked } = bench(gatewayInfo(firmware, metered), replies);
      const facts = await probe(context);
      assert.deepEqual(facts.production, { kind, path });
      assert.ok(facts.features.includes('production'));
      assert.equal(facts.features.includes('metering'), kind === 'eim');
      assert.deepEqual(asked, [...new Set(asked)], 'a path was asked twice');
    });
  }
});

describe('probe: the other parts', () => {
  it('finds wiring, consumption and phases', async () => {
    const report = {
      production: [
        eim(
          1,
          [1, 2, 3, 4],
          [
            [1, 0, 0, 0],
            [0, 0, 0, 0],
          ],
        ),
      ],
      consumption: [
        used(
          'net',
          [1, 2, 3, 4],
          [
            [1, 0, 0, 0],
            [2, 0, 0, 0],
          ],
        ),
      ],
    };
    const replies = { [paths.meters]: [ct(1, 'production', 2), ct(2, 'net-consumption', 2)], [paths.details]: report };
    const { context, asked } = bench(gatewayInfo('8.2.127', true), replies);
    const facts = await probe(context);
    assert.equal(facts.phaseCount, 2);
    assert.equal(facts.phaseMode, 'split');
    assert.equal(facts.activePhaseCount, 2);
    assert.deepEqual(facts.meters, [
      { eid: 1, measurementType: 'production' },
      { eid: 2, measurementType: 'net-consumption' },
    ]);
    assert.deepEqual([...facts.features].sort(), ['ctMeters', 'dualPhase', 'metering', 'netConsumption', 'production']);
    assert.equal(facts.consumptionPath, undefined);
    assert.equal(facts.netConsumptionPath, paths.details);
    assert.ok(asked.includes(paths.production), 'the second report may have what the first one lacks');
    assert.equal('incomplete' in facts, false);
  });

  it('does not ask for the slow second report where the first one has everything', async () => {
    const { context, asked } = bench(gatewayInfo('8.2.127', true), { [paths.details]: active });
    const facts = await probe(context);
    assert.equal(asked.includes(paths.production), false);
    assert.deepEqual([facts.consumptionPath, facts.netConsumptionPath], [paths.details, paths.details]);
  });

  it('passes over consumption entries without a measurement type (4.2.33)', async () => {
    const report = {
      production: [eim(1, [1, 2, 3, 4])],
      consumption: [{ type: 'eim', activeCount: 0, ...figures([0, 0, 0, 0]) }],
    };
    const facts = await probe(bench(gatewayInfo('4.2.33', false), { [paths.details]: report }).context);
    assert.deepEqual(facts.features, ['production', 'metering']);
  });

  it('prefers device data, and takes the plain list from 50 devices on', async () => {
    const devices = Array.from({ length: 50 }, (_, index) => pcu(`${121000000000 + index}`));
    const list = [listed('1', 5)];
    const choose = async (reply: unknown) => {
      const replies = { [paths.details]: active, [paths.deviceData]: reply, [paths.inverters]: list };
      const facts = await probe(bench(gatewayInfo('8.2.4345', true), replies).context);
      return [facts.inverters, facts.features.includes('detailedInverters'), facts.incomplete];
    };
    assert.deepEqual(await choose(deviceData(devices.slice(1))), ['deviceData', true, undefined]);
    assert.deepEqual(await choose(deviceData(devices)), ['v1', false, undefined]);
    assert.deepEqual(await choose(failure.refused), ['v1', false, undefined]);
    assert.deepEqual(await choose(failure.page), ['v1', false, undefined]);
    assert.deepEqual(await choose(failure.busy), ['v1', false, true]);
  });

  it('is incomplete, with a warning, while the inverters cannot be asked', async () => {
    const replies = { [paths.details]: active, [paths.inverters]: failure.timeout };
    const { context, warnings } = bench(gatewayInfo('7.6.175', true), replies);
    const facts = await probe(context);
    assert.equal(facts.incomplete, true);
    assert.equal(facts.inverters, undefined);
    assert.deepEqual(
      warnings.map(({ part, code }) => [part, code]),
      [['inverters', 'gateway_timeout']],
    );
  });

  it('is complete without inverters where the gateway refuses them (3.9.36)', async () => {
    const { context, warnings } = bench(gatewayInfo('3.9.36', false), {
      [paths.v1]: counting,
      [paths.inverters]: failure.refused,
    });
    const facts = await probe(context);
    assert.deepEqual([facts.features, facts.incomplete, warnings], [['production'], undefined, []]);
  });

  it('looks again where a meter with an enabled CT is out of the report for the moment (8.3.5528)', async () => {
    const replies = { [paths.meters]: [ct(1, 'production')], [paths.details]: inactive, [paths.v1]: counting };
    const judge = async (firmware: string) =>
      (await probe(bench(gatewayInfo(firmware, true), replies).context)).incomplete;
    assert.equal(await judge('8.3.5528'), true);
    assert.equal(await judge('8.2.127'), undefined);
  });
});
