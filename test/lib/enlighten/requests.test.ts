import assert from 'node:assert/strict';
import { parse } from 'node:querystring';
import fc from 'fast-check';
import { loginRequest, tokenRequest } from '../../../lib/enlighten/requests.js';

const settings = { cloudUrl: 'https://enlighten.example.com', tokenUrl: 'https://entrez.example.com' };

describe('the requests to the cloud', () => {
  it('are those of the vendor', () => {
    const login = loginRequest(settings, { username: 'owner@example.com', password: 'right' });
    assert.deepEqual([login.method, login.url.href], ['POST', 'https://enlighten.example.com/login/login.json']);
    assert.equal(login.headers?.['content-type'], 'application/x-www-form-urlencoded');
    const token = tokenRequest(settings, 'session', '012345678901', 'owner@example.com');
    assert.deepEqual([token.method, token.url.href], ['POST', 'https://entrez.example.com/tokens']);
    assert.equal(token.headers?.['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(token.body ?? ''), {
      session_id: 'session',
      serial_num: '012345678901',
      username: 'owner@example.com',
    });
  });

  it('say who asks and what is understood, take their time and leave no connection open', () => {
    const account = { username: 'a', password: 'b' };
    for (const request of [loginRequest(settings, account), tokenRequest(settings, 's', '1', 'a')]) {
      assert.match(request.headers?.['accept'] ?? '', /application\/json/);
      assert.match(request.headers?.['user-agent'] ?? '', /\S/);
      assert.equal(request.keepAlive, false);
      assert.ok(request.timeout === 10_000 && (request.limit ?? Infinity) <= 1024 * 1024);
    }
  });

  it('take base addresses with a path and with slashes at their end', () => {
    const own = { cloudUrl: 'http://127.0.0.1:8443/cloud/', tokenUrl: 'http://127.0.0.1:8443//' };
    const login = loginRequest(own, { username: 'a', password: 'b' });
    assert.equal(login.url.href, 'http://127.0.0.1:8443/cloud/login/login.json');
    assert.equal(tokenRequest(own, 's', '1', 'a').url.href, 'http://127.0.0.1:8443/tokens');
  });

  it('carry every name and password as it was typed', () => {
    const odd = [
      'a&b=c',
      '100% + 1',
      'p#ss?w/rd',
      'é ☀ 日本',
      '"quoted"',
      "'",
      '\\',
      '  spaces  ',
      '%41',
      '*~()!',
      '\n',
    ];
    const check = (username: string, password: string): void => {
      const body = loginRequest(settings, { username, password }).body ?? '';
      assert.match(body, /^[\x21-\x7e]*$/);
      assert.deepEqual({ ...parse(body) }, { 'user[email]': username, 'user[password]': password });
      assert.equal(
        (JSON.parse(tokenRequest(settings, 's', '1', username).body ?? '') as { username: string }).username,
        username,
      );
    };
    for (const text of odd) check(text, text);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), check));
  });
});
