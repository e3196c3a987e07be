import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GatewayCredentials } from '../../../../lib/envoy/settings.js';
import type { PlainHttp } from '../../../../simulator/index.js';
import { credentialsOf, hour, minute, refusalOf, SessionWorld } from '../../../support/session.js';
import { type OpenSession } from '../../../support/session.js';

/** Inverters are asked for again after so many ms. */
const inverterLife = 5 * 60_000;

describe('a gateway that changes its firmware while it is read', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start({ localPasswords: { family: 'kitchen' } });
  });

  afterEach(async () => {
    await world.close();
  });

  interface Change {
    readonly from: string;
    readonly to: string;
    readonly plainHttp?: PlainHttp;
    readonly credentials: GatewayCredentials;
    readonly name: string;
    /** Whether a token for the gateway is at hand. */
    readonly token?: true;
    /** What the first read after the change comes to, and how many logins were needed since. */
    readonly outcome: string;
    readonly logins?: number;
  }

  const account = credentialsOf('owner');
  const mistyped = { ...account, password: 'mistyped' };
  const upwards: Omit<Change, 'plainHttp'>[] = [
    { from: '5.0.62', to: '8.3.5169', credentials: account, name: 'an account', outcome: 'data', logins: 1 },
    { from: '3.9.36', to: '7.3.130', credentials: account, name: 'an account', outcome: 'data', logins: 1 },
    { from: '5.0.62', to: '8.3.5169', credentials: {}, token: true, name: 'a token', outcome: 'data' },
    { from: '5.0.62', to: '8.3.5169', credentials: {}, name: 'nothing', outcome: 'firmware_changed' },
    {
      from: '5.0.62',
      to: '7.6.175',
      credentials: { username: 'installer' },
      name: 'installer',
      outcome: 'firmware_changed',
    },
    { from: '4.2.33', to: '8.2.4345', credentials: { username: 'envoy' }, name: 'envoy', outcome: 'firmware_changed' },
    {
      from: '5.0.62',
      to: '8.3.5169',
      credentials: mistyped,
      name: 'a wrong password',
      outcome: 'credentials_rejected',
      logins: 1,
    },
    {
      from: '5.0.62',
      to: '8.3.5169',
      credentials: credentialsOf('mfa'),
      name: 'a second factor',
      outcome: 'mfa_required',
      logins: 1,
    },
  ];
  const downwards: Change[] = [
    { from: '8.3.5169', to: '5.0.62', credentials: account, name: 'an account', outcome: 'data' },
    { from: '7.3.130', to: '3.9.36', credentials: account, name: 'an account', outcome: 'data' },
    { from: '8.3.5169', to: '5.0.62', credentials: {}, token: true, name: 'a token', outcome: 'data' },
    {
      from: '8.3.5169',
      to: '5.0.62',
      credentials: { username: 'family', password: 'kitchen' },
      token: true,
      name: 'a token and a local user',
      outcome: 'data',
    },
    {
      from: '8.3.5169',
      to: '5.0.62',
      credentials: { username: 'family' },
      token: true,
      name: 'a token and a local user without password',
      outcome: 'firmware_changed',
    },
    {
      from: '8.3.5169',
      to: '5.0.62',
      credentials: { username: 'envoy', password: 'guessed' },
      token: true,
      name: 'a token and a wrong local password',
      outcome: 'credentials_rejected',
    },
  ];
  const within: Change[] = [
    { from: '8.2.4345', to: '8.3.5169', credentials: account, name: 'an account', outcome: 'data' },
    { from: '8.3.5169', to: '8.2.4345', credentials: account, name: 'an account', outcome: 'data' },
    { from: '7.3.130', to: '8.3.5289', credentials: {}, token: true, name: 'a token', outcome: 'data' },
  ];
  const changes: Change[] = [
    ...upwards.flatMap((each) => [
      { ...each, plainHttp: 'closed' as const },
      { ...each, plainHttp: 'redirect' as const },
    ]),
    ...downwards,
    ...within,
  ];

  async function running(change: Change): Promise<OpenSession> {
    await world.gateway.setFirmware(change.from);
    if (change.plainHttp) world.gateway.switches.plainHttp = change.plainHttp;
    if (change.token) await world.keepToken(await world.token());
    const opened = world.open({ credentials: change.credentials });
    assert.equal(await opened.outcome(), 'data', 'before the change');
    return opened;
  }

  for (const change of changes) {
    const { from, to, plainHttp, name, outcome, logins = 0 } = change;
    const port = plainHttp === undefined ? '' : `, http ${plainHttp}`;
    it(`${from} to ${to}${port}, with ${name}: ${outcome} in the first read`, async () => {
      const opened = await running(change);
      const before = world.asked.logins;
      await world.gateway.setFirmware(to);
      assert.equal(await opened.outcome(), outcome);
      assert.equal(world.asked.logins - before, logins);
      assert.equal(world.gateway.log.maximumInFlight, 1);
      if (outcome !== 'data') return;
      // What a session that starts now would find is what this one knows.
      const { gateway } = await opened.read();
      const fresh = await world.open({ credentials: change.credentials }).read();
      assert.deepEqual(gateway, fresh.gateway);
      assert.equal(gateway.firmware, to);
    });
  }

  it('blocked by firmware_changed: it says which version, nobody is asked again, and a token lifts it', async () => {
    const opened = await running({ ...(upwards[4] as Change), plainHttp: 'closed' });
    await world.gateway.setFirmware('8.3.5289');
    const error = await refusalOf(opened.read());
    assert.equal(error.code, 'firmware_changed');
    assert.match(error.message, /8\.3\.5289/);
    const asked = world.gateway.log.count();
    for (let round = 0; round < 10; round++) assert.equal(await refusalOf(opened.read()), error);
    assert.equal(world.gateway.log.count(), asked);
    await opened.session.setToken(await world.token());
    assert.equal(await opened.outcome(), 'data');
  });

  it('over a restart of ours too: credentials that fitted before are firmware_changed, not missing', async () => {
    await running({ ...(upwards[4] as Change), plainHttp: 'closed' });
    await world.restart();
    await world.gateway.setFirmware('8.3.5289');
    assert.equal(await world.open({ credentials: { username: 'installer' } }).outcome(), 'firmware_changed');
  });

  it('and back again, and once more: each read has data', async () => {
    const opened = world.open();
    for (const version of ['8.3.5169', '5.0.62', '8.3.5289', '4.2.33', '7.6.175']) {
      await world.gateway.setFirmware(version);
      const payload = await opened.read();
      assert.equal(payload.gateway.firmware, version);
      world.advance(hour);
    }
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 }, 'the token outlives the time without tokens');
  });

  it('and revokes its tokens: one login', async () => {
    await world.gateway.setFirmware('8.2.4345');
    const opened = world.open();
    await opened.read();
    world.advance(hour);
    world.revoke();
    await world.gateway.setFirmware('8.3.5169');
    const payload = await opened.read();
    assert.equal(payload.gateway.firmware, '8.3.5169');
    assert.deepEqual(world.asked, { logins: 2, tokens: 2 });
  });

  it('while a hundred read: everybody gets data, one login', async () => {
    await world.gateway.setFirmware('5.0.62');
    const opened = world.open();
    await opened.read();
    await world.gateway.setFirmware('8.3.5289');
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => opened.outcome()));
    assert.deepEqual(outcomes, Array<string>(100).fill('data'));
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    assert.equal(world.gateway.log.maximumInFlight, 1);
  });

  it('and its serial number (it was replaced): the new one is known, a token for the old one is not used', async () => {
    const opened = world.open();
    await opened.read();
    world.cloud.account('owner@example.com').serials.push('122600000043');
    await world.gateway.setFirmware('8.3.5169', { serial: '122600000043' });
    assert.equal((await opened.read()).gateway.serial, '122600000043');
    assert.equal(world.asked.logins, 1, 'the account was asked just now');
    assert.equal(world.asked.tokens, 2);
  });

  it('with meters put in and no failure to give it away: found out when a person asks for a probe', async () => {
    world.gateway.configure({ consumption: 'none' });
    const opened = world.open();
    assert.ok(!(await opened.read()).gateway.features.includes('netConsumption'));
    world.gateway.configure({ consumption: 'net' });
    await opened.session.probe();
    assert.ok((await opened.read()).gateway.features.includes('netConsumption'));
  });

  it('without a failure to give it away: found out within the hour, and the source of production chosen anew', async () => {
    await world.gateway.setFirmware('3.17.3');
    const opened = world.open({ credentials: { username: 'envoy' } });
    const source = (payload: object) => (payload as { production?: { source: string } }).production?.source;
    assert.equal(source(await opened.read()), '/api/v1/production');
    await world.gateway.setFirmware('5.0.62');
    world.advance(hour + minute);
    const payload = await opened.read();
    assert.equal(payload.gateway.firmware, '5.0.62');
    assert.equal(source(payload), '/production.json?details=1');
  });

  it('and loses a part that it had: the part is left out, with a warning, and the gateway asked who it is', async () => {
    world.gateway.configure({ detailedInverters: true });
    await world.gateway.setFirmware('8.2.4345');
    const opened = world.open();
    assert.ok((await opened.read()).gateway.features.includes('detailedInverters'));
    world.gateway.faults.add({ kind: 'status', status: 404 }, { path: '/ivp/pdm/device_data' });
    world.gateway.configure({ detailedInverters: false });
    world.advance(inverterLife);
    const identity = world.requests('/info');
    const payload = await opened.read();
    assert.equal(payload['inverters'], undefined);
    assert.deepEqual(
      payload.warnings?.map(({ part, code }) => `${part} ${code}`),
      ['inverters http_status'],
    );
    await opened.read();
    assert.equal(world.requests('/info'), identity + 1, 'another firmware may be behind it');
  });
});
