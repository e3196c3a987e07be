import assert from 'node:assert/strict';
import { chargeEfficiency } from '../../simulator/model/battery.js';
import { usualOperation } from '../../simulator/model/operation.js';
import type { Operation } from '../../simulator/model/operation.js';
import { createPlant } from '../../simulator/model/plant.js';
import type { Plant } from '../../simulator/model/plant.js';

const minute = 60_000;
const hour = 60 * minute;
const commissionedAt = Date.UTC(2026, 5, 1);
const midnight = Date.UTC(2026, 5, 10, 22);
const capacity = 10_000;

function plantWith(operation: Partial<Operation> = {}, phases: 1 | 2 | 3 = 3): Plant {
  const site = { seed: 5, latitude: 46, longitude: 4.8, timeZone: 'Europe/Paris' };
  return createPlant({
    ...site,
    inverters: 12,
    phases,
    commissionedAt,
    storage: { capacity, power: 5000, devices: 2 },
    generatorPower: 11_000,
    operation: { ...usualOperation, ...operation },
  });
}

/** The moments of a day, seven minutes apart. */
const day = Array.from({ length: 205 }, (_, index) => midnight + index * 7 * minute);

function soc(plant: Plant, time: number): number {
  return (plant.stored(time) / capacity) * 100;
}

describe('the batteries of the simulated house', () => {
  it('balance sun, house and grid at every moment, on every phase', () => {
    const plant = plantWith();
    for (const time of day) {
      const [made, net, battery, house] = [plant.production, plant.net, plant.storage, plant.house].map((flows) =>
        flows(time),
      );
      for (const phase of [0, 1, 2]) {
        const [sun, grid, given, used] = [made, net, battery, house].map((flows) => flows?.phases[phase]?.watts ?? NaN);
        assert.ok(Math.abs((used ?? NaN) - ((sun ?? NaN) + (grid ?? NaN) + (given ?? NaN))) < 1e-6);
        assert.ok((used ?? 0) > 0);
      }
    }
  });

  it('hold what their counters say: charged less the losses, less discharged', () => {
    const plant = plantWith();
    const start = plant.storage(midnight).total;
    for (const time of day) {
      const { delivered, received } = plant.storage(time).total;
      const moved = chargeEfficiency * (received - start.received) - (delivered - start.delivered);
      assert.ok(Math.abs(plant.stored(time) - plant.stored(midnight) - moved) < 1e-3);
    }
  });

  it('take the surplus of the day, serve the house at night down to the reserve, and spare the grid', () => {
    const plant = plantWith({ reserve: 25 });
    const levels = day.map((time) => soc(plant, time));
    assert.ok(Math.min(...levels) >= 24.99 && Math.max(...levels) <= 100.01);
    assert.ok(Math.max(...levels) > 90 && Math.min(...levels) < 40);
    for (const time of day) {
      const [net, battery] = [plant.net(time).total.watts, plant.storage(time).total.watts];
      // Power enough and neither full nor empty: the battery carries all that the sun does not.
      if (soc(plant, time) > 50 && soc(plant, time) < 70 && Math.abs(battery) < 4000) assert.ok(Math.abs(net) < 100);
    }
  });

  it('stay full for an outage in the mode backup, with the grid where that is allowed', () => {
    const time = midnight + 2 * hour;
    const plant = plantWith();
    const waiting = plant.changed(time, { ...usualOperation, mode: 'backup' });
    const charging = plant.changed(time, { ...usualOperation, mode: 'backup', chargeFromGrid: true });
    assert.ok(waiting.storage(time + hour).total.watts <= 0);
    assert.ok(charging.storage(time + minute).total.watts < -1000);
    assert.ok(charging.net(time + minute).total.watts > 1000);
    assert.ok(soc(charging, time + 5 * hour) > 95);
  });

  it('keep their counters when the way of running changes, and jump at once in power', () => {
    const time = midnight + 20 * hour;
    const plant = plantWith();
    const stopped = plant.changed(time, { ...usualOperation, produces: false });
    for (const flows of ['production', 'net', 'storage', 'house'] as const) {
      const [before, after] = [plant[flows](time).total, stopped[flows](time).total];
      assert.ok(Math.abs(before.delivered - after.delivered) < 1e-6, flows);
      assert.deepEqual(plant[flows](time - hour), stopped[flows](time - hour));
    }
    assert.ok(plant.production(midnight + 38 * hour).total.watts > 100);
    assert.ok(stopped.production(midnight + 38 * hour).total.watts <= 0);
    const resumed = stopped.changed(midnight + 36 * hour, usualOperation);
    assert.ok(resumed.production(midnight + 38 * hour).total.watts > 100);
    assert.ok(
      resumed.production(midnight + 40 * hour).total.delivered >
        stopped.production(midnight + 40 * hour).total.delivered,
    );
  });

  it('carry the house off grid, with nothing on the meter to the grid', () => {
    const time = midnight + 8 * hour;
    const plant = plantWith().changed(time, { ...usualOperation, onGrid: false, generator: 'off' });
    const counted = plant.net(time).total;
    for (const later of day.filter((moment) => moment > time)) {
      const { total, phases } = plant.net(later);
      assert.ok(phases.every(({ watts }) => watts === 0));
      assert.ok(Math.abs(total.delivered - counted.delivered) + Math.abs(total.received - counted.received) < 1e-6);
      assert.ok(soc(plant, later) > 4 && soc(plant, later) <= 100);
    }
  });

  it('are charged by a generator off grid when little is left, until enough is', () => {
    const time = midnight + 1 * hour;
    const plant = plantWith({}, 1).changed(time, { ...usualOperation, onGrid: false, startSoc: 95, stopSoc: 99 });
    assert.ok(plant.generator(time + 10 * minute).total.watts > 1000);
    assert.ok(plant.storage(time + 10 * minute).total.watts < 0);
    const levels = Array.from({ length: 40 }, (_, index) => soc(plant, time + index * 10 * minute));
    assert.ok(Math.max(...levels) > 94);
    const never = plantWith({}, 1).changed(time, { ...usualOperation, onGrid: false, generator: 'off' });
    assert.equal(never.generator(time + 10 * minute).total.watts, 0);
  });
});
