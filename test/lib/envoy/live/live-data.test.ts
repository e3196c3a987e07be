import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type { GatewayOptions } from '../../../../simulator/index.js';
import { credentialsOf, SessionWorld, type OpenSession, type SessionSetup } from '../../../support/session.js';
import { listen, Listener } from './support.js';

const status = '/ivp/livedata/status';
const stream = '/ivp/livedata/stream';

describe('live readings from /ivp/livedata', () => {
  let world: SessionWorld;

  async function start(options: GatewayOptions = {}, setup: SessionSetup = {}): Promise<OpenSession> {
    world = await SessionWorld.start(options.metered === false ? options : { batteries: { count: 2 }, ...options });
    return world.open(setup);
  }

  function enabled(): number {
    return world.gateway.log.requests.filter(({ method, path }) => method === 'POST' && path === stream).length;
  }

  afterEach(() => world.close());

  it('come to an owner once they are switched on', async () => {
    const opened = await start();
    const { listener, feed, waits } = listen(opened);
    await listener.got(3);
    const [reading] = listener.readings;
    const { production, stateOfCharge } = world.gateway.truth();
    assert.equal(reading?.source, status);
    assert.ok(Math.abs((reading.production?.wattsNow ?? 0) - production) < production / 4);
    assert.equal(reading.battery?.stateOfCharge, Math.round(stateOfCharge));
    assert.deepEqual([reading.generator, reading.phases], [undefined, undefined]);
    assert.deepEqual([enabled(), world.requests('/stream/meter')], [1, 0]);
    assert.ok(waits.every((wait) => wait >= 500 && wait <= 2000));
    await feed.close();
  });

  it('are switched on again where the gateway switches them off', async () => {
    const opened = await start();
    world.gateway.switches.liveDuration = 100;
    const { listener, feed } = listen(opened);
    while (enabled() < 3) await listener.more();
    assert.deepEqual(listener.told, []);
    await feed.close();
  });

  it('are switched on again where nothing moves though they are said to be on', async () => {
    const opened = await start();
    let clock = 0;
    const { listener, feed } = listen(opened, { now: () => (clock += 10_000) });
    await listener.got(1);
    const frozen = world.gateway.faults.add(
      { kind: 'edited', edit: () => JSON.stringify({ meters: { pv: { agg_p_mw: 1 } } }) },
      { path: status },
    );
    while (enabled() < 2) await new Promise((resolve) => setImmediate(resolve));
    const before = listener.readings.length;
    frozen();
    await listener.got(before + 1);
    await feed.close();
  });

  it('take turns with readings: one request at a time', async () => {
    const opened = await start();
    const { listener, feed } = listen(opened);
    await listener.got(1);
    for (let count = 0; count < 3; count++) assert.equal(await opened.outcome(), 'data');
    await listener.more(2);
    await feed.close();
    assert.equal(world.gateway.log.maximumInFlight, 1);
  });

  it('do not make readings ask again for what changes rarely', async () => {
    const opened = await start();
    await opened.read();
    const asked = world.requests('/ivp/ensemble/inventory');
    const { listener, feed } = listen(opened);
    await listener.got(1);
    await opened.read();
    assert.equal(enabled(), 1);
    assert.equal(world.requests('/ivp/ensemble/inventory'), asked);
    await feed.close();
  });

  const refusals: readonly [name: string, options: GatewayOptions, status: number | undefined, code: string][] = [
    ['an owner may not switch them on', { installerWrites: [stream] }, undefined, 'role_insufficient'],
    ['an owner’s gateway answers 400', {}, 400, 'role_insufficient'],
    ['an owner may not read them', { installerPaths: [status], roleStatus: 403 }, undefined, 'role_insufficient'],
    ['the gateway has neither meters nor batteries', { metered: false }, undefined, 'feature_not_available'],
  ];
  for (const [name, options, liveStatus, code] of refusals) {
    it(`stop with ${code} where ${name}, and readings go on`, async () => {
      const opened = await start(options);
      world.gateway.switches.liveStatus = liveStatus;
      const { listener, feed, waits } = listen(opened);
      await listener.toldOf(1);
      assert.deepEqual(listener.told, [[code, true]]);
      assert.match(listener.failures[0]?.error.message ?? '', /^Live data are not available/);
      assert.equal(feed.state.error?.code, code);
      assert.equal(await opened.outcome(), 'data');
      assert.deepEqual(opened.problems, []);

      const asked = world.requests();
      const late = new Listener();
      feed.subscribe(late);
      await late.toldOf(1);
      assert.deepEqual([late.told[0], waits.length], [[code, true], 0]);
      assert.equal(world.requests(), asked);
      await feed.close();
    });
  }

  it('try again, told once, where the gateway does not switch them on', async () => {
    const opened = await start();
    world.gateway.switches.liveDuration = 0;
    const { listener, feed, waits } = listen(opened);
    await listener.toldOf(1);
    while (waits.length < 30) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(listener.told, [['gateway_busy', false]]);
    world.gateway.switches.liveDuration = 60_000;
    await listener.got(1);
    await feed.close();
  });

  it('stop once where the session is blocked, and begin again when a person acts', async () => {
    const opened = await start({}, { credentials: { ...credentialsOf('owner'), password: 'mistyped' } });
    const { live } = opened.session;
    const { listener, feed } = listen(opened);
    await listener.toldOf(1);
    assert.deepEqual(listener.told, [['credentials_rejected', true]]);
    const { logins } = world.asked;
    await feed.close();

    const other = new Listener();
    live.subscribe(other);
    await other.toldOf(1);
    assert.deepEqual(world.asked.logins, logins);
    opened.credentials = credentialsOf('owner');
    await opened.session.reauthenticate();
    await other.got(1);
    assert.deepEqual(other.told, [['credentials_rejected', true]]);
  });
});
