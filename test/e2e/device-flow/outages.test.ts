import assert from 'node:assert/strict';
import { EnergyError } from '../../../lib/errors.js';
import { addDays, parisDay } from '../../../lib/linky/paris.js';
import type { Fault } from '../../../simulator/shared/faults.js';
import { Device } from './device.js';
import { PublicProxy } from './public-proxy.js';

const hour = 3_600_000;
const dataset = 'daily_consumption';

describe('e2e: outages that last for a day', () => {
  let proxy: PublicProxy;
  let device: Device;

  beforeEach(async () => {
    proxy = await PublicProxy.start();
    device = await Device.start(proxy.settings, proxy.world.clock);
  });
  afterEach(async () => {
    await device.close();
    await proxy.close();
  });

  /** A dance, and everything that there is to read. @returns the days read */
  async function link(): Promise<string[]> {
    const { userCode } = await device.account.start(1);
    await proxy.consent(userCode);
    assert.equal(await device.outcome(), 'authorized');
    const { days, problem } = await read();
    assert.equal(problem, undefined);
    return days;
  }

  /** What is new, as a flow reads it that does not wait: days, and what was in the way. */
  async function read(): Promise<{ readonly days: string[]; readonly problem: EnergyError | undefined }> {
    try {
      const [result] = await device.reader.read({ dataset, patience: 0 });
      assert.ok(result);
      return { days: result.readings.map(({ start }) => parisDay(start)), problem: result.problem };
    } catch (problem) {
      assert.ok(problem instanceof EnergyError, String(problem));
      return { days: [], problem };
    }
  }

  /** A flow that reads once an hour for so many hours. @returns the days read and the codes of what was in the way */
  async function readHourly(hours: number): Promise<{ readonly days: string[]; readonly codes: Set<string> }> {
    const days: string[] = [];
    const codes = new Set<string>();
    for (let count = 0; count < hours; count++) {
      await device.pass(hour);
      const { days: more, problem } = await read();
      days.push(...more);
      if (problem) codes.add(problem.code);
    }
    return { days, codes };
  }

  /** The values of days as the reader has them, and as the meter measured them. */
  async function assertMeasured(days: readonly string[]): Promise<void> {
    const [from = '', last = ''] = [days[0], days.at(-1)];
    const [result] = await device.reader.read({ dataset, from, to: addDays(last, 1) });
    assert.ok(result);
    assert.deepEqual(
      result.readings.map(({ start, value }) => [parisDay(start), value]),
      days.map((day) => [day, proxy.world.enedis.measured(result.usagePoint, day).consumption.energy]),
    );
  }

  it('of the proxy: no token and no consent is lost, and the missed day is read by itself', async () => {
    const known = await link();
    const { consentUntil } = await device.account.tokens();
    await proxy.down();
    const first = await readHourly(12);
    await device.restart();
    const second = await readHourly(12);
    assert.deepEqual([...first.codes, ...second.codes], ['cloud_unavailable', 'cloud_unavailable']);
    assert.deepEqual([...first.days, ...second.days], []);
    assert.equal(device.account.summary().state, 'linked');
    assert.equal(device.account.summary().problem?.code, 'cloud_unavailable');

    await proxy.up();
    const after = await readHourly(3);
    assert.deepEqual(after.days, [addDays(known.at(-1) ?? '', 1)]);
    await assertMeasured([...known, ...after.days]);
    const { state, problem } = device.account.summary();
    assert.deepEqual([state, problem], ['linked', undefined]);
    assert.equal((await device.account.tokens()).consentUntil, consentUntil);
    assert.deepEqual(device.problems, []);
  });

  it('of the proxy, with nobody reading: the tokens are renewed by themselves once it is back', async () => {
    await link();
    await proxy.down();
    await device.pass(24 * hour);
    assert.equal(device.account.summary().state, 'linked');
    await proxy.up();
    await device.pass(hour);
    const { problem, accessExpiresAt = 0 } = device.account.summary();
    assert.equal(problem, undefined);
    assert.ok(accessExpiresAt > device.now);
    assert.deepEqual(device.problems, []);
  });

  it('of the proxy, for two minutes of a dance: the same code goes on', async () => {
    const { userCode } = await device.account.start(3);
    await device.pass(10_000);
    await proxy.down();
    await device.pass(120_000);
    assert.ok(device.wasOffline);
    await proxy.up();
    await proxy.consent(userCode);
    assert.equal(await device.outcome(), 'authorized');
    assert.deepEqual(device.shownCodes, [userCode]);
  });

  const faults: readonly (readonly [string, Fault])[] = [
    ['that resets every connection', { kind: 'reset' }],
    ['that answers everything with 503', { kind: 'status', status: 503 }],
  ];
  for (const [name, fault] of faults) {
    it(`of Enedis, ${name}: tokens are renewed meanwhile, and the missed day is read by itself`, async () => {
      const known = await link();
      const before = await device.account.tokens();
      const clear = proxy.world.enedis.faults.add(fault);
      const during = await readHourly(24);
      assert.deepEqual(during.days, []);
      assert.ok(during.codes.size > 0);
      assert.ok(!during.codes.has('consent_expired'), [...during.codes].join());
      const meanwhile = await device.account.tokens();
      assert.notEqual(meanwhile.refreshToken, before.refreshToken);
      assert.deepEqual(device.problems, []);

      clear();
      const after = await readHourly(4);
      assert.deepEqual(after.days, [addDays(known.at(-1) ?? '', 1)]);
      await assertMeasured([...known, ...after.days]);
      assert.equal((await device.account.tokens()).consentUntil, before.consentUntil);
      assert.equal(device.account.summary().state, 'linked');
      assert.deepEqual(device.problems, []);
    });
  }
});
