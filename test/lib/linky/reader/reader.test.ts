import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, parisDay, startOfDay } from '../../../../lib/linky/paris.js';
import type { ReadProgress } from '../../../../lib/linky/reader/reader.js';
import type { Reading } from '../../../../lib/linky/readings.js';
import { daysAsked, daysOf, last, MeterWorld, wideLimits, type MeterWorldOptions } from './meter-world.js';

const hour = 3_600_000;

function energyOf(readings: readonly Reading[]): number {
  return readings.reduce((sum, { start, end, value }) => sum + (value * (end - start)) / hour, 0);
}

describe('Reading a meter through the proxy', () => {
  let world: MeterWorld;
  const start = async (options: MeterWorldOptions = {}): Promise<void> => {
    world = await MeterWorld.start(options);
  };
  afterEach(() => world.close());
  const curve = 'consumption_load_curve';
  const daily = 'daily_consumption';

  describe('adds up to what the meter measured', () => {
    const cases: readonly (readonly [string, string | undefined, number, string, string])[] = [
      ['around the day of 25 hours', undefined, Date.UTC(2026, 10, 20, 11), '2026-10-20', '2026-10-30'],
      ['around the day of 23 hours', undefined, Date.UTC(2026, 3, 20, 11), '2026-03-25', '2026-04-02'],
      ['where the step changes to 10 minutes', 'ten-minutes', Date.UTC(2026, 9, 27, 11), '2026-10-20', '2026-10-27'],
      ['with production', 'self-consumption', Date.UTC(2026, 3, 20, 11), '2026-03-25', '2026-04-02'],
    ];
    for (const [name, customer, now, from, to] of cases) {
      it(name, async () => {
        await start({ start: now, ...(customer !== undefined && { customer }) });
        for (const direction of customer === 'self-consumption'
          ? (['consumption', 'production'] as const)
          : (['consumption'] as const)) {
          const result = await world.read({ dataset: `${direction}_load_curve`, from, to });
          const days = await world.read({ dataset: `daily_${direction}`, from, to });
          assert.deepEqual([result.missing, result.incomplete, result.notes], [[], undefined, []]);
          for (const day of days.readings) {
            const name = parisDay(day.start);
            const measured = world.proxy.enedis.measured(result.usagePoint, name);
            const part = result.readings.filter((reading) => reading.start >= day.start && reading.end <= day.end);
            assert.equal(day.value, measured[direction].energy, name);
            assert.equal(Math.round(energyOf(part)), day.value, name);
            assert.equal(part.length, measured[direction].powers.length, name);
            assert.equal(part[0]?.start, measured.start);
          }
          assert.equal(
            Math.round(energyOf(result.readings)),
            days.readings.reduce((sum, { value }) => sum + value, 0),
          );
        }
      });
    }

    it('with holes: days that lack something are told, the others are whole', async () => {
      await start({ customer: 'holes' });
      const result = await world.read({ dataset: curve, from: '2026-10-19', to: '2026-11-09' });
      const holes = daysOf(result).filter((day) => [2, 3].includes(new Date(`${day}T12:00:00Z`).getUTCDay()));
      assert.deepEqual(result.incomplete, holes);
      assert.equal(holes.length, 6);
      for (const day of daysOf(result).filter((each) => !holes.includes(each))) {
        const part = result.readings.filter((reading) => parisDay(reading.start) === day);
        assert.equal(
          Math.round(energyOf(part)),
          world.proxy.enedis.measured(result.usagePoint, day).consumption.energy,
          day,
        );
      }
    });
  });

  it('asks for a year of the curve once, in windows of a week, and for nothing again', async () => {
    await start();
    const request = { dataset: curve, ...last(world.now, 365) } as const;
    const progress: ReadProgress[] = [];
    const first = await world.read({ ...request, onProgress: (each) => progress.push(each) });
    assert.equal(first.readings.length, 365 * 48);
    const asked = daysAsked(world.account.sent, 'load_curve');
    assert.equal(asked.length, 365);
    assert.equal(new Set(asked).size, 365);
    assert.equal(world.account.sent.filter((each) => each.includes('load_curve')).length, 53);
    assert.deepEqual(progress.at(0), { usagePoint: first.usagePoint, dataset: curve, done: 0, total: 53 });
    assert.deepEqual(progress.at(-1), { usagePoint: first.usagePoint, dataset: curve, done: 53, total: 53 });
    world.account.sent.length = 0;
    await world.restart();
    const second = await world.read({ ...request, from: addDays(request.from, 20) });
    assert.deepEqual(second.readings, first.readings.slice(20 * 48));
    assert.deepEqual(world.account.sent, []);
    const earlier = await world.read({ ...request, from: addDays(request.from, -3) });
    assert.equal(earlier.readings.length, 368 * 48);
    assert.equal(daysAsked(world.account.sent, 'load_curve').length, 3);
  });

  it('asks for no day twice, whatever ranges are read in whatever order', async () => {
    await start({ start: Date.UTC(2026, 3, 20, 11) });
    const days = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 30 }));
    const ranges = fc.sample(days, 25);
    for (const [back, length] of ranges) {
      const from = addDays(parisDay(world.now), -back);
      const end = addDays(from, length);
      const { readings, missing } = await world.read({ dataset: curve, from, to: end });
      const until = end < parisDay(world.now) ? end : parisDay(world.now);
      assert.deepEqual(missing, []);
      assert.equal(readings[0]?.start, startOfDay(from));
      assert.equal(readings.at(-1)?.end, startOfDay(until));
      assert.ok(readings.every(({ start: begin }, index) => index === 0 || begin === readings[index - 1]?.end));
    }
    const asked = daysAsked(world.account.sent, 'load_curve');
    assert.equal(new Set(asked).size, asked.length, JSON.stringify(ranges));
  });

  it('asks once where two read the same at the same time', async () => {
    await start();
    const request = { dataset: curve, ...last(world.now, 14) } as const;
    const [one, other] = await Promise.all([world.read(request), world.read(request)]);
    assert.deepEqual(one, other);
    assert.equal(daysAsked(world.account.sent, 'load_curve').length, 14);
  });

  it('tells about the meter, and asks for its contract once', async () => {
    await start();
    const contract = await world.read({ dataset: 'contract' });
    const values = await world.read({ dataset: daily, ...last(world.now, 7) });
    assert.equal(contract.meter.offpeakHours, 'HC (22H30-6H30)');
    assert.equal(contract.meter.subscribedPower, 9);
    assert.deepEqual(values.meter, contract.meter);
    world.proxy.clock.advance({ hours: 25 });
    await world.read({ dataset: daily, ...last(world.now, 7) });
    assert.equal(world.account.sent.filter((each) => each.includes('contracts')).length, 1);
    await world.read({ dataset: 'contract' });
    assert.equal(world.account.sent.filter((each) => each.includes('contracts')).length, 2);
  });

  describe('what is new since the last time', () => {
    it('is a week at first, then what came since, also for days that came late', async () => {
      await start();
      const first = await world.read({ dataset: daily });
      assert.equal(first.readings.length, 7);
      assert.deepEqual((await world.read({ dataset: daily })).readings, []);
      // The next morning, and the data come in the evening only.
      world.proxy.enedis.switches.publishedAt = 17;
      world.proxy.clock.advance({ hours: 21 });
      const morning = await world.read({ dataset: daily });
      assert.deepEqual([morning.readings, morning.missing], [[], ['2026-11-20']]);
      world.account.sent.length = 0;
      world.proxy.clock.advance({ hours: 1 });
      assert.deepEqual((await world.read({ dataset: daily })).readings, []);
      assert.deepEqual(world.account.sent, []);
      world.proxy.clock.advance({ hours: 24 });
      await world.restart();
      world.proxy.enedis.switches.publishedAt = 8;
      const next = await world.read({ dataset: daily });
      assert.deepEqual(daysOf(next), ['2026-11-20', '2026-11-21']);
      assert.deepEqual((await world.read({ dataset: daily })).readings, []);
    });

    it('is told to each subscriber once', async () => {
      await start();
      const one = await world.read({ dataset: daily, subscriber: 'one' });
      const other = await world.read({ dataset: daily, subscriber: 'other' });
      assert.deepEqual(one.readings, other.readings);
      assert.deepEqual((await world.read({ dataset: daily, subscriber: 'one' })).readings, []);
      assert.equal(daysAsked(world.account.sent, 'daily_consumption').length, 7);
    });

    it('is all of it after months without a read', async () => {
      await start();
      await world.read({ dataset: daily });
      world.proxy.clock.advance({ days: 90 });
      const after = await world.read({ dataset: daily });
      assert.equal(after.readings.length, 90);
      assert.deepEqual(daysOf(after).at(0), '2026-11-20');
    });
  });

  describe('days that cannot be had', () => {
    it('before the activation are not asked for', async () => {
      await start({ customer: 'newcomer' });
      const result = await world.read({ dataset: curve, ...last(world.now, 200) });
      assert.equal(daysOf(result).length, 60);
      assert.deepEqual([result.missing, result.notes], [[], ['before_activation']]);
      assert.equal(daysAsked(world.account.sent, 'load_curve').length, 60);
    });

    it('before the activation are found by halving where the contract does not tell', async () => {
      await start({ customer: 'newcomer' });
      world.proxy.enedis.faults.add({ kind: 'status', status: 404 }, { path: /situation_contrat/ });
      const result = await world.read({ dataset: daily, ...last(world.now, 700) });
      assert.equal(result.readings.length, 60);
      assert.deepEqual(result.notes, ['before_activation']);
      const calls = world.account.sent.length;
      assert.ok(calls < 25, String(calls));
      assert.equal((await world.read({ dataset: daily, ...last(world.now, 700) })).readings.length, 60);
      assert.equal(world.account.sent.length, calls);
    });

    it('before the history that is kept are not asked for', async () => {
      await start();
      const result = await world.read({ dataset: daily, ...last(world.now, 3000) });
      assert.deepEqual(result.notes, ['before_history']);
      assert.equal(result.readings.length, 1110);
      assert.equal(world.account.sent.filter((each) => each.includes('daily')).length, 4);
    });

    it('of a curve that is collected since lately are missing, and asked for once', async () => {
      await start({ customer: 'late-curve' });
      const request = { dataset: curve, ...last(world.now, 42) } as const;
      const result = await world.read(request);
      assert.equal(daysOf(result).length, 20);
      assert.equal(result.missing.length, 22);
      const calls = world.account.sent.length;
      world.proxy.clock.advance({ hours: 26 });
      await world.read(request);
      assert.equal(world.account.sent.length, calls);
    });

    it('come later and are then there', async () => {
      await start({ start: Date.UTC(2026, 10, 20, 4, 30) });
      const request = { dataset: daily, from: '2026-11-15', to: '2026-11-20' } as const;
      assert.deepEqual((await world.read(request)).missing, ['2026-11-19']);
      world.proxy.clock.advance({ hours: 1 });
      assert.deepEqual((await world.read(request)).missing, ['2026-11-19']);
      world.proxy.clock.advance({ hours: 2 });
      assert.deepEqual((await world.read(request)).missing, []);
      assert.equal(daysAsked(world.account.sent, 'daily').length, 6);
    });
  });

  it('reads registers where the operator serves them', async () => {
    const dataPaths = ['mesure_synchrone_auto/v2/index_consommation', 'customers_upc/v5/usage_points/contracts'];
    await start({ settings: { limits: wideLimits, dataPaths } });
    const { readings, usagePoint } = await world.read({
      dataset: 'index_consumption',
      from: '2026-10-24',
      to: '2026-10-27',
    });
    const total = readings.filter(({ register }) => register === 'TOTAL');
    assert.deepEqual(
      total.map(({ start, end }) => [start, end]),
      ['2026-10-24', '2026-10-25', '2026-10-26'].map((day) => [startOfDay(day), startOfDay(day)]),
    );
    assert.equal(
      (total[2]?.value ?? 0) - (total[1]?.value ?? 0),
      world.proxy.enedis.measured(usagePoint, '2026-10-25').consumption.energy,
    );
    assert.deepEqual(new Set(readings.map(({ register }) => register)), new Set(['HC', 'HP', 'TOTAL']));
  });

  describe('several meters', () => {
    it('are all read, each in its own result', async () => {
      const usagePoints = ['12345678901234', '10284856584123'];
      await start({ customer: 'two-points', usagePoints: [usagePoints[0] ?? ''] });
      world.account.consented({ ...world.account.held, usagePoints });
      const results = await world.reader.read({ dataset: daily, ...last(world.now, 5) });
      // The second one is not in the consent: the first one is read all the same.
      assert.deepEqual(
        results.map(({ usagePoint, readings, notes, problem }) => [usagePoint, readings.length, notes, problem?.code]),
        [
          ['12345678901234', 5, [], undefined],
          ['10284856584123', 0, ['no_consent'], 'consent_expired'],
        ],
      );
    });

    it('can be named with blanks, and are refused where the number is none', async () => {
      await start();
      const results = await world.reader.read({
        dataset: daily,
        usagePoint: ' 225 1691 4714 270 ',
        ...last(world.now, 5),
      });
      assert.equal(results[0]?.usagePoint, '22516914714270');
      await assert.rejects(world.reader.read({ dataset: daily, usagePoint: '123' }), { code: 'invalid_argument' });
    });
  });

  it('makes one call at a time, a quarter of a second apart', async () => {
    await start();
    await Promise.all([
      world.read({ dataset: curve, ...last(world.now, 21) }),
      world.read({ dataset: 'daily_consumption_max_power', ...last(world.now, 21) }),
      world.read({ dataset: daily, ...last(world.now, 21) }),
    ]);
    assert.equal(world.proxy.enedis.log.maximumInFlight, 1);
    // Waits are shorter by the time that has passed since the end of the call before.
    assert.equal(world.waits.length, world.account.sent.length - 1);
    assert.ok(world.waits.every((milliseconds) => milliseconds > 0 && milliseconds <= 250));
  });
});
