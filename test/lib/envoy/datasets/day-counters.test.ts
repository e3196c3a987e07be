import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  dayStateFrom,
  noDayState,
  updateDay,
  type DayState,
  type Today,
} from '../../../../lib/envoy/datasets/day-counters.js';
import { startOfDay, systemTimeZone, usableTimeZone } from '../../../../lib/envoy/datasets/local-midnight.js';
import type { TimedPayload } from '../../../../lib/envoy/datasets/quality.js';

const timeZone = 'Europe/Paris';
/** Noon in Paris, and the midnight after it. */
const noon = Date.UTC(2026, 5, 21, 10);
const midnight = Date.UTC(2026, 5, 21, 22);
const minute = 60_000;
const hour = 60 * minute;

const reading = (readAt: number, production: number, more: object = {}): TimedPayload => ({
  readAt,
  production: { wattHoursLifetime: production },
  ...more,
});

interface Step {
  readonly payload: TimedPayload;
  readonly rebased?: readonly string[];
  readonly zone?: string;
}

function follow(steps: readonly Step[]): (Today | undefined)[] {
  let state: DayState = noDayState;
  return steps.map(({ payload, rebased = [], zone = timeZone }) => {
    const next = updateDay(dayStateFrom(JSON.parse(JSON.stringify(state))), payload, { timeZone: zone, rebased });
    state = next.state;
    return next.payload.today;
  });
}

const production = (...readings: readonly (readonly [number, number])[]) =>
  follow(readings.map(([at, lifetime]) => ({ payload: reading(at, lifetime) })));

describe('day counters', () => {
  it('count all four quantities from their lifetimes', () => {
    const house = (at: number, grown: number) => ({
      payload: reading(at, 1_000_000 + grown, {
        consumption: { wattHoursLifetime: 2_000_000 + 2 * grown },
        meters: { 'net-consumption': { energyDelivered: 500_000 + 3 * grown, energyReceived: 70_000 + 4 * grown } },
      }),
    });
    const first = {
      productionWattHours: 0,
      consumptionWattHours: 0,
      importWattHours: 0,
      exportWattHours: 0,
      since: noon,
    };
    assert.deepEqual(follow([house(noon, 0), house(noon + hour, 100)]), [
      first,
      { productionWattHours: 100, consumptionWattHours: 200, importWattHours: 300, exportWattHours: 400, since: noon },
    ]);
  });

  it('leave out a quantity without a counter, and say nothing where there is none at all', () => {
    assert.deepEqual(Object.keys(production([noon, 5])[0] ?? {}), ['productionWattHours', 'since']);
    assert.deepEqual(follow([{ payload: { readAt: noon } }]), [undefined]);
  });

  it('begin anew at local midnight, and then count from midnight on', () => {
    const [, before, after, later] = production(
      [midnight - hour, 1000],
      [midnight - 30 * minute, 1060],
      [midnight + 30 * minute, 1180],
      [midnight + hour, 1200],
    );
    assert.deepEqual(before, { productionWattHours: 60, since: midnight - hour });
    assert.deepEqual(after, { productionWattHours: 60, since: midnight });
    assert.deepEqual(later, { productionWattHours: 80, since: midnight });
  });

  it('begin with the first reading where nobody read for long around midnight', () => {
    const morning = midnight + 8 * hour;
    assert.deepEqual(production([midnight - 4 * hour, 1000], [morning, 9000], [morning + hour, 9500]).slice(1), [
      { productionWattHours: 0, since: morning },
      { productionWattHours: 500, since: morning },
    ]);
  });

  it('count through a gap within the day', () => {
    assert.deepEqual(production([noon, 1000], [noon + 5 * hour, 9000]).at(-1), {
      productionWattHours: 8000,
      since: noon,
    });
  });

  it('do not count the step of a counter that starts from another value', () => {
    const path = 'production.wattHoursLifetime';
    const today = follow([
      { payload: reading(noon, 1000) },
      { payload: reading(noon + hour, 1400) },
      { payload: reading(noon + 2 * hour, 9_000_000), rebased: [path] },
      { payload: reading(noon + 3 * hour, 9_000_100) },
      { payload: reading(noon + 4 * hour, 50) },
    ]);
    assert.deepEqual(
      today.map((each) => each?.productionWattHours),
      [0, 400, 400, 500, 500],
    );
  });

  it('survive a clock that was wrong', () => {
    const wrong = noon + 365 * 24 * hour;
    assert.deepEqual(production([wrong, 1000], [noon, 1001], [noon + hour, 1101]).slice(1), [
      { productionWattHours: 0, since: noon },
      { productionWattHours: 100, since: noon },
    ]);
  });

  it('follow a time zone that becomes known later', () => {
    const evening = Date.UTC(2026, 5, 21, 22, 30);
    const steps = [
      { payload: reading(Date.UTC(2026, 5, 21, 21), 1000), zone: 'UTC' },
      { payload: reading(evening, 1300), zone: 'UTC' },
      { payload: reading(evening + 10 * minute, 1310), zone: timeZone },
      { payload: reading(evening + 20 * minute, 1330), zone: timeZone },
    ];
    assert.deepEqual(follow(steps).slice(1), [
      { productionWattHours: 300, since: Date.UTC(2026, 5, 21, 21) },
      { productionWattHours: 10, since: evening },
      { productionWattHours: 30, since: evening },
    ]);
  });

  it('never lose or invent energy within a day', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 40 }), (gains) => {
        let lifetime = 1000;
        const list = gains.map((gain, index) => [noon + index * 10 * minute, (lifetime += gain)] as const);
        const total = lifetime - 1000 - (gains[0] ?? 0);
        assert.equal(production(...list).at(-1)?.productionWattHours, total);
      }),
    );
  });

  it('take any record from disk', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        const next = updateDay(dayStateFrom(record), reading(noon, 7), { timeZone, rebased: [] });
        assert.ok(next.payload.today);
      }),
    );
  });
});

describe('local midnight', () => {
  for (const [zone, at, expected] of [
    ['UTC', '2026-06-21T15:00:00Z', '2026-06-21T00:00:00Z'],
    ['Europe/Paris', '2026-06-21T21:59:59.999Z', '2026-06-20T22:00:00Z'],
    ['Europe/Paris', '2026-06-21T22:00:00Z', '2026-06-21T22:00:00Z'],
    ['US/Central', '2026-01-10T03:00:00Z', '2026-01-09T06:00:00Z'],
    ['Australia/Adelaide', '2026-01-10T03:00:00Z', '2026-01-09T13:30:00Z'],
    // The days on which the clocks change: 23 and 25 hours long.
    ['Europe/Paris', '2026-03-29T20:00:00Z', '2026-03-28T23:00:00Z'],
    ['Europe/Paris', '2026-10-25T22:30:00Z', '2026-10-24T22:00:00Z'],
    // There is no midnight on this day: the clocks go from 23:59 to 1:00.
    ['Africa/Cairo', '2025-04-25T10:00:00Z', '2025-04-24T22:00:00Z'],
    ['Pacific/Auckland', '2026-06-21T12:00:00Z', '2026-06-21T12:00:00Z'],
  ] as const) {
    it(`before ${at} in ${zone} is ${expected}`, () => {
      assert.equal(new Date(startOfDay(Date.parse(at), zone)).toISOString(), new Date(expected).toISOString());
    });
  }

  it('is that of the computer where the zone of the gateway is unknown', () => {
    for (const name of ['unknown', '', undefined, 'Mars/Olympus', 7]) {
      assert.equal(usableTimeZone(name), systemTimeZone());
    }
    assert.equal(usableTimeZone('US/Eastern'), 'US/Eastern');
  });
});
