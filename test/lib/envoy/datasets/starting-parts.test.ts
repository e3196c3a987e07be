import assert from 'node:assert/strict';
import {
  noQualityState,
  qualityStateFrom,
  updateQuality,
  type Judged,
  type TimedPayload,
} from '../../../../lib/envoy/datasets/quality.js';

const start = Date.UTC(2026, 5, 21, 10);
const minute = 60_000;
const report = '/production.json?details=1';

interface House {
  readonly production: readonly [watts: number, wattHours: number];
  readonly net: readonly [watts: number, wattHours: number];
  readonly total: readonly [watts: number, wattHours: number];
  /** Delivered and received. */
  readonly meter: readonly [watts: number, delivered: number, received: number];
}

const usual: House = {
  production: [2000, 500_000],
  net: [-1500, 100_000],
  total: [500, 600_000],
  meter: [-1500, 9e5, 8e5],
};
const zero: House = { production: [0, 0], net: [0, 0], total: [0, 0], meter: [0, 0, 0] };

const totalsOf = ([wattsNow, wattHoursLifetime]: readonly [number, number]) => ({
  wattsNow,
  wattHoursLifetime,
  source: report,
});

function payloadOf(at: number, { production, net, total, meter }: House, firmware = '8.3.5169'): TimedPayload {
  const [activePower, energyDelivered, energyReceived] = meter;
  return {
    readAt: start + at * minute,
    gateway: { phaseCount: 1, features: ['metering'], firmware },
    production: totalsOf(production),
    consumption: totalsOf(total),
    netConsumption: totalsOf(net),
    meters: { 'net-consumption': { activePower, energyDelivered, energyReceived } },
    tariff: { currency: 'EUR' },
  };
}

/** What becomes of readings one after the other, with a restart of Node-RED after each. */
function follow(readings: readonly TimedPayload[]): readonly Judged<TimedPayload>[] {
  let state = noQualityState;
  return readings.map((payload) => {
    const judged = updateQuality(state, payload);
    state = qualityStateFrom(JSON.parse(JSON.stringify(judged.state)));
    return judged;
  });
}

const last = <T>(list: readonly T[]): T => list.at(-1) ?? assert.fail('nothing was read');
const partsWarned = ({ warnings }: Judged<TimedPayload>): string[] => warnings.map(({ part }) => part).toSorted();
const consumptionOf = ({ payload }: Judged<TimedPayload>) => payload.consumption as Record<string, unknown> | undefined;

describe('a gateway that gives zeros while it starts', () => {
  it('has no power and no energy, and a warning for each part; the rest stays', () => {
    const judged = last(follow([payloadOf(0, usual), payloadOf(1, zero)]));
    assert.deepEqual(Object.keys(judged.payload), ['readAt', 'gateway', 'tariff']);
    assert.deepEqual(partsWarned(judged), ['consumption', 'meters', 'netConsumption', 'production']);
    assert.equal(judged.isStarting, true);
    assert.match(judged.warnings[0]?.message ?? '', /as it does while it starts/);
  });

  it('has no consumption either that was put together from those zeros and what was known', () => {
    const judged = last(follow([payloadOf(0, usual), payloadOf(1, { ...zero, total: [0, 5000] })]));
    assert.equal('consumption' in judged.payload, false);
  });

  it('is there again as soon as it counts', () => {
    const judged = last(follow([payloadOf(0, usual), payloadOf(1, zero), payloadOf(2, usual)]));
    assert.deepEqual([judged.payload, judged.warnings], [payloadOf(2, usual), []]);
  });

  it('is not suspected where it never counted anything', () => {
    const judged = last(follow([payloadOf(0, zero), payloadOf(1, zero)]));
    assert.deepEqual([judged.payload, judged.warnings], [payloadOf(1, zero), []]);
  });

  it('is not suspected for a single counter that falls while there is no power', () => {
    const fallen: House = { ...usual, total: [0, 590_000] };
    const judged = last(follow([payloadOf(0, usual), payloadOf(1, fallen)]));
    assert.deepEqual(consumptionOf(judged), { wattsNow: 0, source: report });
    assert.equal(judged.isStarting, false);
    assert.deepEqual(partsWarned(judged), ['consumption']);
  });
});

describe('consumption, which is net and production', () => {
  const consumed = (at: number, watts: number, wattHours: number): TimedPayload =>
    payloadOf(at, { ...usual, total: [watts, wattHours] });

  it('stands still while it falls a little all night long', () => {
    const night = Array.from({ length: 120 }, (_, index) => consumed(index * 5, -12, 600_000 - index));
    for (const judged of follow(night)) {
      assert.equal(consumptionOf(judged)?.['wattHoursLifetime'], 600_000);
      assert.deepEqual(judged.warnings, []);
    }
  });

  it('stands still while a battery gives to the grid, and counts on where it was', () => {
    const evening = Array.from({ length: 30 }, (_, index) => consumed(index, -3000, 600_000 - index * 50));
    const after = Array.from({ length: 40 }, (_, index) => consumed(30 + index, 3000, 598_500 + index * 50));
    const shown = follow([...evening, ...after]);
    assert.deepEqual(
      shown.flatMap(({ warnings }) => warnings),
      [],
    );
    const lifetimes = shown.map((judged) => Number(consumptionOf(judged)?.['wattHoursLifetime']));
    assert.deepEqual(new Set(lifetimes.slice(0, 60)), new Set([600_000]));
    assert.equal(last(lifetimes), 600_450);
  });

  it('is left out where it falls by more than its power has it', () => {
    const judged = last(follow([consumed(0, -100, 600_000), consumed(1, -100, 599_000)]));
    assert.deepEqual(consumptionOf(judged), { wattsNow: -100, source: report });
    assert.deepEqual(partsWarned(judged), ['consumption']);
  });

  it('begins anew with another firmware, which may compute it in another way', () => {
    const judged = last(follow([payloadOf(0, usual), payloadOf(1, { ...usual, total: [500, 605_000] }, '8.3.5433')]));
    assert.equal(consumptionOf(judged)?.['wattHoursLifetime'], 605_000);
    assert.deepEqual(judged.rebased, ['consumption.wattHoursLifetime']);
    assert.deepEqual(partsWarned(judged), ['consumption']);
  });
});
