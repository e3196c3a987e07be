import assert from 'node:assert/strict';
import { CookieJar } from '../../../lib/http/cookies.js';

describe('the cookies of a server', () => {
  const jarWith = (...lines: string[]): CookieJar => {
    const jar = new CookieJar();
    jar.accept(lines);
    return jar;
  };

  it('are sent back without their attributes', () => {
    const jar = jarWith('sessionId=abc123; Secure; HttpOnly; path=/');
    assert.equal(jar.header, 'sessionId=abc123');
    jar.accept('other = x=y== ; Path=/');
    assert.equal(jar.header, 'sessionId=abc123; other=x=y==');
  });

  it('are none at first, and after a reset', () => {
    const jar = new CookieJar();
    assert.equal(jar.header, undefined);
    jar.accept(undefined);
    jar.accept([]);
    assert.equal(jar.header, undefined);
    jar.accept('a=1');
    jar.reset();
    assert.equal(jar.header, undefined);
    jar.reset([['b', '2']]);
    assert.deepEqual(jar.entries(), [['b', '2']]);
  });

  it('are replaced by newer ones', () => {
    assert.equal(jarWith('a=1', 'b=2', 'a=3').header, 'a=3; b=2');
  });

  it('are dropped when the server ends them', () => {
    const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
    for (const end of ['a=', 'a=; path=/', 'a=x; Max-Age=0', 'a=x; max-age=-1', `a=gone; Expires=${past}; path=/`]) {
      assert.equal(jarWith('a=1', 'b=2', end).header, 'b=2', end);
    }
  });

  it('are kept where their end is in the future, or cannot be read', () => {
    const future = new Date(Date.now() + 3_600_000).toUTCString();
    for (const attribute of [`expires=${future}`, 'max-age=3600', 'expires=some day', 'max-age=']) {
      assert.equal(jarWith(`a=1; ${attribute}`).header, 'a=1', attribute);
    }
    const both = 'a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=3600';
    assert.equal(jarWith(both).header, 'a=1', 'max-age is the one that counts (RFC 6265 5.3)');
  });

  it('never make a header that cannot be sent', () => {
    assert.equal(jarWith('nothing', '=x', 'a=b c', 'a=\u0007', 'a=é', 'n\u0001=x', 'n m=x', '', ';').header, undefined);
  });
});
