import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { confirmed, service, tells, usagePoint, visits, type Visits } from './visits.js';

describe('GET /auth/redirect: what comes back from the consent page', () => {
  const open = visits();
  let world: Visits;

  beforeEach(async () => {
    world = await open();
    world.upstream.answers = [[service()]];
  });

  it('52, 53, 54: without parameters, with a foreign state, with an unknown error', async () => {
    const visitor = world.visitor();
    tells(await visitor.open('/auth/redirect'), 400, /Parameters are missing/);
    tells(await visitor.open('/auth/redirect?code=a&state=b'), 400, /state parameter is not valid/);
    const page = await visitor.open('/auth/redirect?error=testerror1&error_description=testerror2');
    tells(page, 400, /testerror1/);
    assert.doesNotMatch(page.text, /testerror2/);
    tells(await visitor.open('/auth/redirect?state=a&state=b'), 400, /not valid/);
  });

  it('55: a refusal is told to the device at once', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    const page = await visitor.comeBack({ state, error: 'access_denied', error_description: '<b>call 0800</b>' });
    tells(page, 400, /You did not give your consent/);
    assert.doesNotMatch(page.text, /0800/);
    assert.equal(await world.pollError(deviceCode), 'access_denied');
    const denied = world.events.find(({ name }) => name === 'denied');
    assert.equal(denied?.reason, 'access_denied');
    assert.match(page.text, new RegExp(denied.correlation ?? 'no reference'));
    tells(await visitor.comeBack({ state, autorisation_id: '42' }), 400, /You did not give your consent/);
  });

  it('56: an error without the state, or from another browser, changes nothing', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    assert.equal((await visitor.open('/auth/redirect?error=access_denied')).status, 400);
    tells(await world.visitor().comeBack({ state, error: 'access_denied' }), 403, /another browser/);
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
  });

  it('61: a usage point that only the address names is not believed', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    tells(await visitor.comeBack({ state, code: 'a', usage_point_id: usagePoint }), 400, /without a proof/);
    assert.deepEqual(world.upstream.asked, []);
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
  });

  it('62, 63, 81: an authorisation becomes the usage point that Enedis names', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
    assert.deepEqual(world.upstream.asked, ['42']);
    const { status, body } = await world.poll(deviceCode);
    assert.equal(status, 200);
    assert.equal(body['usage_points_id'], usagePoint);
    const event = world.events.find(({ name }) => name === 'consented');
    assert.deepEqual(event?.usagePoints, ['1234']);
    assert.equal(event.expiresAt, Date.parse('2029-11-20T23:00:00Z'));
    assert.doesNotMatch(JSON.stringify(world.events), new RegExp(usagePoint));
  });

  it('64: a service that is there at the third look', async () => {
    world.upstream.answers = [[], [], [service()]];
    const { deviceCode, visitor, state } = await world.claimed();
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
    assert.equal((await world.poll(deviceCode)).status, 200);
  });

  it('65: a service that is not there yet leaves everything open for a reload', async () => {
    world.upstream.answers = [[]];
    const { deviceCode, visitor, state } = await world.claimed();
    const page = await visitor.comeBack({ state, autorisation_id: '42' });
    tells(page, 503, /Reload this page/);
    assert.equal(page.header('retry-after'), '5');
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
    world.upstream.answers = [[service()]];
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
  });

  for (const status of [400, 401, 403, 502, 504]) {
    it(`66: the services answer ${String(status)}: an error page with a reference, no token, and a reload may mend it`, async () => {
      world.upstream.answers = [new ProxyError(status, 'some_error', { description: 'raw upstream text' })];
      const { deviceCode, visitor, state } = await world.claimed();
      const page = await visitor.comeBack({ state, autorisation_id: '42' });
      tells(page, status >= 500 ? 503 : 502, /Reload this page/);
      assert.doesNotMatch(page.text, /raw upstream text/);
      const failed = world.events.find(({ name }) => name === 'failed');
      assert.match(page.text, new RegExp(failed?.correlation ?? 'no reference'));
      assert.equal(await world.pollError(deviceCode), 'authorization_pending');
      world.upstream.answers = [[service()]];
      await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
    });
  }

  it('70: a reload shows the same page and asks nobody', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
    const first = await world.poll(deviceCode);
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
    assert.equal(world.upstream.asked.length, 1);
    assert.equal(world.events.filter(({ name }) => name === 'consented').length, 1);
    assert.equal(first.status, 200);
    assert.equal((await world.poll(deviceCode)).status, 400);
  });

  it('71: the callback answers under its other paths too', async () => {
    world = await open({ redirectAliases: ['/Auth'] });
    world.upstream.answers = [[service()]];
    for (const path of ['/auth/redirect_parent', '/Auth']) {
      const { visitor, state, deviceCode } = await world.claimed();
      world.upstream.answers = [[service({ autorisationId: String(path.length) })]];
      await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: String(path.length) }, path));
      assert.equal((await world.poll(deviceCode)).status, 200);
    }
  });

  it('76: of two callbacks at once one asks Enedis, and both end on the same page', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    const pages = await Promise.all([
      visitor.comeBack({ state, autorisation_id: '42' }),
      visitor.comeBack({ state, autorisation_id: '42' }),
      visitor.comeBack({ state, autorisation_id: '42' }),
    ]);
    for (const page of pages) await confirmed(visitor, page);
    assert.equal(world.upstream.asked.length, 1);
    assert.equal((await world.poll(deviceCode)).status, 200);
  });

  it('a consent that arrives after the code expired still counts for ten minutes, and not longer', async () => {
    const intime = await world.claimed();
    world.now += 590_000;
    await confirmed(intime.visitor, await intime.visitor.comeBack({ state: intime.state, autorisation_id: '42' }));
    const late = await world.claimed();
    world.now += 600_000;
    tells(
      await late.visitor.comeBack({ state: late.state, autorisation_id: '42' }),
      400,
      /state parameter is not valid/,
    );
  });

  it('a second visit for a grant that was approved meanwhile ends well and asks nobody', async () => {
    const { userCode } = await world.begin();
    const visitor = world.visitor();
    const [first, second] = [await visitor.claim(userCode), await visitor.claim(userCode)];
    await confirmed(visitor, await visitor.comeBack({ state: first, autorisation_id: '42' }));
    await confirmed(visitor, await visitor.comeBack({ state: second, autorisation_id: '42' }));
    assert.equal(world.upstream.asked.length, 1);
  });

  it('HEAD does nothing', async () => {
    const { visitor, state } = await world.claimed();
    await visitor.open(`/auth/redirect?state=${state}&autorisation_id=42`, { method: 'HEAD' });
    assert.deepEqual(world.upstream.asked, []);
  });

  it('inside a frame the page only leads out of it, and may be shown by Enedis alone', async () => {
    const { visitor, state } = await world.claimed();
    const { cookie } = visitor;
    visitor.cookie = undefined;
    const address = `/auth/redirect?state=${state}&autorisation_id=42`;
    const page = await visitor.open(address, {
      headers: { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' },
    });
    assert.equal(page.status, 200);
    assert.match(page.text, /target="_top"/);
    assert.match(
      page.header('content-security-policy') ?? '',
      /frame-ancestors https:\/\/mon-compte-particulier\.enedis\.fr /,
    );
    assert.equal(page.header('x-frame-options'), undefined);
    const link = /target="_top"\s+href="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    visitor.cookie = cookie;
    await confirmed(visitor, await visitor.open(link, { headers: { 'sec-fetch-dest': 'document' } }));
    const elsewhere = await visitor.open('/device', { headers: { 'sec-fetch-dest': 'iframe' } });
    assert.match(elsewhere.header('content-security-policy') ?? '', /frame-ancestors 'none'/);
  });
});
