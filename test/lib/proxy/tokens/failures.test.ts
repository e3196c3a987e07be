import assert from 'node:assert/strict';
import { usagePoint, worlds, type Answer, type World } from '../routes/world.js';
import { EarlierInMemory } from './earlier.js';
import { failingStore, type FailingStore, type Moment } from './failing-store.js';

/** A proxy over the same store, whose write number `nth` fails; nothing is tried again behind the scenes. */
function disturbed(world: World, nth: number, moment: Moment): { proxy: World; failing: FailingStore } {
  const failing = failingStore(world.store, nth, moment);
  const proxy = world.beside({ wrap: () => failing.store, patience: 0 });
  return { proxy, failing };
}

/** Asks as a client does: after a 503 once more, five seconds later. */
async function insist(proxy: World, ask: () => Promise<Answer>): Promise<Answer[]> {
  const answers = [await ask()];
  while (answers.at(-1)?.status === 503 && answers.length < 3) {
    proxy.now += 5000;
    answers.push(await ask());
  }
  return answers;
}

/** Runs a case with the first write failing, then the second, until there are no more writes. */
async function withEveryWrite(run: (nth: number, moment: Moment) => Promise<boolean>): Promise<number> {
  for (const moment of ['before', 'after'] as const) {
    for (let nth = 1; await run(nth, moment); nth++) assert.ok(nth < 50);
  }
  let count = 0;
  while (await run(count + 1, 'before')) count++;
  return count;
}

function accessOf(answers: readonly Answer[]): string {
  const last = answers.at(-1);
  assert.equal(last?.status, 200, last?.text);
  return String(last.body['access_token']);
}

describe('a store that fails in the middle', () => {
  const open = worlds();

  it('whichever write of a redeem fails, the device gets its tokens, and gets them once', async () => {
    const world = await open({ settings: { limits: { codesPerMinute: 1000, codesPerHour: 1000 } } });
    const count = await withEveryWrite(async (nth, moment) => {
      const { deviceCode } = await world.begin();
      await world.consent(deviceCode);
      const { proxy, failing } = disturbed(world, nth, moment);
      const answers = await insist(proxy, () => proxy.poll(deviceCode));
      assert.equal((await world.read(accessOf(answers))).status, 200);
      assert.equal((await proxy.poll(deviceCode)).body['error'], 'invalid_grant');
      assert.equal((await world.poll(deviceCode)).body['error'], 'invalid_grant');
      world.now += 60_000;
      return failing.writes() >= nth;
    });
    assert.ok(count >= 4);
  });

  it('whichever write of a refresh fails, the client goes on with the token that it has', async () => {
    const world = await open({ settings: { limits: { codesPerMinute: 1000, codesPerHour: 1000 } } });
    const count = await withEveryWrite(async (nth, moment) => {
      const { refresh } = await world.dance();
      const { proxy, failing } = disturbed(world, nth, moment);
      const answers = await insist(proxy, () => proxy.refresh(refresh));
      assert.equal((await world.read(accessOf(answers))).status, 200);
      const next = await world.refresh(String(answers.at(-1)?.body['refresh_token']));
      assert.equal(next.status, 200);
      world.now += 60_000;
      return failing.writes() >= nth;
    });
    assert.ok(count >= 3);
  });

  it('whichever write of an adoption fails, the token of the earlier server goes on', async () => {
    const earlier = new EarlierInMemory();
    const world = await open({ earlier });
    let serial = 0;
    const count = await withEveryWrite(async (nth, moment) => {
      const token = `earlier-${++serial}`;
      earlier.add('refresh_token', token, [usagePoint], world.now + 1e10);
      const { proxy, failing } = disturbed(world, nth, moment);
      const answers = await insist(proxy, () => proxy.refresh(token));
      assert.equal((await world.read(accessOf(answers))).status, 200);
      assert.equal((await world.refresh(String(answers.at(-1)?.body['refresh_token']))).status, 200);
      assert.equal(earlier.tokens.size, 0);
      world.now += 60_000;
      return failing.writes() >= nth;
    });
    assert.ok(count >= 6);
  });

  it('whichever write fails when a code is asked for, the next code works', async () => {
    const world = await open({ settings: { limits: { codesPerMinute: 1000, codesPerHour: 1000 } } });
    const count = await withEveryWrite(async (nth, moment) => {
      const { proxy, failing } = disturbed(world, nth, moment);
      const answers = await insist(proxy, () => proxy.call('/device/code', { form: { client_id: 'CID' } }));
      assert.equal(answers.at(-1)?.status, 200);
      const deviceCode = String(answers.at(-1)?.body['device_code']);
      assert.equal((await world.poll(deviceCode)).body['error'], 'authorization_pending');
      return failing.writes() >= nth;
    });
    assert.ok(count >= 4);
  });

  it('a short failure is not noticed at all', async () => {
    const world = await open();
    const { deviceCode } = await world.begin();
    await world.consent(deviceCode);
    const failing = failingStore(world.store, 5, 'after');
    const proxy = world.beside({ wrap: () => failing.store });
    const { status, body } = await proxy.poll(deviceCode);
    assert.equal(status, 200);
    assert.equal((await world.read(String(body['access_token']))).status, 200);
  });
});
