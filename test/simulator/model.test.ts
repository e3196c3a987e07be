import assert from 'node:assert/strict';
import { createCalendar } from '../../simulator/model/calendar.js';
import { shiftToHour } from '../../simulator/model/clock.js';
import { inverterReports } from '../../simulator/model/inverters.js';
import { createPlant } from '../../simulator/model/plant.js';
import type { PlantParameters } from '../../simulator/model/parameters.js';

const hour = 3_600_000;
const parameters: PlantParameters = {
  seed: 7,
  latitude: 46,
  longitude: 4.8,
  inverters: 12,
  phases: 3,
  timeZone: 'Europe/Paris',
  commissionedAt: Date.UTC(2026, 4, 1),
};
const plant = createPlant(parameters);
const noon = Date.UTC(2026, 5, 21, 11, 40);
const night = Date.UTC(2026, 5, 21, 23, 30);

describe('the model of the simulated plant', () => {
  it('counts the energy that the power gives, on every meter and in both directions', () => {
    for (const flows of [plant.production, plant.net, plant.house]) {
      const from = Date.UTC(2026, 5, 21, 3);
      const to = from + 18 * hour;
      const step = 1000;
      let delivered = 0;
      let received = 0;
      for (let time = from; time < to; time += step * 20) {
        const middle = flows(time + step * 10).phases;
        for (const { watts } of middle) {
          if (watts > 0) delivered += watts / 180;
          else received -= watts / 180;
        }
      }
      const [start, end] = [flows(from).total, flows(to).total];
      assert.ok(Math.abs(end.delivered - start.delivered - delivered) < 5, 'delivered');
      assert.ok(Math.abs(end.received - start.received - received) < 5, 'received');
    }
  });

  it('never lets a counter run backwards', () => {
    let before = { production: 0, import: 0, export: 0, house: 0 };
    for (let time = noon - 4 * hour; time < noon + 10 * hour; time += 7_777) {
      const net = plant.net(time).total;
      const now = {
        production: plant.production(time).total.delivered,
        import: net.delivered,
        export: net.received,
        house: plant.house(time).total.delivered,
      };
      for (const key of ['production', 'import', 'export', 'house'] as const) {
        assert.ok(now[key] >= before[key], `${key} fell at ${new Date(time).toISOString()}`);
      }
      before = now;
    }
  });

  it('uses what is produced and what the grid gives, no more and no less', () => {
    for (const time of [noon, noon + 7 * hour, night]) {
      const [production, net, house] = [plant.production(time).total, plant.net(time).total, plant.house(time).total];
      assert.ok(Math.abs(house.watts - production.watts - net.watts) < 1e-6);
      assert.ok(house.watts > 50);
      const balance = production.delivered - production.received + net.delivered - net.received;
      assert.ok(Math.abs(house.delivered - balance) < 1e-3);
    }
  });

  it('has a sun: most at noon, nothing at night, more in June than in November', () => {
    assert.ok(plant.production(noon).total.watts > 1000);
    assert.equal(plant.panels.watts(night), 0);
    const atNight = plant.production(night).total.watts;
    assert.ok(atNight < 0 && atNight > -10);
    const november = plant.production(Date.UTC(2026, 10, 21, 22)).total.today;
    assert.ok(plant.production(Date.UTC(2026, 5, 21, 21)).total.today > 1.5 * november);
  });

  it('starts the day anew at local midnight and moves it to the seven days before', () => {
    const calendar = createCalendar('Europe/Paris');
    const midnight = calendar.midnight(noon + 24 * hour);
    const last = plant.production(midnight - 1).total;
    const first = plant.production(midnight).total;
    assert.ok(last.today > 5000);
    assert.equal(first.today, 0);
    const weekBefore = plant.production(calendar.midnight(midnight, 7)).total.delivered;
    assert.equal(first.lastSevenDays, first.delivered - weekBefore);
  });

  it('knows local midnights across both changes of the clock and in half-hour zones', () => {
    const paris = createCalendar('Europe/Paris');
    assert.equal(paris.midnight(Date.UTC(2026, 2, 29, 12)), Date.UTC(2026, 2, 28, 23));
    assert.equal(paris.midnight(Date.UTC(2026, 2, 30, 12)), Date.UTC(2026, 2, 29, 22));
    assert.equal(paris.midnight(Date.UTC(2026, 9, 26, 12), 7), Date.UTC(2026, 9, 18, 22));
    assert.equal(createCalendar('Asia/Kolkata').midnight(Date.UTC(2026, 0, 10, 20)), Date.UTC(2026, 0, 10, 18, 30));
  });

  it('gives the same numbers at every start, and others for another seed', () => {
    const moved = createPlant({ ...parameters, commissionedAt: parameters.commissionedAt + 1 });
    assert.equal(moved.net(noon).total.watts, plant.net(noon).total.watts);
    const other = createPlant({ ...parameters, seed: 8 });
    const morning = noon - 5 * hour;
    assert.notEqual(other.production(morning).total.watts, plant.production(morning).total.watts);
  });

  it('moves from one second to the next, by day and at night', () => {
    for (const time of [noon, night]) {
      assert.notEqual(plant.production(time).total.watts, plant.production(time + 1000).total.watts);
      assert.notEqual(plant.net(time).total.watts, plant.net(time + 1000).total.watts);
    }
  });

  it('has inverters that report every five minutes, differ, and keep the last report over night', () => {
    const reports = inverterReports(plant, noon);
    assert.equal(reports.length, 12);
    assert.equal(new Set(reports.map(({ serialNumber }) => serialNumber)).size, 12);
    assert.ok(new Set(reports.map(({ watts }) => Math.round(watts))).size > 4);
    for (const { reportedAt } of reports) assert.ok(noon - reportedAt >= 0 && noon - reportedAt < 300_000);
    const evening = inverterReports(plant, night);
    const later = inverterReports(plant, night + 2 * hour);
    assert.deepEqual(
      later.map(({ reportedAt }) => reportedAt),
      evening.map(({ reportedAt }) => reportedAt),
    );
    for (const { reportedAt } of later) assert.ok(night - reportedAt > hour);
    const sum = reports.reduce((total, { lifetime }) => total + lifetime, 0);
    const panels = plant.panels.energy(noon).delivered;
    assert.ok(sum <= panels && sum > panels * 0.99);
  });

  it('brings the sun to the hour that is asked for', () => {
    const calendar = createCalendar('Europe/Paris');
    for (const time of [noon, night, noon + 5 * hour]) {
      const shift = shiftToHour(calendar, time, 13);
      assert.ok(shift >= 0 && shift < 24 * hour);
      const local = new Date(time + shift + calendar.offset(time)).toISOString();
      assert.equal(local.slice(11, 16), '13:00');
    }
  });
});
