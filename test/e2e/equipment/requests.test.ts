import assert from 'node:assert/strict';
import { startGateway, type SimulatedGateway } from '../../../simulator/index.js';
import type { NodeRedProcess } from '../../support/node-red.js';
import { ask, type Answer } from '../envoy/conversation.js';
import { ids } from '../envoy/flow.js';
import type { Scene } from '../envoy/scene.js';
import { controlFlow, controlNode, equippedScene, everyCommand, tell } from './equipped.js';

/** A control node that may send requests, and one that may do everything else. */
const free = 'free';
const bound = 'bound';

const write = { method: 'POST', path: '/ivp/ensemble/relay', body: { mains_admin_state: 'open' } };

describe('requests of one’s own', () => {
  let scene: Scene;
  let nodeRed: NodeRedProcess;
  /** Another machine: whatever reaches it went astray. */
  let stranger: SimulatedGateway;

  before(async () => {
    scene = await equippedScene();
    stranger = await startGateway({ plainHttp: 'redirect' });
    const others = everyCommand.filter((name) => name !== 'request');
    const controls = [controlNode(free, { allow: ['request'] }), controlNode(bound, { allow: others })];
    nodeRed = await scene.start(controlFlow(scene, controls));
    await ask(nodeRed);
  });
  after(async () => {
    await stranger.close();
    await scene.end();
  });
  afterEach(() => scene.gateway.faults.clear());

  const read = (payload: unknown): Promise<Answer> => ask(nodeRed, { topic: 'request', payload });
  const control = (node: string, payload: unknown): Promise<Answer> =>
    tell(nodeRed, node, undefined, payload, { topic: 'request' });

  it('envoy-read answers a GET with what the gateway says, through its authentication', async () => {
    for (const payload of ['/ivp/meters', { path: '/ivp/meters' }, { path: '/ivp/meters', method: 'get' }]) {
      const { from, message } = await read(payload);
      assert.equal(from, ids.data, JSON.stringify(message['error']));
      assert.equal(message['topic'], 'envoy/request/ivp/meters');
      assert.equal((message['payload'] as readonly { measurementType: string }[])[0]?.measurementType, 'production');
    }
    const { payload } = await read('/production.json?details=1');
    assert.ok('production' in payload);
    assert.equal(scene.gateway.log.requests.at(-1)?.query, '?details=1');
  });

  it('envoy-read refuses every other method, and the gateway hears nothing', async () => {
    const before = scene.gateway.log.count();
    for (const method of ['POST', 'put', 'DELETE']) {
      const { from, error } = await read({ ...write, method });
      assert.equal(from, ids.caught);
      assert.equal(error['code'], 'not_allowed');
      assert.match(String(error['message']), /envoy control node/);
    }
    assert.equal(scene.gateway.log.count(), before);
  });

  it('envoy-control sends one only where "request" is allowed', async () => {
    const refused = await control(bound, write);
    assert.equal(refused.from, ids.caught);
    assert.equal(refused.error['code'], 'not_allowed');
    assert.equal(scene.gateway.writes.length, 0);

    const { from, message, error } = await control(free, write);
    assert.equal(from, ids.data, JSON.stringify(error));
    assert.equal(message['topic'], 'envoy/request/ivp/ensemble/relay');
    assert.deepEqual(
      scene.gateway.writes.map(({ method, path, body }) => ({ method, path, body })),
      [write],
    );
    assert.equal(scene.gateway.state.relay.wanted, 'open');
  });

  it('a GET of envoy-control needs no permission, and "request" permits no command', async () => {
    assert.equal((await control(bound, '/ivp/meters')).from, ids.data);
    assert.equal((await tell(nodeRed, free, 'grid', 'off')).error['code'], 'not_allowed');
  });

  it('what the gateway refuses is an error with its status, and reading goes on', async () => {
    const { from, error } = await read('/no/such/path');
    assert.equal(from, ids.caught);
    assert.equal(error['code'], 'http_status');
    assert.match(String(error['message']), /404/);
    assert.equal((await ask(nodeRed)).from, ids.data);
  });

  it('never leave for another machine, and neither does the token', async () => {
    const before = scene.gateway.log.count();
    const { host, port, url } = stranger;
    const place = `${host}:${port}`;
    const paths = [`//${place}/info`, `${url}/info`, `/\\${place}/info`, `\\\\${place}/info`, `@${place}/info`, place];
    for (const path of [...paths, '', '/with a blank', '/two\r\nHost: lines', 7, null, { path: url }]) {
      for (const answer of [await read({ path }), await control(free, { path, method: 'POST', body: {} })]) {
        assert.equal(answer.from, ids.caught, JSON.stringify(path));
        assert.equal(answer.error['code'], 'invalid_argument');
        assert.match(String(answer.error['message']), /path/);
      }
    }
    assert.equal(scene.gateway.log.count(), before, 'nothing was sent anywhere');

    // What looks like a host stays a path of the gateway, and a redirection to another machine is not followed.
    assert.equal((await read(`/@${place}/info`)).from, ids.caught);
    assert.equal((await read(`/.//${place}/info`)).from, ids.caught);
    const headers = { Location: `${url}/info` };
    scene.gateway.faults.add({ kind: 'status', status: 302, headers }, { path: '/elsewhere' });
    assert.equal((await read('/elsewhere')).error['code'], 'http_status');
    assert.deepEqual(stranger.log.requests, []);
    assert.equal(stranger.connections, 0);
  });
});
