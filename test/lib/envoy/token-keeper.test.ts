import assert from 'node:assert/strict';
import type { LoginReason } from '../../../lib/enlighten/login-guard.js';
import type { Account } from '../../../lib/enlighten/requests.js';
import { AuthenticationError, EnergyError, type AuthenticationCode } from '../../../lib/errors.js';
import { accountHash, hold, type HeldToken } from '../../../lib/envoy/held-token.js';
import { TokenKeeper } from '../../../lib/envoy/token-keeper.js';
import { unsignedToken } from '../enlighten/tokens.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const serial = '122600000042';
const account: Account = { username: 'owner@example.com', password: 'right' };
const start = Date.parse('2025-06-01T12:00:00Z');

const failure = (code: AuthenticationCode, retryable: boolean): AuthenticationError =>
  new AuthenticationError(code, code, { retryable });

let made = 0;
/** A token that began at `from` and lives so long. */
function token(from: number, life: number, aud = serial): string {
  return unsignedToken({ aud, enphaseUser: 'owner', iat: from / 1000, exp: (from + life) / 1000, jti: `${made++}` });
}
const fromCloud = (value: string): HeldToken =>
  hold({ value, origin: 'cloud', account: accountHash(account.username) });
const pasted = (value: string): HeldToken => hold({ value, origin: 'person' });

/** A gateway, a cloud and a disk around a keeper, with what each of them saw. */
function world(given: { candidates?: HeldToken[]; account?: Account | undefined; life?: number } = {}) {
  const state = {
    now: start,
    /** The clock of the cloud less the one here, ms. */
    skew: 0,
    account: 'account' in given ? given.account : account,
    disk: given.candidates ?? [],
    /** What the gateway turns down. */
    refused: new Set<string>(),
    refusesAll: false,
    checkFails: undefined as Error | undefined,
    cloudFails: undefined as Error | undefined,
    /** Lets a fetch wait until it is called. */
    gate: Promise.resolve(),
    wishes: [] as LoginReason[],
    checked: [] as string[],
    kept: [] as (string | undefined)[],
    problems: [] as string[],
  };
  const keeper = new TokenKeeper({
    serial,
    refreshBefore: 30,
    account: () => state.account,
    candidates: () => state.disk,
    obtain: async (_account, _serial, reason, keep) => {
      state.wishes.push(reason);
      await state.gate;
      if (state.cloudFails) throw state.cloudFails;
      const value = token(state.now + state.skew, given.life ?? 365 * day);
      await keep(value);
      return value;
    },
    check: (held) => {
      state.checked.push(held.value);
      if (state.checkFails) return Promise.reject(state.checkFails);
      return Promise.resolve(!state.refusesAll && !state.refused.has(held.value));
    },
    keep: (held) => {
      state.kept.push(held?.value);
      state.disk = held ? [held] : [];
      return Promise.resolve();
    },
    missing: () => failure('credentials_missing', false),
    onProblem: ({ code }) => state.problems.push(code),
    now: () => state.now,
  });
  return Object.assign(state, { keeper });
}

/** Holds back the fetches of a world; returns how to let them go. */
function holdBack(state: { gate: Promise<void> }): () => void {
  let release: () => void = () => undefined;
  state.gate = new Promise((resolve) => (release = resolve));
  return release;
}

const codeOf = (task: Promise<unknown>): Promise<string> =>
  task.then(
    () => 'none',
    (error: unknown) => (error as EnergyError).code,
  );

describe('a token at hand', () => {
  it('is used without the cloud, and asked about only once', async () => {
    const value = token(start - day, 365 * day);
    const state = world({ candidates: [fromCloud(value)] });
    assert.equal((await state.keeper.usable()).value, value);
    assert.equal((await state.keeper.usable()).value, value);
    assert.deepEqual([state.wishes, state.checked, state.kept], [[], [value], []]);
  });

  it('is the first one that the gateway accepts', async () => {
    const [first, second, third] = [token(start, day * 300), token(start, day * 301), token(start, day * 302)];
    const state = world({ candidates: [first, second, third].map(pasted) });
    state.refused.add(first);
    assert.equal((await state.keeper.usable()).value, second);
    assert.deepEqual([state.wishes, state.checked], [[], [first, second]]);
  });

  it('is not asked about where it ended and there is an account, and is where there is none', async () => {
    const ended = token(start - 2 * day, day);
    const withAccount = world({ candidates: [fromCloud(ended)] });
    assert.notEqual((await withAccount.keeper.usable()).value, ended);
    assert.deepEqual(withAccount.wishes, ['needed']);
    const without = world({ candidates: [fromCloud(ended)], account: undefined });
    assert.equal((await without.keeper.usable()).value, ended);
    assert.equal((await without.keeper.usable()).value, ended);
  });

  it('says why it is of no use where there is no account', async () => {
    const cases: [string, AuthenticationCode][] = [
      [token(start - 2 * day, day), 'token_expired'],
      [token(start, 300 * day, '999999999999'), 'serial_not_owned'],
      [token(start, 300 * day), 'token_rejected'],
    ];
    for (const [value, code] of cases) {
      const state = world({ candidates: [pasted(value)], account: undefined });
      state.refusesAll = true;
      assert.equal(await codeOf(state.keeper.usable()), code);
    }
    assert.equal(await codeOf(world({ account: undefined }).keeper.usable()), 'credentials_missing');
  });

  it('is no reason to ask the cloud where the gateway gives no verdict', async () => {
    const state = world({ candidates: [fromCloud(token(start, 300 * day))] });
    state.checkFails = new EnergyError('gateway_unreachable', 'no connection');
    assert.equal(await codeOf(state.keeper.usable()), 'gateway_unreachable');
    assert.deepEqual(state.wishes, []);
  });
});

describe('a token that is fetched', () => {
  it('is kept before it is used, and shown to the gateway first', async () => {
    const state = world();
    const { value, origin, account: owner } = await state.keeper.usable();
    assert.deepEqual([state.kept, state.checked, state.wishes], [[value], [value], ['needed']]);
    assert.deepEqual([origin, owner], ['cloud', accountHash(account.username)]);
  });

  it('is kept in use where the gateway could not be asked about it', async () => {
    const state = world();
    state.checkFails = new EnergyError('gateway_timeout', 'no answer');
    assert.equal(await codeOf(state.keeper.usable()), 'gateway_timeout');
    state.checkFails = undefined;
    assert.equal((await state.keeper.usable()).value, state.kept[0]);
    assert.deepEqual(state.wishes, ['needed']);
  });

  it('is not followed by another one for a day where the gateway turned it down', async () => {
    const state = world();
    state.refusesAll = true;
    const codes = new Set<string>();
    for (let waited = 0; waited < day; waited += hour) {
      codes.add(await codeOf(state.keeper.usable()));
      state.now += hour;
    }
    assert.deepEqual([[...codes], state.wishes], [['token_rejected'], ['needed']]);
    assert.equal(await codeOf(state.keeper.usable()), 'token_rejected');
    assert.deepEqual(state.wishes, ['needed', 'needed']);
  });

  it('is used where the gateway turned it down for a while only', async () => {
    const state = world();
    state.refusesAll = true;
    assert.equal(await codeOf(state.keeper.usable()), 'token_rejected');
    state.refusesAll = false;
    const used = await state.keeper.usable();
    assert.deepEqual([state.kept, state.wishes], [[used.value], ['needed']]);
    // All is well again: a token that dies later is replaced as ever.
    assert.notEqual((await state.keeper.replace(used)).value, used.value);
  });

  it('is turned down, and not fetched again, also when it came in place of a dead one', async () => {
    const state = world({ candidates: [fromCloud(token(start - day, 365 * day))] });
    const second = await state.keeper.replace(await state.keeper.usable());
    state.refusesAll = true;
    assert.equal(state.keeper.refusedFresh(second).code, 'token_rejected');
    assert.equal(await codeOf(state.keeper.replace(second)), 'token_rejected');
    assert.equal(await codeOf(state.keeper.usable()), 'token_rejected');
    assert.deepEqual(state.wishes, ['needed']);
  });
});

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

describe('a person', () => {
  const working = async (given: Parameters<typeof world>[0] = {}) => {
    const state = world({ candidates: [fromCloud(token(start, 365 * day))], ...given });
    return Object.assign(state, { old: await state.keeper.usable() });
  };

  it('gets a new token by asking', async () => {
    const state = await working();
    await state.keeper.reauthenticate();
    assert.notEqual((await state.keeper.usable()).value, state.old.value);
    assert.deepEqual(state.wishes, ['person']);
  });

  it('loses the old one where the cloud refuses the account', async () => {
    const state = await working();
    state.cloudFails = failure('credentials_rejected', false);
    assert.equal(await codeOf(state.keeper.reauthenticate()), 'credentials_rejected');
    assert.deepEqual([state.keeper.current, state.kept], [undefined, [undefined]]);
  });

  it('keeps the old one where the cloud cannot answer', async () => {
    for (const code of ['cloud_unavailable', 'rate_limited', 'server_error'] as const) {
      const state = await working();
      state.cloudFails = failure(code, true);
      assert.equal(await codeOf(state.keeper.reauthenticate()), code);
      assert.equal((await state.keeper.usable()).value, state.old.value);
      assert.deepEqual(state.kept, []);
    }
  });

  it('has the token at hand looked at anew where there is no account', async () => {
    const state = await working({ account: undefined });
    await state.keeper.reauthenticate();
    assert.equal((await state.keeper.usable()).value, state.old.value);
    assert.deepEqual([state.wishes, state.checked.length], [[], 2]);
  });

  it('may fetch another token though the gateway turned one down', async () => {
    const state = world();
    state.refusesAll = true;
    assert.equal(await codeOf(state.keeper.usable()), 'token_rejected');
    await state.keeper.reauthenticate();
    assert.deepEqual(state.wishes, ['needed', 'person']);
  });

  it('gives a token, which is kept and used from then on', async () => {
    const state = await working();
    const value = token(start, 10 * day);
    await state.keeper.accept(`  ${value}\n`);
    assert.deepEqual(state.kept, [value]);
    assert.equal((await state.keeper.usable()).value, value);
  });

  it('gives a text that is of no use, and nothing changes', async () => {
    const state = await working();
    assert.equal(await codeOf(state.keeper.accept('eyJhbGciOiJFUzI1NiJ9.cut')), 'token_rejected');
    assert.equal(await codeOf(state.keeper.accept(token(start - 2 * day, day))), 'token_expired');
    assert.equal((await state.keeper.usable()).value, state.old.value);
    assert.deepEqual([state.kept, state.wishes], [[], []]);
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
