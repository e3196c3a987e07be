import assert from 'node:assert/strict';
import type { AuthenticationCode } from '../../../lib/errors.js';
import { accountHash } from '../../../lib/envoy/held-token.js';
import { EnergyError } from '../../../lib/errors.js';
import { hour, day, account, start, failure, token, fromCloud, pasted, world, codeOf } from './token-keeper-world.js';

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
