import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  newDeviceCode,
  newId,
  newPkceVerifier,
  newState,
  newToken,
  newUserCode,
  normalizeUserCode,
  pkceChallenge,
  sameSecret,
  userCodeAlphabet,
} from '../../../lib/proxy/codes.js';

describe('codes of the proxy', () => {
  it('#26 #27 #44: have the shapes that clients and the consent page expect', () => {
    assert.match(newDeviceCode(), /^[0-9a-f]{64}$/);
    assert.match(newToken(), /^[0-9a-f]{64}$/);
    assert.match(newUserCode(), /^[A-HJ-NP-Z]{4}-[A-HJ-NP-Z]{4}$/);
    assert.match(newState(), /^[\w-]{43}$/);
    assert.match(newId(), /^[\w-]{22}$/);
    assert.match(newPkceVerifier(), /^[\w-]{43}$/);
  });

  it('#28 #35: 1000 user codes have no vowel and are all different', () => {
    const codes = Array.from({ length: 1000 }, newUserCode);
    for (const code of codes) assert.match(code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    assert.equal(new Set(codes).size, codes.length);
    assert.equal(new Set(Array.from({ length: 1000 }, newDeviceCode)).size, 1000);
    assert.equal(new Set(Array.from({ length: 1000 }, newState)).size, 1000);
  });

  it('user codes use every letter at every place equally often', () => {
    const codes = Array.from({ length: 20_000 }, newUserCode);
    for (const place of [0, 1, 2, 3, 5, 6, 7, 8]) {
      for (const letter of userCodeAlphabet) {
        const count = codes.filter((code) => code[place] === letter).length;
        // 1000 are expected with a standard deviation of 31: ten of them are never missed by chance.
        assert.ok(Math.abs(count - 1000) < 310, `${letter} at ${place}: ${count}`);
      }
    }
  });

  it('#45 #46: a user code is recognised however it is typed', () => {
    for (const typed of ['BCDF-GHJK', 'bcdfghjk', ' bcdf ghjk ', 'B C D F.G_H-J–K', 'bcdf\t\nghjk!', '1b2c3d4fghjk']) {
      assert.equal(normalizeUserCode(typed), 'BCDFGHJK', typed);
    }
    for (const typed of ['', 'BCDF-GHJ', 'BCDF-GHJKL', '12345678', 'ßßßß', 'BCDF-GHJé', 'ＢＣＤＦＧＨＪＫ']) {
      assert.equal(normalizeUserCode(typed), undefined, typed);
    }
  });

  it('every new user code survives being typed in lower case with noise in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(' ', '-', '.', '0', 'é', '\u00a0'), { minLength: 9, maxLength: 9 }),
        (noise) => {
          const code = newUserCode();
          const typed = Array.from(code, (letter, index) => letter.toLowerCase() + (noise[index] ?? '')).join('');
          assert.equal(normalizeUserCode(typed), code.replace('-', ''));
        },
      ),
    );
  });

  it('PKCE challenges are those of RFC 7636 appendix B', () => {
    const challenge = pkceChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk');
    assert.equal(challenge, 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('secrets are the same only where every character is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        assert.equal(sameSecret(one, other), one === other);
        assert.ok(sameSecret(one, one.slice()));
      }),
    );
  });
});
