import assert from 'node:assert/strict';
import { formOf, publicClient, unescaped, type ProxyWorld, type WireAnswer } from '../../support/proxy-world.js';
import { assertError } from './answers.js';
import { newCustomer, overBothStores } from './stores.js';

const attack = '"><script>alert(1)</script>';

function isPage({ headers }: WireAnswer): boolean {
  return headers['content-type']?.toLowerCase() === 'text/html; charset=utf-8';
}

function count(text: string, expression: RegExp): number {
  return text.match(expression)?.length ?? 0;
}

/** Asserts that a page runs no script and loads nothing from elsewhere. */
function assertGuarded(answer: WireAnswer, path: string): void {
  const { headers, text } = answer;
  assert.ok(isPage(answer), `${path} is no page`);
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /frame-ancestors 'none'/, path);
  assert.match(policy, /default-src 'none'/, path);
  assert.doesNotMatch(policy, /unsafe-inline|script-src/, path);
  assert.equal(headers['x-content-type-options'], 'nosniff', path);
  assert.equal(headers['referrer-policy'], 'no-referrer', path);
  assert.match(headers['cache-control'] ?? '', /no-store/, path);
  assert.doesNotMatch(text, /<script|<style|\son[a-z]+=|\sstyle=|javascript:/i, path);
}

describe('conformance 8.1: pages and rules of every endpoint', () => {
  overBothStores((open) => {
    let world: ProxyWorld;

    before(async () => {
      world = await open();
    });

    it('1 · GET / is a page with one heading', async () => {
      const answer = await world.get('/');
      assert.equal(answer.status, 200);
      assert.ok(isPage(answer));
      assert.equal(count(answer.text, /<h1[\s>]/g), 1);
    });

    it('2 · GET /device shows a form with an empty field for the code', async () => {
      const page = await world.browser().open('/device');
      assert.equal(page.status, 200);
      assert.equal(formOf(page).fields['code'], '');
      assert.match(page.text, /placeholder="XXXX-XXXX"/);
    });

    it('3 · GET /device with a code shows it in the field as it was given', async () => {
      const page = await world.browser().open('/device?code=XRWV-EPJG');
      assert.equal(page.status, 200);
      assert.equal(formOf(page).fields['code'], 'XRWV-EPJG');
    });

    it('4 · markup in the code of a link stays text', async () => {
      for (const name of ['code', 'user_code', 'state']) {
        const page = await world.browser().open(`/device?${name}=${encodeURIComponent(attack)}`);
        assert.equal(page.status, 200);
        assert.doesNotMatch(page.text, /<script|"></, name);
      }
    });

    it('5 · every page forbids frames, scripts, sniffing, referrers and caches', async () => {
      const { page } = await world.dance({ customer: newCustomer(world) });
      assertGuarded(page, 'the page after a consent');
      const browser = world.browser();
      const code = encodeURIComponent(attack);
      const paths = ['/', '/device', `/device?code=${code}`, '/auth/verify_code', `/auth/verify_code?code=${code}`];
      const wrong = ['/auth/redirect', '/auth/redirect?error=testerror1', `/auth/redirect?code=a&state=b`, '/nope'];
      for (const path of [...paths, ...wrong]) assertGuarded(await browser.open(path), path);
      const form = await browser.open('/device');
      assertGuarded(await browser.submit(form, { code: 'ZZZZ-ZZZZ' }), 'a code that is unknown');
      assertGuarded(await browser.submit(form, { csrf: '' }), 'a form of somebody else');
    });

    it('6 · a forged Host header gets into no link and no form', async () => {
      const headers = { host: 'evil.test', 'x-forwarded-host': 'evil.test', ...world.newAddress() };
      for (const path of ['/device', '/device?code=XRWV-EPJG', '/', '/.well-known/oauth-authorization-server']) {
        const { status, text } = await world.get(path, headers);
        assert.equal(status, 200, path);
        assert.doesNotMatch(text, /evil\.test/, path);
        const targets = [...text.matchAll(/\s(?:action|href)="([^"]*)"/g)].map(([, target = '']) => unescaped(target));
        for (const target of targets) {
          assert.equal(new URL(target, `${world.settings.publicUrl}${path}`).origin, world.settings.publicUrl, target);
        }
      }
      const code = await world.form('/device/code', { client_id: publicClient }, headers);
      assert.equal(code.status, 200);
      assert.doesNotMatch(code.text, /evil\.test/);
    });

    it('7 · GET /device/code is 405 and names POST', async () => {
      const { status, headers } = await world.get('/device/code');
      assert.equal(status, 405);
      assert.equal(headers.allow, 'POST');
    });

    it('8 · JSON sent to /device/token is refused', async () => {
      const { deviceCode } = await world.begin();
      const grant = 'urn:ietf:params:oauth:grant-type:device_code';
      const answer = await world.first.send({
        method: 'POST',
        path: '/device/token',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_id: publicClient, grant_type: grant, device_code: deviceCode }),
      });
      assertError(answer, 415, 'invalid_request');
    });

    it('9 · an unknown path is 404', async () => {
      const page = await world.get('/nope');
      assert.equal(page.status, 404);
      assert.ok(isPage(page));
      assertError(await world.get('/device/nope'), 404, 'invalid_request');
    });

    it('10 · no JSON answer of /device/* is kept by anybody', async () => {
      const { tokens, code } = await world.dance({ customer: newCustomer(world) });
      const answers = [
        code.answer,
        tokens.answer,
        await world.poll((await world.begin()).deviceCode),
        await world.refresh(tokens.refreshToken),
        await world.form('/device/code'),
        await world.form('/device/token', { client_id: publicClient, grant_type: 'test' }),
        await world.form('/device/revoke', { client_id: 'unknown', token: 'x' }),
        await world.form('/device/proxy'),
        await world.get('/device/code'),
        await world.get('/device/nope'),
      ];
      for (const { headers, text } of answers) {
        assert.match(headers['content-type'] ?? '', /^application\/json/, text);
        assert.match(headers['cache-control'] ?? '', /no-store/, text);
      }
    });

    it('11 · a parameter given twice is invalid_request', async () => {
      const twice = `client_id=${publicClient}&client_id=${publicClient}`;
      assertError(await world.form('/device/code', twice, world.newAddress()), 400, 'invalid_request');
      const token = `client_id=${publicClient}&grant_type=refresh_token&refresh_token=a&refresh_token=b`;
      assertError(await world.form('/device/token', token, world.newAddress()), 400, 'invalid_request');
    });

    it('12 · a parameter given as an array is invalid_request', async () => {
      for (const body of ['client_id[]=a', 'client_id%5B%5D=a', `client_id=${publicClient}&client_id[x]=a`]) {
        assertError(await world.form('/device/code', body, world.newAddress()), 400, 'invalid_request');
      }
    });

    it('13 · a body of 1 MiB is 413 and writes nothing', async () => {
      const { writes } = world;
      const padding = 'x'.repeat(1024 * 1024);
      for (const path of ['/device/code', '/device/token', '/device']) {
        const answer = await world.form(path, `client_id=${publicClient}&scope=${padding}`, world.newAddress());
        assert.equal(answer.status, 413, path);
      }
      assert.equal(world.writes, writes);
    });

    it('14 · GET /health tells the state, and neither a secret nor where the records are', async () => {
      const { status, json, text } = await world.get('/health');
      assert.equal(status, 200);
      assert.equal(json['status'], 'ok');
      assert.equal(json['storage'], 'ok');
      const { clientId, clientSecret = '' } = world.settings;
      for (const private_ of [clientId, clientSecret, world.directory, '127.0.0.1', 'localhost', 'mongodb']) {
        assert.ok(!text.includes(private_), private_);
      }
    });

    it('15 · the metadata document names the endpoints that are really there', async () => {
      const { publicUrl } = world.settings;
      const { status, json } = await world.get('/.well-known/oauth-authorization-server');
      assert.equal(status, 200);
      assert.equal(json['issuer'], publicUrl);
      assert.equal(json['device_authorization_endpoint'], `${publicUrl}/device/code`);
      assert.equal(json['token_endpoint'], `${publicUrl}/device/token`);
      for (const name of ['device_authorization_endpoint', 'token_endpoint', 'revocation_endpoint']) {
        const { pathname } = new URL(String(json[name]));
        assertError(await world.form(pathname, {}, world.newAddress()), 400, 'invalid_request', /^Missing client_id/);
      }
    });
  });
});
