import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { hour, minute, refusalOf, SessionWorld } from '../../../support/session.js';
import { sentHeads } from '../../../support/wire.js';

const checkPath = '/auth/check_jwt';

/** Inverters are asked for again after so many ms. */
const inverterLife = 5 * 60_000;

describe('a gateway that answers 401 or 403', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start({ detailedInverters: true });
    await world.keepToken(await world.token(hour));
  });

  afterEach(() => world.close());

  for (const status of [401, 403] as const) {
    it(`on one path at the probe (${status}): a role is missing, that part is left out, no login`, async () => {
      world.gateway.switches.roleStatus = status;
      world.gateway.switches.installerPaths = ['/ivp/meters'];
      const opened = world.open();
      const payload = await opened.read();
      assert.ok(payload['production'] && payload['inverters']);
      assert.equal(payload['meters'], undefined);
      assert.ok(!payload.gateway.features.includes('ctMeters'));
      assert.equal(world.requests(checkPath), 2, 'once at the start, once after the refusal');
      assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
    });

    it(`on one path later (${status}): data without that part, a warning, no login`, async () => {
      const opened = world.open();
      await opened.read();
      world.gateway.switches.roleStatus = status;
      world.gateway.switches.installerPaths = ['/ivp/pdm/device_data'];
      world.advance(inverterLife);
      const payload = await opened.read();
      assert.ok(payload['production'] && !payload['inverters']);
      assert.deepEqual(
        payload.warnings?.map(({ part, code }) => `${part} ${code}`),
        ['inverters role_insufficient'],
      );
      assert.equal(world.requests(checkPath), 2);
      assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
    });
  }

  it('on several paths in one cycle: the gateway is asked once whether the token is good', async () => {
    world.gateway.switches.installerPaths = ['/ivp/meters', '/ivp/pdm/device_data', '/api/v1/production/inverters'];
    const opened = world.open();
    const { features } = (await opened.read()).gateway;
    assert.ok(features.includes('metering') && !features.includes('ctMeters') && !features.includes('inverters'));
    assert.equal(world.requests(checkPath), 2);
  });

  it('on production alone: role_insufficient, told at each read, and gone with the role', async () => {
    const opened = world.open();
    await opened.read();
    world.gateway.switches.installerPaths = ['/production.json'];
    assert.equal((await refusalOf(opened.read('production'))).code, 'role_insufficient');
    assert.equal((await refusalOf(opened.read('production'))).parameters['path'], '/production.json?details=1');
    world.gateway.switches.installerPaths = [];
    assert.equal(await opened.outcome('production'), 'data');
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('on every path: the token is at an end, one login, and the refused path read in the same cycle', async () => {
    const opened = world.open();
    await opened.read();
    world.revoke();
    assert.equal(await opened.outcome(), 'data');
    assert.equal(world.requests(checkPath), 2, 'at the start, and after the first refusal');
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });

  it('once, because its session ended: a new session with the same token, no login', async () => {
    const opened = world.open();
    await opened.read();
    world.gateway.faults.add({ kind: 'status', status: 401 }, { path: '/production.json', times: 1 });
    const { heads, stop } = sentHeads();
    const payload = await opened.read('production').finally(stop);
    assert.ok(payload['production']);
    const cookies = heads.map((head) => /^cookie: (.*)\r$/m.exec(head)?.[1]);
    assert.equal(cookies.length, 3, 'the refused request, the check, the request again');
    assert.ok(cookies[0] && !cookies[1] && cookies[2] && cookies[0] !== cookies[2]);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('to the check as well, although the token has not ended: token_rejected, then ever longer pauses', async () => {
    await world.restart();
    const opened = world.open({ credentials: { token: await world.token() } });
    world.gateway.switches.rejectTokens = true;
    const error = await refusalOf(opened.read());
    assert.equal(error.code, 'token_rejected');
    assert.equal(error.retryable, true);
    for (let minutes = 0; minutes < 120; minutes++) {
      assert.equal(await opened.outcome(), 'token_rejected');
      world.advance(minute);
    }
    assert.ok(world.requests(checkPath) <= 24, `${world.requests(checkPath)} questions in two hours`);
    world.gateway.switches.rejectTokens = false;
    world.advance(15 * minute);
    assert.equal(await opened.outcome(), 'data', 'the clock of the gateway may have been wrong for a while');
  });

  it('while the check gives no verdict: no login, and over by itself', async () => {
    const opened = world.open();
    await opened.read();
    for (const status of [503, 500, 404, 301]) {
      const mend = world.gateway.faults.add({ kind: 'status', status }, { path: checkPath });
      const refuse = world.gateway.faults.add({ kind: 'status', status: 401 }, { path: '/production.json' });
      assert.equal(await opened.outcome('production'), status >= 500 ? 'gateway_busy' : 'http_status');
      mend();
      refuse();
      world.advance(2 * minute);
      assert.equal(await opened.outcome('production'), 'data');
    }
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('long after it confirmed the token: it is asked again, not blamed on the role', async () => {
    world.gateway.switches.installerPaths = ['/ivp/meters'];
    const opened = world.open();
    await opened.read();
    world.advance(2 * minute);
    world.revoke();
    assert.equal(await opened.outcome(), 'data');
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });
});
