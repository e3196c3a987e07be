import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { DigestSettings } from '../../../../simulator/index.js';
import { hour, minute, refusalOf, SessionWorld } from '../../../support/session.js';
import { sentHeads } from '../../../support/wire.js';

describe('a session with Digest', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start({ firmware: '5.0.62', localPasswords: { family: 'kitchen' } });
  });

  afterEach(() => world.close());

  function refused(): number {
    return world.gateway.log.requests.filter(({ status }) => status === 401).length;
  }

  /** Challenges that each read may meet: the first one, and whatever the settings bring about. */
  const challenges: readonly [name: string, settings: Partial<DigestSettings>][] = [
    ['MD5', {}],
    ['MD5-sess', { algorithms: ['MD5-sess'] }],
    ['SHA-256', { algorithms: ['SHA-256'] }],
    ['SHA-256-sess', { algorithms: ['SHA-256-sess'] }],
    ['a choice of SHA-256 and MD5', { algorithms: ['SHA-256', 'MD5'] }],
    ['a choice in one header', { algorithms: ['SHA-256', 'MD5'], separateHeaders: false }],
    ['no qop', { qop: 'none' }],
    ['opaque', { opaque: true }],
    ['Basic as well', { basicToo: true }],
    ['Basic as well, in one header', { basicToo: true, separateHeaders: false }],
    ['MD5-sess without qop', { algorithms: ['MD5-sess'], qop: 'none' }],
  ];
  for (const [name, settings] of challenges) {
    it(`reads with ${name}, answering one challenge for all requests`, async () => {
      Object.assign(world.gateway.digest, settings);
      const opened = world.open();
      assert.equal(await opened.outcome(), 'data');
      assert.equal(await opened.outcome(), 'data');
      // The simulator wants -sess answers made anew for each client nonce, which costs a challenge a request.
      if (!name.includes('-sess')) assert.equal(refused(), 1);
    });
  }

  const nonces: readonly [name: string, settings: Partial<DigestSettings>][] = [
    ['one request', { nonceUses: 1 }],
    ['one request, SHA-256-sess', { nonceUses: 1, algorithms: ['SHA-256-sess'] }],
    ['two requests', { nonceUses: 2 }],
    ['a minute', { nonceLifetime: minute }],
  ];
  for (const [name, settings] of nonces) {
    it(`reads on with nonces that are good for ${name}`, async () => {
      Object.assign(world.gateway.digest, settings);
      const opened = world.open();
      for (let round = 0; round < 4; round++) {
        assert.equal(await opened.outcome(), 'data');
        world.advance(2 * minute);
      }
      assert.deepEqual(opened.problems, []);
    });
  }

  it('uses a connection for one request only', async () => {
    await world.open().read();
    assert.ok(world.gateway.connections >= world.gateway.log.count());
  });

  it('reads a gateway that resets a connection on which it sent a challenge (3.18.10)', async () => {
    await world.gateway.setFirmware('3.18.10');
    const opened = world.open({ credentials: { username: 'envoy' } });
    const payload = await opened.read();
    assert.ok(payload['production'] && payload['inverters']);
    assert.equal(payload['meters'], undefined, 'refused to everybody by this firmware');
  });

  for (const firmware of ['4.2.33', '5.0.62']) {
    it(`reads ${firmware} with resets on used connections and two dates`, async () => {
      await world.gateway.setFirmware(firmware);
      Object.assign(world.gateway.switches, { resetOnKeepAliveDigest: true, duplicateDate: true });
      assert.equal(await world.open().outcome(), 'data');
    });
  }

  for (const username of ['installer', 'envoy', 'nonmaster', 'homeowner', 'admin', '']) {
    it(`as "${username}" with a blank password reads with the one of the serial number`, async () => {
      const { heads, stop } = sentHeads();
      assert.equal(await world.open({ credentials: { username } }).outcome().finally(stop), 'data');
      const users = heads.flatMap((head) => /username="([^"]*)"/.exec(head)?.[1] ?? []);
      assert.deepEqual(new Set(users), new Set([username || 'installer']));
    });
  }

  it('never sends a password, a token or a cookie', async () => {
    const token = await world.token();
    await world.keep({ token: { value: token, origin: 'person' }, cookies: [['sessionId', 'abc']] });
    const { heads, stop } = sentHeads();
    await world
      .open({ credentials: { username: 'family', password: 'kitchen', token } })
      .read()
      .finally(stop);
    const sent = heads.join('');
    for (const secret of ['kitchen', token, 'cookie', 'Bearer', 'Basic']) assert.ok(!sent.includes(secret), secret);
  });

  it('with a wrong password: one look at each path, then blocked', async () => {
    const opened = world.open({ credentials: { username: 'family', password: 'cellar' } });
    assert.equal((await refusalOf(opened.read())).code, 'credentials_rejected');
    const asked = world.gateway.log.count();
    assert.ok(asked <= 16, `${asked} requests`);
    for (let round = 0; round < 5; round++) assert.equal(await opened.outcome(), 'credentials_rejected');
    assert.equal(world.gateway.log.count(), asked);
  });

  it('whose password was changed at the gateway is blocked, and reads again when that is corrected', async () => {
    const opened = world.open({ credentials: { username: 'family', password: 'kitchen' } });
    await opened.read();
    world.gateway.setLocalPassword('family', 'attic');
    assert.equal(await opened.outcome(), 'credentials_rejected');
    opened.credentials = { username: 'family', password: 'attic' };
    assert.equal(await opened.outcome(), 'credentials_rejected', 'nothing is tried before a person acts');
    await opened.session.reauthenticate();
    assert.equal(await opened.outcome(), 'data');
  });

  it('and a password that is wrong, where anybody may read production: data, and the problem told once', async () => {
    world.gateway.switches.openPaths = ['/info', '/production.json'];
    const opened = world.open({ credentials: { username: 'family', password: 'cellar' } });
    for (let round = 0; round < 3; round++) assert.equal(await opened.outcome(), 'data');
    assert.deepEqual(
      opened.problems.map(({ code }) => code),
      ['credentials_rejected'],
    );
    assert.equal(opened.session.state.problem?.code, 'credentials_rejected');
  });

  it('that lost the gateway for a while reads on with a new challenge', async () => {
    const opened = world.open();
    await opened.read();
    await world.gateway.powerOff();
    assert.equal(await opened.outcome(), 'gateway_unreachable');
    await world.gateway.powerOn();
    world.advance(hour);
    assert.equal(await opened.outcome(), 'data');
  });
});
