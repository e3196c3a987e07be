import assert from 'node:assert/strict';
import { AuthenticationError } from '../../../../lib/errors.js';
import { daysAsked, daysOf, last, MeterWorld, type MeterWorldOptions } from './meter-world.js';

describe('A read of a meter that meets an obstacle', () => {
  let world: MeterWorld;
  const start = async (options: MeterWorldOptions = {}): Promise<void> => {
    world = await MeterWorld.start(options);
  };
  afterEach(() => world.close());
  const curve = 'consumption_load_curve';
  const daily = 'daily_consumption';

  describe('says what is not to be had', () => {
    for (const customer of ['no-curve', 'objected']) {
      it(`no curve, while daily values work (${customer})`, async () => {
        await start({ customer });
        const request = { dataset: curve, ...last(world.now, 21) } as const;
        const result = await world.read(request);
        assert.deepEqual([result.readings, result.notes, result.problem], [[], ['not_activated'], undefined]);
        const calls = world.account.sent.length;
        assert.deepEqual((await world.read(request)).notes, ['not_activated']);
        assert.equal(world.account.sent.length, calls);
        assert.equal((await world.read({ ...request, dataset: daily })).readings.length, 21);
      });
    }

    it('a meter that only produces', async () => {
      await start({ customer: 'production' });
      const request = { dataset: daily, ...last(world.now, 21) } as const;
      const result = await world.read(request);
      assert.deepEqual([result.readings, result.missing, result.notes], [[], [], ['wrong_direction']]);
      const calls = world.account.sent.length;
      await world.restart();
      await world.read(request);
      assert.equal(world.account.sent.length, calls);
      assert.equal((await world.read({ ...request, dataset: 'daily_production' })).readings.length, 21);
      world.proxy.clock.advance({ hours: 25 });
      world.account.sent.length = 0;
      await world.read(request);
      assert.equal(world.account.sent.filter((each) => each.includes('daily_consumption')).length, 1);
    });

    it('registers, where the operator of the proxy does not serve them', async () => {
      await start();
      await assert.rejects(world.read({ dataset: 'index_consumption', ...last(world.now, 5) }), {
        code: 'feature_not_available',
      });
    });
  });

  describe('a consent that is gone', () => {
    const expired = (error: unknown): boolean => {
      assert.ok(error instanceof AuthenticationError);
      assert.equal(error.code, 'consent_expired');
      assert.equal(error.retryable, false);
      assert.ok(!JSON.stringify([error.message, error.parameters, error.account]).includes('22516914714270'));
      return true;
    };

    it('is told, asked for once a day, and forgotten with a new one', async () => {
      await start();
      const request = { dataset: daily, ...last(world.now, 5) } as const;
      world.proxy.enedis.revokeConsent('consumption');
      await assert.rejects(world.read(request), expired);
      const calls = world.account.sent.length;
      await assert.rejects(world.read(request), expired);
      await assert.rejects(world.read({ ...request, dataset: curve }), expired);
      assert.equal(world.account.sent.length, calls);
      world.proxy.clock.advance({ hours: 25 });
      await assert.rejects(world.read({ ...request, ...last(world.now, 5) }), expired);
      assert.ok(world.account.sent.length > calls);
      world.account.consented((await world.proxy.dance()).tokens);
      assert.equal((await world.read(request)).readings.length, 5);
    });

    it('leaves what was read before', async () => {
      await start();
      const request = { dataset: daily, ...last(world.now, 5) } as const;
      await world.read(request);
      world.proxy.enedis.revokeConsent('consumption');
      assert.equal((await world.read(request)).readings.length, 5);
    });

    it('is told of somebody who moved', async () => {
      await start();
      world.proxy.enedis.moveOut('consumption');
      await assert.rejects(world.read({ dataset: daily }), (error: unknown) => {
        assert.ok(error instanceof AuthenticationError);
        assert.deepEqual([error.code, error.parameters['reason']], ['consent_expired', 'moved_out']);
        return true;
      });
    });
  });

  describe('limits', () => {
    it('of the proxy are waited for, and the wait is told', async () => {
      await start({ settings: {} });
      const waiting = new Set<number>();
      const begin = world.now;
      const result = await world.read({
        dataset: curve,
        ...last(world.now, 140),
        onProgress: ({ waitingUntil }) => waitingUntil !== undefined && waiting.add(waitingUntil),
      });
      assert.equal(result.readings.length, 140 * 48 + 2);
      assert.ok(waiting.size > 0);
      assert.ok([...waiting].every((until) => until > begin));
      const asked = daysAsked(world.account.sent, 'load_curve');
      assert.equal(new Set(asked).size, 140);
      assert.ok(world.now - begin < 15 * 60_000);
    });

    it('are told with their end to whoever does not want to wait, with what was read so far', async () => {
      await start({ settings: {} });
      const result = await world.read({ dataset: curve, ...last(world.now, 140), patience: 0 });
      assert.deepEqual(result.notes, ['incomplete']);
      assert.ok(result.problem instanceof AuthenticationError);
      assert.equal(result.problem.code, 'rate_limited');
      assert.ok((result.problem.retryAt ?? 0) > world.now);
      assert.ok(daysOf(result).length >= 70);
      await assert.rejects(world.read({ dataset: daily, from: '2026-11-01', patience: 0 }), { code: 'rate_limited' });
      world.proxy.clock.advance({ minutes: 3 });
      assert.equal((await world.read({ dataset: curve, ...last(world.now, 140) })).readings.length, 140 * 48 + 2);
      assert.equal(new Set(daysAsked(world.account.sent, 'load_curve')).size, 140);
    });
  });

  describe('Enedis in trouble', () => {
    it('for a day costs nothing: data go on by themselves', async () => {
      await start();
      await world.read({ dataset: daily });
      const clear = world.proxy.enedis.faults.add({ kind: 'status', status: 500 });
      world.proxy.clock.advance({ days: 1 });
      const { problem, readings, missing } = await world.read({ dataset: daily, ...last(world.now, 7) });
      assert.equal(problem?.code, 'server_error');
      assert.deepEqual([readings.length, missing], [6, ['2026-11-20']]);
      await assert.rejects(world.read({ dataset: daily }), { code: 'server_error', retryable: true });
      const calls = world.account.sent.length;
      await assert.rejects(world.read({ dataset: daily }), { code: 'server_error' });
      assert.equal(world.account.sent.length, calls);
      world.proxy.clock.advance({ hours: 23 });
      clear();
      const after = await world.read({ dataset: daily });
      assert.deepEqual(daysOf(after), ['2026-11-20', '2026-11-21']);
      assert.equal(after.problem, undefined);
    });

    it('is asked again after minutes while a read waits', async () => {
      await start();
      let waited = 0;
      const clear = world.proxy.enedis.faults.add(
        { kind: 'status', status: 503 },
        { path: /consommation_quotidienne/ },
      );
      const result = await world.read({
        dataset: daily,
        ...last(world.now, 5),
        onProgress: ({ waitingUntil }) => {
          if (waitingUntil === undefined) return;
          waited++;
          clear();
        },
      });
      assert.equal(result.readings.length, 5);
      assert.equal(waited, 1);
    });

    it('is asked less and less often', async () => {
      await start();
      world.proxy.enedis.faults.add({ kind: 'status', status: 500 });
      const request = { dataset: daily, ...last(world.now, 5), patience: 0 } as const;
      let calls = 0;
      for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
        const before = world.account.sent.length;
        await assert.rejects(world.read(request), { code: 'server_error' });
        calls += world.account.sent.slice(before).filter((each) => each.includes('daily')).length;
        world.proxy.clock.advance({ minutes: 5 });
      }
      assert.ok(calls > 5 && calls < 20, String(calls));
    });

    it('with a proxy that cannot be reached gives what the cache has', async () => {
      await start();
      await world.read({ dataset: daily, ...last(world.now, 5) });
      await world.proxy.first.server.drain(0);
      const result = await world.read({ dataset: daily, ...last(world.now, 7), patience: 0 });
      assert.deepEqual([result.readings.length, result.problem?.code], [5, 'cloud_unavailable']);
      await assert.rejects(world.read({ dataset: curve, patience: 0 }), { code: 'cloud_unavailable' });
    });
  });

  describe('a read that is cancelled', () => {
    it('ends at once and keeps what it read', async () => {
      await start();
      const cancelling = new AbortController();
      const request = { dataset: curve, ...last(world.now, 70) } as const;
      const reading = world.read({
        ...request,
        signal: cancelling.signal,
        onProgress: ({ done }) => {
          if (done === 4) cancelling.abort();
        },
      });
      await assert.rejects(reading, { code: 'closed' });
      assert.equal(daysAsked(world.account.sent, 'load_curve').length, 28);
      const result = await world.read(request);
      assert.equal(result.readings.length, 70 * 48 + 2);
      assert.equal(daysAsked(world.account.sent, 'load_curve').length, 70);
    });

    it('ends while it waits for a quota, and does not hold up the next one', async () => {
      await start({ settings: {} });
      const cancelling = new AbortController();
      const request = { dataset: curve, ...last(world.now, 140) } as const;
      const waiting = world.read({
        ...request,
        signal: cancelling.signal,
        onProgress: ({ waitingUntil }) => {
          if (waitingUntil !== undefined) cancelling.abort();
        },
      });
      await assert.rejects(waiting, { code: 'closed' });
      assert.equal((await world.read({ ...request, ...last(world.now, 7) })).readings.length, 7 * 48);
    });

    it('is what closing the reader does to all of them', async () => {
      await start();
      const reading = world.read({ dataset: curve, ...last(world.now, 70) });
      const closed = assert.rejects(reading, { code: 'closed' });
      await world.reader.close();
      await closed;
      await assert.rejects(world.read({ dataset: curve }), { code: 'closed' });
    });
  });
});
