import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  noQualityState,
  qualityStateFrom,
  updateQuality,
  type Judged,
  type TimedPayload,
} from '../../../../lib/envoy/datasets/quality.js';

const start = Date.UTC(2026, 5, 21, 10);
const minute = 60_000;

/** Twelve inverters of 380 W: 1.25 x 4.8 kW, or 100 Wh a minute, is the most that this roof can do. */
const inverters = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`1220000000${index + 10}`, { maxReportWatts: 380 }]),
);
const gateway = { phaseCount: 1, features: ['metering'] };

interface Reading {
  readonly at: number;
  readonly production?: number;
  readonly more?: object;
}

const payloadOf = ({ at, production, more }: Reading): TimedPayload => ({
  readAt: start + at * minute,
  gateway,
  inverters,
  ...(production !== undefined && {
    production: { wattsNow: 3000, wattHoursLifetime: production, source: '/production.json?details=1' },
  }),
  ...more,
});

/** What becomes of readings one after the other. */
function follow(readings: readonly TimedPayload[]): Judged<TimedPayload>[] {
  let state = noQualityState;
  return readings.map((payload) => {
    const judged = updateQuality(state, payload);
    state = judged.state;
    return judged;
  });
}

const lifetime = ({ payload }: Judged<TimedPayload>) =>
  (payload.production as { wattHoursLifetime?: number } | undefined)?.wattHoursLifetime;
const lifetimes = (readings: readonly Reading[]) => follow(readings.map(payloadOf)).map(lifetime);
const last = <T>(list: readonly T[]): T => list.at(-1) ?? assert.fail('nothing was read');

describe('counters that cannot be right', () => {
  it('lets sound readings through as they are', () => {
    const readings = [0, 1, 2, 3].map((at) => payloadOf({ at, production: 1_000_000 + at * 50 }));
    for (const [index, judged] of follow(readings).entries()) {
      assert.equal(judged.payload, readings[index]);
      assert.deepEqual([judged.warnings, judged.rebased], [[], []]);
    }
  });

  for (const [title, value, words] of [
    ['falls', 400_000, /went backwards/],
    ['falls to zero, as after a boot', 0, /went backwards/],
    ['jumps', 9_000_000, /jumped/],
  ] as const) {
    it(`leaves out a counter that ${title}, with a warning, and goes on after it`, () => {
      const values = [1_000_000, 1_000_050, value, 1_000_150];
      const outcome = follow(values.map((production, at) => payloadOf({ at, production })));
      assert.deepEqual(outcome.map(lifetime), [1_000_000, 1_000_050, undefined, 1_000_150]);
      const { payload, warnings } = outcome[2] ?? assert.fail();
      assert.equal((payload.production as { wattsNow: number }).wattsNow, 3000, 'the rest of the part stays');
      assert.deepEqual(
        warnings.map(({ part, code }) => [part, code]),
        [['production', 'data_quality']],
      );
      assert.match(warnings[0]?.message ?? '', words);
      assert.deepEqual(last(outcome).warnings, []);
    });
  }

  it('keeps the last value where a sum falls by its noise', () => {
    assert.deepEqual(
      lifetimes([5000, 4995, 4991, 5010].map((production, at) => ({ at, production }))),
      [5000, 5000, 5000, 5010],
    );
  });

  it('allows what a long silence explains', () => {
    assert.deepEqual(
      lifetimes([
        { at: 0, production: 1_000_000 },
        { at: 8 * 60, production: 1_030_000 },
      ]),
      [1_000_000, 1_030_000],
    );
  });

  it('accepts a reset that stays, after a quarter of an hour, and names it once', () => {
    const outcome = follow([
      payloadOf({ at: 0, production: 1_000_000 }),
      ...Array.from({ length: 20 }, (_, index) => payloadOf({ at: index + 1, production: 100 + index * 50 })),
    ]);
    const seen = outcome.map(lifetime);
    assert.deepEqual(seen.slice(1, 16), Array(15).fill(undefined));
    assert.deepEqual(seen.slice(16), [850, 900, 950, 1000, 1050]);
    assert.deepEqual(
      outcome.flatMap(({ rebased }) => rebased),
      ['production.wattHoursLifetime'],
    );
  });

  it('does not take a few readings, nor readings that contradict each other, for a reset', () => {
    const rare = [0, 10, 20, 30].map((at) => ({ at, production: at === 0 ? 1_000_000 : 500 + at }));
    assert.deepEqual(lifetimes(rare), [1_000_000, undefined, undefined, undefined]);
    const wild = Array.from({ length: 40 }, (_, at) => ({ at, production: at === 0 ? 1_000_000 : (at % 2) * 500_000 }));
    assert.deepEqual(new Set(lifetimes(wild).slice(1)), new Set([undefined]));
  });

  it('accepts another source of production at once, and says that it counts from elsewhere', () => {
    const summary = { wattHoursLifetime: 400, wattsNow: 100, source: '/api/v1/production' };
    const outcome = follow([
      payloadOf({ at: 0, production: 900_000 }),
      payloadOf({ at: 1, more: { production: summary } }),
    ]);
    assert.deepEqual(outcome.map(lifetime), [900_000, 400]);
    assert.deepEqual(last(outcome).rebased, ['production.wattHoursLifetime']);
    assert.match(last(outcome).warnings[0]?.message ?? '', /^wattHoursLifetime counts from another beginning/);
  });

  it('allows the steps of a sum that is renewed every quarter of an hour', () => {
    const standard = (at: number, wattHoursLifetime: number): TimedPayload => ({
      readAt: start + at * minute,
      gateway: { phaseCount: 1, features: ['production'] },
      inverters,
      production: { wattsNow: 4000, wattHoursLifetime, source: '/production.json?details=1' },
    });
    const steps = Array.from({ length: 60 }, (_, at) => standard(at, 50_000 + Math.floor(at / 15) * 1100));
    assert.deepEqual(
      follow(steps).flatMap(({ warnings }) => warnings),
      [],
    );
    assert.equal(lifetime(last(follow([...steps, standard(60, 150_000)]))), undefined);
  });

  it('takes the highest production seen where the CT measures more than the inverters', () => {
    const measured = (at: number, wattsNow: number, wattHoursLifetime: number) =>
      payloadOf({ at, more: { production: { wattsNow, wattHoursLifetime, source: '/production' } } });
    const outcome = follow([
      measured(0, 15_000, 0),
      measured(10, 100, 2400),
      measured(20, 5e9, 4800),
      measured(21, 0, 9e6),
    ]);
    assert.deepEqual(outcome.map(lifetime), [0, 2400, 4800, undefined]);
  });

  it('watches consumption, the CTs, their phases and each inverter', () => {
    const house = (at: number, grown: number): TimedPayload =>
      payloadOf({
        at,
        more: {
          consumption: { wattHoursLifetime: 700_000 + grown, source: '/production' },
          meters: {
            'net-consumption': {
              energyDelivered: 80_000 + grown,
              energyReceived: 30_000,
              phases: { L1: { energyDelivered: 40_000 + grown } },
            },
          },
          inverters: {
            '122000000010': { maxReportWatts: 300, lastReportDate: start / 1000, lifetimeEnergy: 9000 + grown },
          },
        },
      });
    assert.deepEqual(last(follow([house(0, 0), house(1, 20)])).warnings, []);
    const { payload, warnings } = last(follow([house(0, 0), house(1, 90_000)]));
    assert.deepEqual(payload.meters, { 'net-consumption': { energyReceived: 30_000, phases: { L1: {} } } });
    assert.deepEqual(payload.consumption, { source: '/production' });
    assert.deepEqual(Object.keys((payload.inverters as Record<string, object>)['122000000010'] ?? {}), [
      'maxReportWatts',
      'lastReportDate',
    ]);
    assert.deepEqual(
      warnings.map(({ part }) => part),
      ['consumption', 'meters', 'inverters'],
    );
    assert.ok(
      warnings.every(({ message }) => !message.includes('122000000010')),
      'a serial number was written',
    );
  });

  it('lets net consumption fall: that is what export does', () => {
    const net = (at: number, wattHoursLifetime: number) =>
      payloadOf({ at, more: { netConsumption: { wattHoursLifetime } } });
    const { payload, warnings } = last(follow([net(0, 5000), net(60, -2000)]));
    assert.deepEqual([payload.netConsumption, warnings], [{ wattHoursLifetime: -2000 }, []]);
  });

  it('never shows a step that the roof cannot do, unless it names it', () => {
    const values = fc.array(fc.oneof(fc.nat(2_000_000), fc.constantFrom(0, 1_000_000, 1_000_100)), { maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        let shown: { value: number; at: number } | undefined;
        for (const [at, judged] of follow(
          list.map((production, index) => payloadOf({ at: index, production })),
        ).entries()) {
          const value = lifetime(judged);
          if (value === undefined) continue;
          if (shown && judged.rebased.length === 0) {
            assert.ok(value >= shown.value, `fell from ${shown.value} to ${value}`);
            assert.ok(value - shown.value <= (at - shown.at + 5) * 100, `rose from ${shown.value} to ${value}`);
          }
          shown = { value, at };
        }
      }),
    );
  });

  it('takes any record from disk, and forgets what is no use', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        const { state } = updateQuality(qualityStateFrom(record), payloadOf({ at: 0, production: 5 }));
        assert.ok(state.counters['production.wattHoursLifetime']);
      }),
    );
    const { state } = updateQuality(noQualityState, payloadOf({ at: 0, production: 1_000_000 }));
    const restored = qualityStateFrom(JSON.parse(JSON.stringify(state)));
    assert.deepEqual(restored, state);
    assert.equal(lifetime(updateQuality(restored, payloadOf({ at: 1, production: 3 }))), undefined);
  });
});
