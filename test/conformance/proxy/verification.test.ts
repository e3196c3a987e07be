import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { settingsFromEnvironment } from '../../../lib/proxy/settings/environment.js';
import { formOf, type DeviceCode, type ProxyWorld } from '../../support/proxy-world.js';
import { overBothStores } from './stores.js';
import {
  codeModeSettings,
  confirmed,
  consentPage,
  englishBrowser,
  oauthServer,
  pollError,
  shows,
  startVisit,
  type,
} from './visits.js';

function durationOf(more: Readonly<Record<string, string>> = {}): string {
  const least = { BASE_URL: 'https://p.test', CLIENT_ID: 'application', CLIENT_SECRET: 'secret' };
  return settingsFromEnvironment({ ...least, ...more }).proxy.duration;
}

describe('conformance 8.4: verification step', () => {
  overBothStores((open) => {
    const oauth = oauthServer();
    let world: ProxyWorld;
    let legacy: ProxyWorld;
    let code: DeviceCode;

    before(async () => {
      world = await open({ settings: { duration: durationOf() } });
      legacy = await open({ settings: { compatibility: { legacyGetVerify: true } } });
    });

    beforeEach(async () => {
      code = await world.begin();
    });

    function verify(query: string, at = world) {
      return englishBrowser(at).open(`/auth/verify_code${query}`);
    }

    it('36 · no code is 400 and says so', async () => {
      shows(await verify(''), 400, /No code was entered/);
    });

    it('37 · a code that nobody was given is 400 and says so', async () => {
      shows(await verify('?code=ZZZZ-ZZZZ'), 400, /This code is not valid/);
    });

    it('38 · LEGACY_GET_VERIFY sends the browser on at once', async () => {
      const page = await verify(`?code=${(await legacy.begin()).userCode}`, legacy);
      assert.equal(page.status, 302);
      const url = consentPage(page);
      assert.equal(url.origin + url.pathname, legacy.settings.endpoints.authorization);
      assert.ok(url.searchParams.get('state'));
    });

    it('39 · without it a GET only asks for confirmation, and writes nothing', async () => {
      const before = world.writes;
      const page = await verify(`?code=${code.userCode}`);
      assert.equal(page.status, 200);
      assert.equal(page.location, undefined);
      assert.equal(formOf(page).method, 'POST');
      assert.equal(formOf(page).fields['code'], code.userCode);
      assert.equal(world.writes, before);
    });

    it('40 · a POST without the token of the page is 403 and leaves the grant alone', async () => {
      const browser = englishBrowser(world);
      const strangers = formOf(await englishBrowser(world).open('/device')).fields['csrf'] ?? '';
      const page = await browser.open('/device');
      const before = world.writes;
      for (const csrf of ['', 'x', strangers]) {
        shows(await browser.submit(page, { code: code.userCode, csrf }), 403, /send it again/);
      }
      const bare = await world.form('/device', { code: code.userCode }, world.newAddress());
      assert.equal(bare.status, 403);
      assert.equal(world.writes, before);
      assert.equal(await pollError(world, code), 'authorization_pending');
    });

    it('41 · with it the browser is sent to the consent page, with a cookie for itself alone', async () => {
      const page = await type(englishBrowser(world), code.userCode);
      assert.equal(page.status, 303);
      const url = consentPage(page);
      assert.equal(url.origin + url.pathname, world.enedis.endpoints.authorization);
      const cookie = page.headers['set-cookie']?.join() ?? '';
      assert.match(cookie, /; Secure; HttpOnly; SameSite=Lax$/);
    });

    it('42 · the consent page is called with four parameters and no other', async () => {
      const { searchParams } = consentPage(await type(englishBrowser(world), code.userCode));
      assert.deepEqual([...searchParams.keys()].sort(), ['client_id', 'duration', 'response_type', 'state']);
      assert.equal(searchParams.get('client_id'), world.enedis.application.clientId);
      assert.equal(searchParams.get('response_type'), 'code');
    });

    it('43 · duration is the one of the settings, three years in days by default', async () => {
      const { searchParams } = consentPage(await type(englishBrowser(world), code.userCode));
      assert.equal(searchParams.get('duration'), 'P1095D');
      assert.equal(durationOf({ DURATION: 'P3Y' }), 'P1095D');
      const shorter = await open({ settings: { duration: durationOf({ DURATION: 'P36M' }) } });
      const visit = await startVisit(shorter);
      assert.equal(new URL(visit.authorizeUrl).searchParams.get('duration'), 'P36M');
    });

    it('44 · state differs each time and is long enough not to be guessed', async () => {
      const browser = englishBrowser(world);
      const states = new Set<string>();
      for (let time = 0; time < 5; time++) {
        states.add(consentPage(await type(browser, code.userCode)).searchParams.get('state') ?? '');
      }
      assert.equal(states.size, 5);
      for (const state of states) assert.match(state, /^[\w-]{43}$/);
    });

    it('45 · lower case without the hyphen is accepted', async () => {
      const page = await type(englishBrowser(world), code.userCode.toLowerCase().replace('-', ''));
      assert.equal(page.status, 303);
    });

    it('46 · spaces in the code are accepted', async () => {
      for (const typed of [code.userCode.replace('-', ' '), `  ${code.userCode.replace(/./g, '$& ')}`]) {
        assert.equal((await type(englishBrowser(world), typed)).status, 303, typed);
      }
    });

    it('47 · a state that the visitor brings is ignored', async () => {
      const browser = englishBrowser(world);
      const page = await browser.open(`/device?code=${code.userCode}&state=-evil7`);
      const sent = consentPage(await browser.submit(page, { state: '-evil7' }));
      const redirected = consentPage(await verify(`?code=${(await legacy.begin()).userCode}&state=-evil7`, legacy));
      for (const url of [sent, redirected]) assert.match(url.searchParams.get('state') ?? '', /^(?!.*evil)[\w-]{43}$/);
    });

    it('48 · authorization-code mode: the challenge is that of a long verifier, the scope is passed on', async () => {
      const server = await open({ settings: codeModeSettings(oauth(), { pkce: true }) });
      const visit = await startVisit(server, { scope: 'read:meter' });
      const { searchParams } = new URL(visit.authorizeUrl);
      assert.equal(searchParams.get('scope'), 'read:meter');
      assert.equal(searchParams.get('code_challenge_method'), 'S256');
      await confirmed(visit.browser, await visit.browser.open(oauth().consent(visit.authorizeUrl)));
      const verifier = oauth().requests.at(-1)?.form.get('code_verifier') ?? '';
      assert.match(verifier, /^[\w.~-]{43,128}$/);
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      assert.equal(searchParams.get('code_challenge'), challenge);
    });

    it('49 · ten wrong codes of one address, then 429 for right ones too, for a while', async () => {
      const browser = englishBrowser(world);
      for (let count = 0; count < 10; count++) assert.equal((await type(browser, 'ZZZZ-ZZZZ')).status, 400);
      const eleventh = await type(browser, 'ZZZZ-ZZZZ');
      assert.equal(eleventh.status, 429);
      assert.equal((await type(browser, code.userCode)).status, 429);
      assert.equal((await browser.open(`/auth/verify_code?code=${code.userCode}`)).status, 429);
      assert.equal((await type(englishBrowser(world), code.userCode)).status, 303);
      world.clock.advance({ seconds: Number(eleventh.headers['retry-after']) });
      assert.equal((await type(browser, (await world.begin()).userCode)).status, 303);
    });

    it('50 · HEAD makes no state, not even where GET would', async () => {
      for (const each of [world, legacy]) {
        const { userCode } = await each.begin();
        const before = each.writes;
        const path = `/auth/verify_code?code=${userCode}`;
        const answer = await each.first.send({ method: 'HEAD', path, headers: each.newAddress() });
        assert.equal(answer.headers.location, undefined);
        assert.equal(each.writes, before);
      }
    });

    it('51 · a code that expired is not valid, though its record is still there', async () => {
      const browser = englishBrowser(world);
      world.clock.advance({ seconds: code.expiresIn - 1 });
      assert.equal((await type(browser, code.userCode)).status, 303);
      world.clock.advance({ seconds: 1 });
      shows(await type(browser, code.userCode), 400, /This code is not valid/);
      const never = await world.begin();
      world.clock.advance({ seconds: never.expiresIn });
      assert.equal(await pollError(world, never), 'expired_token');
    });
  });
});
