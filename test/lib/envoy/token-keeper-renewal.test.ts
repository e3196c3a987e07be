import assert from 'node:assert/strict';
import type { HeldToken } from '../../../lib/envoy/held-token.js';
import {
  minute,
  hour,
  day,
  start,
  failure,
  token,
  fromCloud,
  pasted,
  world,
  holdBack,
  codeOf,
} from './token-keeper-world.js';

describe('a token that is due', () => {
  const due = (): HeldToken => fromCloud(token(start - 340 * day, 365 * day));

  it('stays in use while another is fetched, one at a time', async () => {
    const old = due();
    const state = world({ candidates: [old] });
    const release = holdBack(state);
    const used = await Promise.all([state.keeper.usable(), state.keeper.usable()]);
    assert.equal((await state.keeper.usable()).value, old.value);
    assert.deepEqual([new Set(used.map(({ value }) => value)), state.wishes], [new Set([old.value]), ['renewal']]);
    release();
    await state.keeper.settled();
    assert.equal((await state.keeper.usable()).value, state.kept[0]);
    assert.deepEqual([state.wishes, state.problems], [['renewal'], []]);
  });

  it("is renewed in time, an installer's of twelve hours included", async () => {
    const state = world({ life: 12 * hour });
    const first = await state.keeper.usable();
    state.now += 9.5 * hour;
    await state.keeper.usable();
    assert.deepEqual(state.wishes, ['needed']);
    state.now += 0.2 * hour;
    await state.keeper.usable();
    await state.keeper.settled();
    assert.notEqual((await state.keeper.usable()).value, first.value);
    assert.deepEqual(state.wishes, ['needed', 'renewal']);
  });

  it('stays in use where the cloud is down, without a word', async () => {
    const old = due();
    const state = world({ candidates: [old] });
    state.cloudFails = failure('cloud_unavailable', true);
    for (let count = 1; count <= 3; count++) {
      assert.equal((await state.keeper.usable()).value, old.value);
      await state.keeper.settled();
      assert.equal(state.wishes.length, count);
    }
    assert.deepEqual(state.problems, []);
    state.cloudFails = undefined;
    await state.keeper.usable();
    await state.keeper.settled();
    assert.notEqual((await state.keeper.usable()).value, old.value);
  });

  it('stays in use where the cloud refuses, which is told once and not tried again', async () => {
    const old = due();
    const state = world({ candidates: [old] });
    state.cloudFails = failure('credentials_rejected', false);
    for (let count = 0; count < 5; count++) {
      assert.equal((await state.keeper.usable()).value, old.value);
      await state.keeper.settled();
    }
    assert.deepEqual([state.wishes, state.problems, state.kept], [['renewal'], ['credentials_rejected'], []]);
    state.cloudFails = undefined;
    await state.keeper.reauthenticate();
    assert.deepEqual(state.wishes, ['renewal', 'person']);
  });

  it('stays in use to its end where there is no account', async () => {
    const state = world({ candidates: [due()], account: undefined });
    await state.keeper.usable();
    await state.keeper.usable();
    assert.deepEqual([state.wishes, state.problems], [[], []]);
  });

  it('is replaced before it is used where it ended meanwhile', async () => {
    const state = world({ candidates: [fromCloud(token(start - day, 365 * day))] });
    const old = await state.keeper.usable();
    state.now += 365 * day;
    const used = await Promise.all([state.keeper.usable(), state.keeper.usable()]);
    assert.ok(used.every(({ value }) => value !== old.value));
    assert.deepEqual(state.wishes, ['needed']);
  });
});

describe('a dead token', () => {
  it('is replaced once for a hundred who ask', async () => {
    const state = world({ candidates: [fromCloud(token(start, 365 * day))] });
    const dead = await state.keeper.usable();
    const all = await Promise.all(Array.from({ length: 100 }, () => state.keeper.replace(dead)));
    const late = await state.keeper.replace(dead);
    assert.deepEqual(new Set([...all, late].map(({ value }) => value)), new Set([state.kept[0]]));
    assert.deepEqual(state.wishes, ['needed']);
  });

  it('is one failure for a hundred who ask', async () => {
    const state = world({ candidates: [fromCloud(token(start, 365 * day))] });
    const dead = await state.keeper.usable();
    state.cloudFails = failure('credentials_rejected', false);
    const all = await Promise.all(Array.from({ length: 100 }, () => codeOf(state.keeper.replace(dead))));
    assert.deepEqual([new Set(all), state.wishes], [new Set(['credentials_rejected']), ['needed']]);
  });

  it('is the end where there is no account', async () => {
    const state = world({ candidates: [pasted(token(start, 10 * day))], account: undefined });
    const dead = await state.keeper.usable();
    assert.equal(await codeOf(state.keeper.replace(dead)), 'token_rejected');
    assert.equal(state.keeper.current, undefined);
  });
});

describe('a clock that is wrong', () => {
  it('ahead of the tokens that come, costs no login more than needed', async () => {
    for (const behind of [9.8 * hour, 11 * hour, 13 * hour, 400 * day]) {
      const state = world({ life: 12 * hour });
      state.skew = -behind;
      const first = await state.keeper.usable();
      for (let count = 0; count < 50; count++) {
        assert.equal((await state.keeper.usable()).value, first.value);
        await state.keeper.settled();
        state.now += minute;
      }
      assert.deepEqual(state.wishes, ['needed'], `${behind / hour} hours`);
      // The gateway has the last word.
      assert.notEqual((await state.keeper.replace(first)).value, first.value);
    }
  });

  it('and right again, counts as ever', async () => {
    const state = world({ life: 12 * hour });
    state.skew = -400 * day;
    await state.keeper.usable();
    Object.assign(state, { skew: 0, now: start - 400 * day });
    const next = await state.keeper.replace(await state.keeper.usable());
    state.now += 13 * hour;
    assert.notEqual((await state.keeper.usable()).value, next.value);
  });
});

describe('the end of a session', () => {
  it('waits for a token on its way, so that it is not lost', async () => {
    const state = world({ candidates: [fromCloud(token(start - 340 * day, 365 * day))] });
    const release = holdBack(state);
    await state.keeper.usable();
    const settled = state.keeper.settled();
    release();
    await settled;
    assert.equal(state.kept.length, 1);
    await world().keeper.settled();
  });
});
