import assert from 'node:assert/strict';
import { accountHash, candidates, hold, kept, tokenHash, type KeptToken } from '../../../lib/envoy/held-token.js';
import { unsignedToken } from '../enlighten/tokens.js';

const issued = (iat: number): string => unsignedToken({ aud: '122600000042', iat, exp: iat + 1000 });
const [older, newer] = [issued(1000), issued(2000)];
const values = (...args: Parameters<typeof candidates>): string[] => candidates(...args).map(({ value }) => value);

describe('the tokens at hand', () => {
  const mine: KeptToken = { value: older, origin: 'cloud', account: accountHash('me@example.com') };

  it('are none where there is none', () => {
    assert.deepEqual(candidates(undefined, undefined, undefined), []);
    assert.deepEqual(candidates(undefined, '', 'me@example.com'), []);
  });

  it('are the one on disk and the one that was given, the newest first', () => {
    assert.deepEqual(values(mine, newer, 'me@example.com'), [newer, older]);
    assert.deepEqual(values({ ...mine, value: newer }, older, 'me@example.com'), [newer, older]);
    assert.deepEqual(values(undefined, `  ${newer}\n`, undefined), [newer]);
  });

  it('keep where they came from when the copy in the credentials is the same', () => {
    const [only, ...more] = candidates(mine, older, 'me@example.com');
    assert.deepEqual([only?.origin, only?.account, more], ['cloud', mine.account, []]);
  });

  it('are not those that another account fetched', () => {
    assert.deepEqual(values(mine, undefined, 'you@example.com'), []);
    assert.deepEqual(values(mine, newer, 'you@example.com'), [newer]);
    assert.deepEqual(values(mine, undefined, ' ME@example.com '), [older]);
    assert.deepEqual(values(mine, undefined, undefined), [older]);
    assert.deepEqual(values({ value: older, origin: 'person' }, undefined, 'you@example.com'), [older]);
  });

  it('are not texts that are no tokens', () => {
    assert.deepEqual(values({ ...mine, value: 'broken' }, 'eyJ.cut', 'me@example.com'), []);
  });
});

describe('a token in hand', () => {
  it('is kept without its claims, and held again with them', () => {
    const token: KeptToken = { value: older, origin: 'cloud', account: 'hash' };
    assert.deepEqual(kept(hold(token)), token);
    assert.deepEqual(hold(token).claims, { issuedAt: 1_000_000, expiresAt: 2_000_000, serial: '122600000042' });
    assert.throws(() => hold({ value: 'x', origin: 'person' }), { code: 'token_rejected' });
  });

  it('has a name that does not give it away', () => {
    assert.notEqual(tokenHash(older), tokenHash(newer));
    assert.ok(!tokenHash(older).includes(older.slice(0, 10)));
    assert.ok(!accountHash('me@example.com').includes('me@'));
  });
});
