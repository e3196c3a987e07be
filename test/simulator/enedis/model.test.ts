import assert from 'node:assert/strict';
import { createCustomer } from '../../../simulator/enedis/model/customers.js';
import type { UsagePoint, UsagePointOptions } from '../../../simulator/enedis/model/customers.js';
import { createMeter } from '../../../simulator/enedis/model/meter.js';
import type { DirectionDay } from '../../../simulator/enedis/model/meter.js';
import { addDays, daysOf, wallTime } from '../../../simulator/enedis/model/paris.js';

function point(options: Omit<UsagePointOptions, 'id'> = {}): UsagePoint {
  const [made] = createCustomer({ id: 'test', usagePoints: [{ id: '12345678901234', ...options }] }).usagePoints;
  assert.ok(made);
  return made;
}

function energy(days: readonly DirectionDay[]): number {
  return days.reduce((sum, day) => sum + day.energy, 0);
}

describe('the meters of the simulated Enedis', () => {
  it('measure curves that add up exactly to the energy of the day, in both directions and with both steps', () => {
    const meter = createMeter(point({ production: 6, tenMinutesFrom: '2026-06-15' }), 1);
    for (const day of [...daysOf('2026-06-10', '2026-06-20'), '2026-03-29', '2026-10-25', '2024-02-29']) {
      const { consumption, production, step } = meter.day(day);
      for (const { powers, energy: total } of [consumption, production]) {
        assert.equal((powers.reduce((sum, power) => sum + power, 0) * step) / 60, total, day);
        assert.ok(powers.every((power) => Number.isInteger(power) && power >= 0));
      }
      assert.equal(step, day >= '2026-06-15' ? 10 : 30, day);
    }
  });

  it('count 46 half-hours in spring and 50 in autumn', () => {
    const meter = createMeter(point(), 1);
    const counts = ['2026-03-28', '2026-03-29', '2026-10-25', '2026-10-26'].map(
      (day) => meter.day(day).consumption.powers.length,
    );
    assert.deepEqual(counts, [48, 46, 50, 48]);
  });

  it('have their highest power of the day inside the highest step of the curve, and not below it', () => {
    const meter = createMeter(point(), 1);
    for (const day of daysOf('2026-01-01', '2026-02-01')) {
      const { start, step, consumption } = meter.day(day);
      const highest = Math.max(...consumption.powers);
      const index = Math.floor((consumption.peakAt - start) / (step * 60_000));
      assert.equal(consumption.powers[index], highest);
      assert.ok(consumption.peak >= highest);
      assert.ok(wallTime(consumption.peakAt).startsWith(day));
    }
  });

  it('measure the same at every start, and something else with another seed or for another point', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => createMeter(point(), seed).day('2026-05-05'));
    assert.deepEqual(one, again);
    assert.notDeepEqual(one, other);
  });

  it('live in France: winters cost more than summers, the sun does not shine at night', () => {
    const heated = createMeter(point(), 1);
    const selling = createMeter(point({ consumption: false, production: 9 }), 1);
    const month = (first: string): string[] => daysOf(first, addDays(first, 30));
    const winter = month('2026-01-01');
    const summer = month('2026-07-01');
    assert.ok(
      energy(winter.map((day) => heated.day(day).consumption)) >
        1.4 * energy(summer.map((day) => heated.day(day).consumption)),
    );
    assert.ok(
      energy(summer.map((day) => selling.day(day).production)) >
        2 * energy(winter.map((day) => selling.day(day).production)),
    );
    const { production, consumption } = selling.day('2026-07-01');
    assert.deepEqual(
      production.powers.slice(0, 8),
      Array.from({ length: 8 }, () => 0),
    );
    assert.equal(consumption.energy, 0);
  });

  it('split the energy into peak and off-peak hours where the contract has them', () => {
    const base = createMeter(point(), 1).day('2026-05-05').consumption;
    const split = createMeter(point({ offPeak: 'HC (22H30-6H30)' }), 1).day('2026-05-05').consumption;
    assert.equal(base.offPeakEnergy, 0);
    assert.ok(split.offPeakEnergy > 0 && split.offPeakEnergy < split.energy);
  });
});
