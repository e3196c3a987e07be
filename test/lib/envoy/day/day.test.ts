import assert from 'node:assert/strict';
import { noiseWattHours } from '../../../../lib/envoy/datasets/quality.js';
import type { Plant } from '../../../../simulator/model/plant.js';
import { minute } from '../../../support/session.js';
import { happenings, isIn, newFirmware, spans } from './happenings.js';
import { clock, counters, dayEnergies, messagesIn, powers, type Message } from './messages.js';
import { at, interval, plant, SimulatedDay, start, type Entry } from './simulated-day.js';

const silent = [spans.unavailable, spans.outage, spans.update];
const zeros = [spans.zeros, spans.zerosAtNight];
const miscounted = [spans.fallen, spans.jumped];

/** What rounding, and the moment between the look at the truth and the reading, may make of a power or an energy. */
const watts = 5;
const wattHours = 3;

describe('a day of a gateway', () => {
  let day: SimulatedDay;
  let messages: readonly Message[];
  let house: Plant;

  before(async () => {
    day = await SimulatedDay.begin();
    await day.pass(happenings);
    messages = messagesIn(day.log);
    house = plant();
  });

  after(() => day.close());

  const wattsAt = (time: number): number =>
    messages.find((message) => message.at === time)?.payload.production?.wattsNow ?? assert.fail('nothing was told');

  it('is the day that it is meant to be: night, sunrise, noon, sunset and night', () => {
    for (const time of [at(4, 30), at(23, 30)]) {
      assert.ok(wattsAt(time) < 0 && wattsAt(time) > -50, `${wattsAt(time)} W at night`);
    }
    assert.ok(wattsAt(at(13, 30)) > 1000);
    const sunny = messages.filter(({ payload }) => (payload.production?.wattsNow ?? 0) > 0).map((entry) => entry.at);
    assert.ok(isIn(Math.min(...sunny), { from: at(5, 45), until: at(7) }), 'sunrise');
    assert.ok(isIn(Math.max(...sunny), { from: at(20, 45), until: at(22) }), 'sunset');
  });

  it('has a message for each moment at which the gateway answered, and one failure for each other', () => {
    assert.equal(day.log.length, (at(24, 30) - start) / interval + 1);
    for (const entry of day.log) {
      const expected = isIn(entry.at, spans.outage) ? 'gateway_unreachable' : 'gateway_busy';
      assert.equal(entry.error?.code, isIn(entry.at, ...silent) ? expected : undefined, clock(entry));
    }
  });

  for (const { name, told, real } of powers) {
    it(`tells the power that there was, or none: ${name}`, () => {
      for (const message of messages) {
        const value = told(message.payload);
        // Batteries tell their power themselves, too.
        if (value === undefined && isIn(message.at, ...zeros)) continue;
        const difference = Math.abs((value ?? NaN) - real(message));
        assert.ok(difference <= watts, `${clock(message)}: ${value} W instead of ${real(message)}`);
      }
    });
  }

  for (const { name, told, real, counted } of counters) {
    it(`counts what there was, and never back: ${name}`, () => {
      let highest = 0;
      for (const message of messages) {
        const value = told(message.payload);
        assert.equal(value === undefined, isIn(message.at, ...zeros, ...miscounted), clock(message));
        if (value === undefined) continue;
        const expected = real(house, message.payload.readAt);
        // Consumption stands still where net and production together fall a little.
        const most = name === 'consumption' ? noiseWattHours : wattHours;
        assert.ok(Math.abs(value - expected) <= most, `${clock(message)}: ${value} Wh instead of ${expected}`);
        assert.ok(value >= highest, `${clock(message)}: ${value} Wh after ${highest}`);
        highest = value;
      }
    });

    it(`counts what its power comes to: ${name}`, () => {
      const energy = { gained: 0, integral: 0 };
      for (const [index, message] of messages.entries()) {
        const before = messages[index - 1];
        if (!before || message.at - before.at > interval) continue;
        const [from, to] = [told(before.payload), told(message.payload)];
        const [first, second] = [counted(before.payload), counted(message.payload)];
        if (from === undefined || to === undefined || first === undefined || second === undefined) continue;
        const hours = (message.payload.readAt - before.payload.readAt) / (60 * minute);
        const integral = ((first + second) / 2) * hours;
        assert.ok(Math.abs(to - from - integral) <= wattHours, `${clock(message)}: ${to - from} Wh for ${integral}`);
        energy.gained += to - from;
        energy.integral += integral;
      }
      const difference = Math.abs(energy.gained - energy.integral);
      assert.ok(difference <= 20 + 0.01 * energy.gained, `${energy.gained} Wh for ${energy.integral}`);
    });
  }

  /** The energy that counts from one moment to another: of consumption not what flowed while its sum began anew. */
  const energyOf = (name: string, from: number, until: number): number => {
    const { real } = counters.find((each) => each.name === name) ?? assert.fail(name);
    const last = messages.findLast(({ at: time }) => time < spans.update.from)?.payload.readAt ?? NaN;
    const first = messages.find(isAfterUpdate)?.payload.readAt ?? NaN;
    if (name !== 'consumption' || until <= last || from >= first) return real(house, until) - real(house, from);
    return real(house, last) - real(house, from) + real(house, until) - real(house, first);
  };

  for (const [key, name] of dayEnergies) {
    it(`counts the day from the first reading, and anew from midnight of the gateway: ${name}`, () => {
      const first = messages[0]?.payload.readAt;
      for (const message of messages) {
        if (isIn(message.at, ...zeros, ...miscounted)) continue;
        const { today, readAt } = message.payload;
        assert.equal(today?.since, message.at < at(24) ? first : at(24), clock(message));
        const expected = energyOf(name, today?.since ?? NaN, readAt);
        const difference = Math.abs((today?.[key] ?? NaN) - expected);
        const most = name === 'consumption' ? noiseWattHours : wattHours;
        assert.ok(difference <= most, `${clock(message)}: ${today?.[key]} Wh instead of ${expected}`);
      }
    });
  }

  it("shows the gateway's own count of the day no older than five minutes", () => {
    for (const message of messages) {
      const { production, readAt } = message.payload;
      if (isIn(message.at, ...zeros, { from: at(24), until: at(24, 5) })) continue;
      const [oldest, newest] = [readAt - 5 * minute, readAt].map((time) => house.production(time).total.today);
      const value = production?.wattHoursToday ?? NaN;
      const isRight = value >= Math.min(oldest ?? NaN, newest ?? NaN) - 1 && value <= (newest ?? NaN) + 1;
      assert.ok(isRight, `${clock(message)}: ${value} Wh, not from ${oldest} to ${newest}`);
    }
  });

  it('warns of what was wrong and of nothing else', () => {
    const counted = ['production', 'consumption', 'meters'];
    const afterUpdate = messages.find(isAfterUpdate);
    for (const message of messages) {
      const { warnings = [] } = message.payload;
      const expected = isIn(message.at, ...zeros)
        ? [...counted, 'netConsumption']
        : isIn(message.at, ...miscounted)
          ? counted
          : message === afterUpdate
            ? ['consumption']
            : [];
      const found = warnings.map(({ part }) => part).toSorted();
      assert.deepEqual(found, expected.toSorted(), `${clock(message)}: ${JSON.stringify(warnings)}`);
      assert.ok(warnings.every(({ code }) => code === 'data_quality'));
    }
  });

  it('follows the firmware', () => {
    for (const message of messages) {
      const { firmware } = message.payload.gateway;
      assert.equal(firmware, isAfterUpdate(message) ? newFirmware : '8.2.4345', clock(message));
    }
  });

  it('logs in once, and then whenever a fifth of the life of its token is left', () => {
    // Tokens of an installer live twelve hours: they are renewed after 9.6, at 14:06 and at 23:42.
    assert.deepEqual(day.world.asked, { logins: 3, tokens: 3 });
    assert.equal(day.opened.tokens.length, 3);
    assert.deepEqual(day.opened.problems, []);
    assert.deepEqual(day.opened.failures, []);
    const refused = day.gateway.log.requests.filter(({ status }) => status === 401 || status === 403);
    assert.deepEqual(refused, []);
  });

  it('asks the gateway one thing at a time', () => {
    assert.equal(day.gateway.log.maximumInFlight, 1);
  });
});

function isAfterUpdate(entry: Entry): boolean {
  return entry.at >= spans.update.until;
}
