import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type { GatewayOptions } from '../../../../simulator/index.js';
import { credentialsOf, hour, SessionWorld, type OpenSession } from '../../../support/session.js';
import { listen, Listener } from './support.js';

const path = '/stream/meter';

describe('live readings from /stream/meter', () => {
  let world: SessionWorld;

  async function start(options: GatewayOptions = {}): Promise<OpenSession> {
    world = await SessionWorld.start({ stream: { interval: 10 }, ...options });
    return world.open({ credentials: credentialsOf('installer') });
  }

  afterEach(() => world.close());

  it('come as the gateway measures', async () => {
    const opened = await start({ phases: 3 });
    const { listener, feed } = listen(opened);
    await listener.got(3);
    const [reading] = listener.readings;
    const { production, grid } = world.gateway.truth();
    assert.equal(reading?.source, path);
    assert.ok(Math.abs((reading.production?.wattsNow ?? 0) - production) < production / 4);
    assert.equal(Math.sign(reading.grid?.wattsNow ?? 0), Math.sign(grid));
    assert.deepEqual(Object.keys(reading.phases ?? {}), ['L1', 'L2', 'L3']);
    assert.deepEqual([feed.state.running, feed.state.skipped], [true, 0]);
    await feed.close();
  });

  it('leave the session free for readings', async () => {
    const opened = await start();
    const { listener, feed } = listen(opened);
    await listener.got(1);
    assert.equal(await opened.outcome(), 'data');
    assert.equal(world.gateway.streams, 1);
    await listener.more();
    await feed.close();
  });

  it('come to all who want them over one connection, from the first to the last', async () => {
    const opened = await start();
    const { listener, feed, leave } = listen(opened);
    const other = new Listener();
    const second = feed.subscribe(other);
    await Promise.all([listener.got(2), other.got(2)]);
    leave();
    await other.more(2);
    assert.equal(world.requests(path), 1);
    second();
    await feed.close();
    assert.equal(feed.state.running, false);
  });

  it('end with the last subscriber, and begin again with the next', async () => {
    const opened = await start();
    const { listener, feed, leave } = listen(opened);
    await listener.got(1);
    leave();
    while (world.gateway.streams > 0) await new Promise((resolve) => setImmediate(resolve));
    const before = listener.readings.length;
    const again = new Listener();
    feed.subscribe(again);
    await again.got(1);
    assert.equal(listener.readings.length, before);
    await feed.close();
  });

  it('survive chunks cut anywhere', async () => {
    const opened = await start({ stream: { interval: 10, chunkSize: 37 } });
    const { listener, feed } = listen(opened);
    await listener.got(3);
    assert.equal(feed.state.skipped, 0);
    await feed.close();
  });

  it('skip what is no message, and count it', async () => {
    const opened = await start({ stream: { interval: 10, fault: { kind: 'garbage' } } });
    const { listener, feed } = listen(opened);
    await listener.got(3);
    assert.ok(feed.state.skipped > 0);
    assert.deepEqual([listener.told, world.requests(path)], [[], 1]);
    await feed.close();
  });

  it('come in bursts where the gateway holds them back', async () => {
    const opened = await start({ stream: { interval: 2, fault: { kind: 'buffered', messages: 20 } } });
    const { listener, feed } = listen(opened);
    await listener.got(4);
    assert.deepEqual([listener.told, feed.state.skipped, world.requests(path)], [[], 0, 1]);
    await feed.close();
  });

  it('come back after a cut', async () => {
    const opened = await start({ stream: { interval: 10, fault: { kind: 'cut', after: 2 } } });
    const { listener, feed, waits } = listen(opened);
    await listener.got(5);
    assert.deepEqual(listener.told, [], 'nothing was missed that is worth a word');
    assert.ok(world.requests(path) >= 3);
    assert.ok(waits.every((wait) => wait >= 1000));
    await feed.close();
  });

  it('come back after a silence', async () => {
    const opened = await start({ stream: { interval: 10, fault: { kind: 'silent', after: 2 } } });
    const { listener, feed } = listen(opened, { idle: 200 });
    await listener.got(3);
    assert.ok(world.requests(path) >= 2);
    await feed.close();
  });

  it('come back after an outage, which is told once', async () => {
    const opened = await start();
    const { listener, feed, waits } = listen(opened);
    await listener.got(1);
    await world.gateway.powerOff();
    await listener.toldOf(1);
    const tried = waits.length;
    while (waits.length < tried + 3) await new Promise((resolve) => setImmediate(resolve));
    await world.gateway.powerOn();
    await listener.more();
    assert.deepEqual(listener.told, [['gateway_unreachable', false]]);
    assert.equal(feed.state.error, undefined);
    await feed.close();
  });

  it('go on with another token where theirs dies', async () => {
    const credentials = credentialsOf('installer');
    await start();
    await world.keepToken(await world.token(hour, { user: 'installer' }), credentials);
    const opened = world.open({ credentials });
    const { listener, feed } = listen(opened);
    await listener.got(1);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
    world.revoke();
    world.gateway.disconnect();
    await listener.more(2);
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    assert.deepEqual(listener.told, []);
    await feed.close();
  });

  it('stop where the dead token cannot be replaced, go on when a person gives another', async () => {
    world = await SessionWorld.start({ stream: { interval: 10 } });
    const token = await world.token(13 * hour, { user: 'installer', ttl: 24 * 3600 });
    const opened = world.open({ credentials: { token } });
    const { listener, feed } = listen(opened);
    await listener.got(1);
    world.revoke();
    world.advance(12 * hour);
    world.gateway.disconnect();
    await listener.toldOf(1);
    assert.deepEqual(listener.told, [['token_expired', true]]);
    await feed.close();

    const { live } = opened.session;
    const other = new Listener();
    const asked = world.requests();
    live.subscribe(other);
    await other.toldOf(1);
    assert.equal(world.requests(), asked, 'a blocked session asks nobody');
    await opened.session.setToken(await world.token(0, { user: 'installer' }));
    await other.got(1);
    assert.deepEqual(other.told, [['token_expired', true]]);
  });

  it('go over to live data where the gateway gives no stream', async () => {
    const opened = await start({ batteries: { count: 1 } });
    world.gateway.faults.add({ kind: 'status', status: 404 }, { path });
    const { listener, feed } = listen(opened);
    await listener.got(2);
    assert.equal(listener.readings[0]?.source, '/ivp/livedata/status');
    assert.deepEqual([listener.told, world.requests(path)], [[], 1]);
    await feed.close();
  });

  it('wait while the gateway starts', async () => {
    const opened = await start();
    const off = world.gateway.faults.add({ kind: 'status', status: 503 }, { path });
    const { listener, feed } = listen(opened);
    await listener.toldOf(1);
    off();
    await listener.got(1);
    assert.deepEqual(listener.told, [['gateway_busy', false]]);
    await feed.close();
  });

  it('find the gateway again after an update of its firmware', async () => {
    const opened = await start();
    const { listener, feed } = listen(opened);
    await listener.got(1);
    await world.gateway.setFirmware('8.3.5286');
    await listener.more(2);
    assert.equal(await opened.outcome(), 'data');
    assert.equal(opened.session.state.gateway?.firmware, '8.3.5286');
    await feed.close();
  });

  it('hand a slow consumer the newest, and keep no queue', async () => {
    const opened = await start();
    const { listener, feed } = listen(opened);
    const quick = new Listener();
    feed.subscribe(quick);
    let release = (): void => undefined;
    listener.hold = () => new Promise((resolve) => (release = resolve));
    await quick.got(12);
    assert.equal(listener.readings.length, 1);
    const newest = quick.readings.at(-1);
    release();
    await listener.got(2);
    assert.ok((listener.readings[1]?.readAt ?? 0) >= (newest?.readAt ?? Infinity));
    release();
    await feed.close();
  });

  it('outlive a consumer that fails, and tell it so', async () => {
    const opened = await start();
    const { listener, feed } = listen(opened);
    listener.hold = () => Promise.reject(new Error('spilt'));
    await listener.toldOf(2);
    assert.deepEqual(listener.told[0], ['internal', false]);
    await feed.close();
  });

  it('end at once with the session, without a word', async () => {
    const opened = await start();
    const listener = new Listener();
    const own = opened.session.live;
    own.subscribe(listener);
    await listener.got(2);
    await opened.close();
    while (world.gateway.streams > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(listener.told, []);
    assert.equal(own.state.running, false);
  });
});

describe('live readings with Digest', () => {
  let world: SessionWorld;

  afterEach(() => world.close());

  it('come for the installer, beside readings with answers of their own', async () => {
    world = await SessionWorld.start({ firmware: '5.0.62', stream: { interval: 10 } });
    const opened = world.open({ credentials: { username: 'installer' } });
    const { listener, feed } = listen(opened);
    await listener.got(1);
    assert.deepEqual([await opened.outcome(), await opened.outcome()], ['data', 'data']);
    await listener.more();
    assert.deepEqual(listener.told, []);
    await feed.close();
  });

  it('are refused to other users with a clear word, and readings go on', async () => {
    world = await SessionWorld.start({ firmware: '5.0.62', stream: { interval: 10 } });
    const opened = world.open({ credentials: { username: 'envoy' } });
    const { listener, feed } = listen(opened);
    await listener.toldOf(1);
    assert.deepEqual(listener.told, [['role_insufficient', true]]);
    assert.match(listener.failures[0]?.error.message ?? '', /local user "installer"/);
    assert.equal(await opened.outcome(), 'data');
    assert.deepEqual(opened.problems, []);
    await feed.close();
  });

  it('are not asked for where the gateway has no meters', async () => {
    world = await SessionWorld.start({ firmware: '5.0.62', metered: false });
    const { listener, feed } = listen(world.open({ credentials: { username: 'installer' } }));
    await listener.toldOf(1);
    assert.deepEqual(listener.told, [['feature_not_available', true]]);
    assert.equal(world.requests(path), 0);
    await feed.close();
  });
});
