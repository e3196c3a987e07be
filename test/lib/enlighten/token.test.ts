import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readToken, renewalTime, type TokenClaims } from '../../../lib/enlighten/token.js';
import { unsignedToken } from './tokens.js';

const hour = 3600 * 1000;
const day = 24 * hour;
const issuedAt = Date.parse('2025-06-01T12:00:00Z');

describe('what a token says', () => {
  it('is its life, its role and its gateway', () => {
    const seconds = issuedAt / 1000;
    const claims = { aud: '012345678901', iss: 'Entrez', enphaseUser: 'owner', iat: seconds, exp: seconds + 60 };
    assert.deepEqual(readToken(unsignedToken(claims)), {
      expiresAt: issuedAt + 60_000,
      issuedAt,
      role: 'owner',
      serial: '012345678901',
    });
  });

  it('may be less than that, or more', () => {
    assert.deepEqual(readToken(unsignedToken({ exp: 1 })), { expiresAt: 1000 });
    const odd = { exp: 1, iat: 'then', enphaseUser: 7, aud: ['122600000042', 'other'] };
    assert.deepEqual(readToken(unsignedToken(odd)), { expiresAt: 1000, serial: '122600000042' });
    assert.equal(readToken(unsignedToken({ exp: 1, enphaseUser: 'visitor' })).role, 'visitor');
  });

  it('is told as unusable where it is no token', () => {
    const whole = unsignedToken({ exp: 1, iat: 0, aud: 'x' });
    const texts = ['', 'hello', '<html></html>', whole.slice(0, 50), `x${whole}`.replaceAll('.', ' ')];
    const unending = [{}, { exp: '1' }, { exp: null }].map(unsignedToken);
    for (const text of [...texts, ...unending]) {
      assert.throws(() => readToken(text), { code: 'token_rejected', retryable: false }, text);
    }
  });

  it('never raises anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => unsignedToken({ text })),
        ),
        (text) => {
          try {
            readToken(text);
          } catch (error) {
            assert.equal((error as { code: string }).code, 'token_rejected');
          }
        },
      ),
    );
  });
});

describe('the moment of renewal', () => {
  const living = (life: number): TokenClaims => ({ issuedAt, expiresAt: issuedAt + life });
  const left = (claims: TokenClaims, refreshBefore: number, ours = true): number =>
    claims.expiresAt - renewalTime(claims, refreshBefore, ours);

  const cases: [what: string, left: number, expected: number][] = [
    ["an owner's token of a year, 30 days before", left(living(365 * day), 30), 30 * day],
    ["an owner's token of a year, as configured", left(living(365 * day), 7.5), 7.5 * day],
    ["an installer's token of 12 hours, with a fifth of its life left", left(living(12 * hour), 30), 2.4 * hour],
    ['a token of three seconds', left(living(3000), 30), 600],
    ['a token of ours of ten days, in the middle of its life', left(living(10 * day), 30), 5 * day],
    ['a pasted token of ten days, at once', left(living(10 * day), 30, false), 30 * day],
    ["a pasted installer's token, with a fifth of its life left", left(living(12 * hour), 30, false), 2.4 * hour],
    ['a token that does not say when it began', left({ expiresAt: issuedAt + 10 * day }, 30), 30 * day],
    ['a token with no margin, at its end', left(living(365 * day), 0), 0],
  ];
  for (const [what, actual, expected] of cases) it(what, () => assert.equal(actual, expected));

  it('of a token of ours is never in its first half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 * 365 * 24 * 3600 }),
        fc.integer({ min: 0, max: 365 }),
        (life, before) => {
          const claims = living(life * 1000);
          assert.ok(renewalTime(claims, before, true) >= issuedAt + life * 500);
          assert.ok(renewalTime(claims, before, true) <= claims.expiresAt);
        },
      ),
    );
  });
});
