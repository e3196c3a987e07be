import assert from 'node:assert/strict';
import { newUserCode } from '../../../../lib/proxy/codes.js';
import { visits, type Visits } from './visits.js';

const authorization = 'http://127.0.0.1:9/dataconnect/v2/oauth2/authorize';

function query(address: string | undefined): Record<string, string> {
  return Object.fromEntries(new URL(address ?? 'about:blank').searchParams);
}

describe('pages of the proxy', () => {
  const open = visits();
  let world: Visits;

  beforeEach(async () => {
    world = await open();
  });

  it('1: GET / is a page with one h1', async () => {
    const page = await world.visitor().open('/');
    assert.equal(page.status, 200);
    assert.match(page.header('content-type') ?? '', /^text\/html/);
    assert.equal(page.text.match(/<h1/g)?.length, 1);
  });

  it('2, 3: GET /device has an empty field, or one with the code of the link', async () => {
    const visitor = world.visitor();
    assert.match((await visitor.open('/device')).text, /name="code"\s+value=""\s+placeholder="XXXX-XXXX"/);
    assert.match((await visitor.open('/device?code=XRWV-EPJG')).text, /name="code"\s+value="XRWV-EPJG"/);
    assert.match((await visitor.open('/device?user_code=XRWV-EPJG')).text, /name="code"\s+value="XRWV-EPJG"/);
  });

  it('4: markup in the link stays text', async () => {
    const page = await world.visitor().open('/device?code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E');
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /<script/);
  });

  it('5: every page is guarded', async () => {
    const { visitor, state } = await world.claimed();
    const pages = [
      await visitor.open('/'),
      await visitor.open('/device'),
      await visitor.open('/auth/verify_code'),
      await visitor.open('/auth/redirect'),
      await visitor.comeBack({ state, autorisation_id: 'no' }),
      await visitor.open('/auth/done'),
      await visitor.open('/nope'),
    ];
    for (const page of pages) {
      const policy = page.header('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /script-src|unsafe/);
      assert.equal(page.header('x-content-type-options'), 'nosniff');
      assert.equal(page.header('referrer-policy'), 'no-referrer');
      assert.match(page.header('cache-control') ?? '', /no-store/);
      assert.doesNotMatch(page.text, /<script/);
    }
  });

  it('6: the host header reaches no page', async () => {
    const page = await world
      .visitor()
      .open('/device', { headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' } });
    assert.doesNotMatch(page.text, /evil\.test/);
  });

  it('9: an unknown address is 404, as a page', async () => {
    const page = await world.visitor().open('/nope');
    assert.equal(page.status, 404);
    assert.match(page.text, /Page not found/);
  });

  it('the stylesheet may be kept, and is no page', async () => {
    const style = await world.visitor().open('/style.css');
    assert.match(style.header('content-type') ?? '', /^text\/css/);
    assert.match(style.header('cache-control') ?? '', /max-age=\d{5}/);
  });

  it('the page follows the language of the browser, French where none fits', async () => {
    const visitor = world.visitor();
    assert.match((await visitor.open('/device', { headers: { 'accept-language': 'de' } })).text, /<html lang="fr">/);
    assert.match((await visitor.open('/device')).text, /<html lang="en">/);
  });

  it('a link with a code shows who asks and since when; a code that is over shows nothing', async () => {
    const { userCode } = await world.begin();
    world.now += 150_000;
    const page = await world.visitor().open(`/device?code=${userCode}`);
    assert.match(page.text, /DomoticzLinky/);
    assert.match(page.text, /2 minutes ago/);
    assert.match(page.text, /expires in 2.minutes/);
    world.now += 150_000;
    assert.doesNotMatch((await world.visitor().open(`/device?code=${userCode}`)).text, /DomoticzLinky/);
  });
});

describe('entering a code', () => {
  const open = visits();
  let world: Visits;

  beforeEach(async () => {
    world = await open();
  });

  it('36, 37: GET /auth/verify_code without a code, and with a wrong one, says so', async () => {
    const visitor = world.visitor();
    const none = await visitor.open('/auth/verify_code');
    assert.equal(none.status, 400);
    assert.match(none.text, /No code was entered/);
    const wrong = await visitor.open('/auth/verify_code?code=ZZZZ-ZZZZ');
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /code is not valid/);
  });

  it('38: with the switch for it GET /auth/verify_code claims the code', async () => {
    world = await open({ compatibility: { legacyGetVerify: true } });
    const { userCode } = await world.begin();
    const page = await world.visitor().open(`/auth/verify_code?code=${userCode}`);
    assert.equal(page.status, 302);
    assert.ok(page.header('location')?.startsWith(`${authorization}?`));
    assert.notEqual(query(page.header('location'))['state'] ?? '', '');
    assert.match(page.header('set-cookie') ?? '', /HttpOnly/);
  });

  it('39, 50: without it the page asks to confirm, and HEAD does nothing at all', async () => {
    const { userCode } = await world.begin();
    const visitor = world.visitor();
    const page = await visitor.open(`/auth/verify_code?code=${userCode}`);
    assert.equal(page.status, 200);
    assert.equal(page.header('location'), undefined);
    assert.match(page.text, /DomoticzLinky/);
    assert.match(page.text, /<form method="post"/);
    const head = await visitor.open(`/auth/verify_code?code=${userCode}`, { method: 'HEAD' });
    assert.equal(head.header('location'), undefined);
    assert.equal(head.text, '');
  });

  it('40: a form without its token, or of another site, is refused and the code stays as it was', async () => {
    const { userCode } = await world.begin();
    const victim = world.visitor();
    const other = world.visitor();
    const foreign = /name="csrf" value="([^"]+)"/.exec((await other.open('/device')).text)?.[1] ?? '';
    await victim.open('/device');
    for (const form of [{ code: userCode }, { code: userCode, csrf: foreign }, { code: userCode, csrf: 'x' }]) {
      const page = await victim.open('/device', { form });
      assert.equal(page.status, 403);
      assert.equal(page.header('location'), undefined);
    }
    const own = /name="csrf" value="([^"]+)"/.exec((await victim.open('/device')).text)?.[1] ?? '';
    const elsewhere = { headers: { 'sec-fetch-site': 'cross-site' } };
    assert.equal((await victim.open('/device', { form: { code: userCode, csrf: own }, ...elsewhere })).status, 403);
    assert.equal((await world.visitor().open('/device', { form: { code: userCode, csrf: own } })).status, 403);
  });

  it('41 to 44: the right code leads to the consent page, with what Enedis wants and nothing else', async () => {
    const { userCode } = await world.begin();
    const visitor = world.visitor();
    const page = await visitor.enter(userCode);
    assert.equal(page.status, 303);
    const cookie = page.header('set-cookie') ?? '';
    for (const part of [/^__Host-/, /; Secure/, /; HttpOnly/, /; SameSite=Lax/, /; Path=\//])
      assert.match(cookie, part);
    const { state = '', ...others } = query(page.header('location'));
    assert.deepEqual(others, { client_id: 'enedis-application', response_type: 'code', duration: 'P1095D' });
    assert.ok(state.length >= 32 && state.length <= 100);
    assert.notEqual(await visitor.claim(userCode), state);
  });

  it('45, 46: a code may be typed in many ways', async () => {
    const { userCode } = await world.begin();
    const visitor = world.visitor();
    const bare = userCode.replace('-', '');
    for (const typed of [bare.toLowerCase(), userCode.replace('-', ' '), ` ${bare.slice(0, 2)} ${bare.slice(2)}. `]) {
      assert.equal((await visitor.enter(typed)).status, 303, typed);
    }
  });

  it('47: a state of the visitor counts with test data only, and there one digit', async () => {
    const { userCode } = await world.begin();
    const visitor = world.visitor();
    const plain = query((await visitor.enter(userCode, { state: '4' })).header('location'))['state'];
    assert.equal(plain?.length, 43);
    const sandbox = await open({ compatibility: { sandbox: true } });
    const tester = sandbox.visitor();
    const chosen = query((await tester.enter(userCode, { state: '4' })).header('location'))['state'];
    assert.match(chosen ?? '', /^.{43}4$/);
    const long = query((await tester.enter(userCode, { state: '44' })).header('location'))['state'];
    assert.equal(long?.length, 43);
    assert.match((await tester.open(`/device?code=${userCode}&state=3`)).text, /name="state"\s+value="3"/);
  });

  it('48: in the authorization-code mode scope, redirect address and challenge go along', async () => {
    world = await open({ mode: 'authorization_code', pkce: true, redirectUri: 'https://p.test/auth/redirect' });
    const { userCode } = await world.begin('openid profile');
    const sent = query((await world.visitor().enter(userCode)).header('location'));
    assert.equal(sent['scope'], 'openid profile');
    assert.equal(sent['redirect_uri'], 'https://p.test/auth/redirect');
    assert.equal(sent['code_challenge_method'], 'S256');
    assert.match(sent['code_challenge'] ?? '', /^[\w-]{43}$/);
  });

  it('49: after ten wrong codes nothing counts from this address for a while, for others it does', async () => {
    const { userCode } = await world.begin();
    const guesser = world.visitor();
    const statuses = new Set<number>();
    for (let count = 0; count < 10; count += 1) statuses.add((await guesser.enter(newUserCode())).status);
    assert.deepEqual([...statuses], [400]);
    const refused = await guesser.enter(userCode);
    assert.equal(refused.status, 429);
    assert.match(refused.header('retry-after') ?? '', /^\d+$/);
    assert.doesNotMatch((await guesser.open(`/device?code=${userCode}`)).text, /DomoticzLinky/);
    assert.equal((await guesser.open(`/auth/verify_code?code=${userCode}`)).status, 429);
    assert.equal((await world.visitor().enter(userCode)).status, 303);
    world.now += 21 * 60_000;
    const { userCode: later } = await world.begin();
    assert.equal((await guesser.enter(later)).status, 303);
  });

  it('a burst of guesses at once is not let through before it is counted', async () => {
    const { userCode } = await world.begin();
    const guesser = world.visitor();
    const csrf = /name="csrf" value="([^"]+)"/.exec((await guesser.open('/device')).text)?.[1] ?? '';
    const codes = [...Array.from({ length: 30 }, newUserCode), userCode];
    const pages = await Promise.all(codes.map((code) => guesser.open('/device', { form: { csrf, code } })));
    assert.equal(pages.filter(({ status }) => status === 400).length, 10);
    assert.equal(pages.filter(({ status }) => status === 429).length, 21);
  });

  it('51: a code is over at its second', async () => {
    const { userCode } = await world.begin();
    world.now += 300_000;
    const page = await world.visitor().enter(userCode);
    assert.equal(page.status, 400);
    assert.match(page.text, /role="alert"/);
  });

  it('a wrong, a used and an expired code get the same answer', async () => {
    world.upstream.answers = [[]];
    const { deviceCode, userCode } = await world.begin();
    const visitor = world.visitor();
    const state = await visitor.claim(userCode);
    await visitor.comeBack({ state, error: 'access_denied' });
    assert.equal(await world.pollError(deviceCode), 'access_denied');
    const used = await visitor.enter(userCode);
    const wrong = await visitor.enter('BBBB-BBBB');
    assert.equal(used.status, wrong.status);
    assert.equal(used.text.replaceAll(userCode, ''), wrong.text.replaceAll('BBBB-BBBB', ''));
  });
});
