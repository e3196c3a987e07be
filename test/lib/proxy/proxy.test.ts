import assert from 'node:assert/strict';
import { formOf, ProxyWorld, publicClient, type ChosenSettings } from '../../support/proxy-world.js';

const form = { client_id: publicClient };

describe('lib/proxy: over a real server', () => {
  let world: ProxyWorld;

  async function start(settings?: ChosenSettings): Promise<void> {
    world = await ProxyWorld.start(settings && { settings });
  }

  afterEach(() => world.close());

  it('guards every page, whatever its status', async () => {
    await start();
    for (const path of [
      '/',
      '/device',
      '/auth/verify_code',
      '/auth/redirect',
      '/auth/redirect?state=x',
      '/auth/done',
      '/nope',
    ]) {
      const { headers } = await world.get(path);
      assert.match(headers['content-type'] ?? '', /^text\/html; charset=utf-8/i, path);
      assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/, path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.equal(headers['cache-control'], 'no-store', path);
      assert.match(String(headers['strict-transport-security']), /max-age/, path);
    }
  });

  it('builds every link from its public address, whatever host is named', async () => {
    await start();
    const evil = { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'gopher' };
    const answers = [
      await world.get('/device', evil),
      await world.get('/nope', evil),
      await world.get('/.well-known/oauth-authorization-server', evil),
      await world.form('/device/code', form, evil),
    ];
    for (const { text, headers } of answers) assert.doesNotMatch(text + JSON.stringify(headers), /evil|gopher/);
    assert.equal(answers[3]?.json['verification_uri'], 'https://p.test/device');
    const browser = world.browser();
    assert.equal(formOf(await browser.open('/device', { host: 'evil.test' })).action, 'https://p.test/device');
  });

  it('stores nothing for a body of 1 MiB', async () => {
    await start();
    const { status } = await world.form('/device/code', `client_id=${publicClient}&scope=${'x'.repeat(1024 * 1024)}`);
    assert.deepEqual([status, world.writes], [413, 0]);
  });

  it('stores nothing for HEAD, wherever it is answered', async () => {
    await start({ compatibility: { legacyGetVerify: true } });
    const { userCode } = await world.begin();
    const before = world.writes;
    const paths = [
      '/',
      '/device',
      `/device?code=${userCode}`,
      `/auth/verify_code?code=${userCode}`,
      '/auth/redirect?state=x&autorisation_id=1',
      '/data/proxy/metering_data_dc/v5/daily_consumption',
      '/consents',
      '/health',
      '/device/code',
    ];
    for (const path of paths) {
      const { text } = await world.first.send({ method: 'HEAD', path });
      assert.equal(text, '', path);
    }
    assert.equal(world.writes, before);
  });

  it('counts a client by its own address: no header of its own takes it out of its limit', async () => {
    await start({ trustedProxies: [], limits: { codesPerMinute: 2 } });
    const status = async (number: number) =>
      (await world.form('/device/code', form, { 'x-forwarded-for': `203.0.113.${String(number)}` })).status;
    assert.deepEqual([await status(1), await status(2), await status(3)], [200, 200, 429]);
  });

  it('behind a trusted proxy, counts the last address that the proxy saw, IPv6 by its network', async () => {
    await start({ limits: { codesPerMinute: 1 } });
    const status = async (forwarded: string) =>
      (await world.form('/device/code', form, { 'x-forwarded-for': forwarded })).status;
    assert.equal(await status('198.51.100.1, 203.0.113.7'), 200);
    assert.equal(await status('198.51.100.2, 203.0.113.7'), 429);
    assert.equal(await status('198.51.100.1, 203.0.113.8'), 200);
    assert.equal(await status('2001:db8::1'), 200);
    assert.equal(await status('2001:db8::ffff:2'), 429);
    assert.equal(await status('2001:db8:0:1::1'), 200);
  });

  it('stands below a path', async () => {
    await start({ publicUrl: 'https://p.test/domoticzlinkyconnect' });
    const { page, tokens } = await world.dance();
    assert.equal(page.url, 'https://p.test/domoticzlinkyconnect/auth/done');
    assert.equal(tokens.usagePoints.length, 1);
  });

  it('tells its health, and serves nothing while its store is away', async () => {
    await start();
    assert.deepEqual((await world.first.proxy.health()).storage, 'ok');
    await world.store.close();
    assert.deepEqual((await world.first.proxy.health()).storage, 'failed');
    const refused = await world.form('/device/code', form);
    assert.deepEqual([refused.status, refused.json['error']], [503, 'temporarily_unavailable']);
    assert.match(refused.headers['retry-after'] ?? '', /^\d+$/);
    assert.equal((await world.get('/health')).status, 503);
    assert.equal((await world.get('/device?code=BBBB-BBBB')).status, 503);
  });
});
