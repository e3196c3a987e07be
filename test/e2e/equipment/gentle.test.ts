import assert from 'node:assert/strict';
import type { FlowNode } from '../../support/node-red.js';
import { ask } from '../envoy/conversation.js';
import { ids } from '../envoy/flow.js';
import type { Scene } from '../envoy/scene.js';
import { fastClock, placeAtNoon } from './clock.js';
import { controlFlow, controlNode, equippedScene, tell } from './equipped.js';

/** Ten seconds pass in half a second. */
const speed = 20;
/** More than five minutes: everything that is asked now and then is asked at least once. */
const cycles = 36;

describe('a timer that reads a gateway with everything', () => {
  let scene: Scene;
  before(async () => {
    const clock = fastClock(speed);
    scene = await equippedScene({
      gateway: { ...placeAtNoon(), startAt: 11, clock: clock.now },
      gatewayProperties: { timeout: 300 },
      nodeRed: { env: clock.env('fast') },
    });
  });
  after(() => scene.end());

  it('asks for less than a third of what a reading of everything takes, and its powers are of now', async () => {
    const control = controlNode('control', { allow: ['request'] });
    const flow = (interval: number): FlowNode[] =>
      controlFlow(scene, [control]).map((node) => (node.id === ids.read ? { ...node, interval } : node));
    const nodeRed = await scene.start(flow(0));
    await ask(nodeRed);
    // After a write everything is read anew.
    const payload = { method: 'POST', path: '/ivp/livedata/stream', body: { enable: 0 } };
    assert.equal((await tell(nodeRed, control.id, undefined, payload, { topic: 'request' })).from, ids.data);
    const { log } = scene.gateway;
    log.clear();
    assert.equal((await ask(nodeRed)).from, ids.data);
    const whole = log.count();
    assert.ok(whole > 12, `${whole} requests for everything`);

    const from = nodeRed.messages.length;
    const readings = () => nodeRed.messages.slice(from).filter(({ node }) => node === ids.data);
    await nodeRed.deploy(flow(10), 'nodes');
    await nodeRed.waitForMessage(() => readings().length > 0, { from });
    log.clear();
    await nodeRed.waitForMessage(() => readings().length > cycles, { from });
    const asked = log.count();
    assert.ok(asked / cycles < whole / 3, `${asked} requests in ${cycles} cycles, ${whole} for everything`);
    assert.ok(log.count('GET /ivp/pdm/device_data') + log.count('GET /api/v1/production/inverters') > 0);

    assert.ok(scene.gateway.truth().production > 500, 'the sun does not shine');
    const { payload: last } = readings().at(-1)?.message as { payload: Record<string, { wattsNow: number }> };
    const truth = scene.gateway.truth();
    for (const [part, expected] of [
      ['production', truth.production],
      ['grid', truth.grid],
      ['battery', truth.battery],
    ] as const) {
      const watts = last[part]?.wattsNow ?? Number.NaN;
      assert.ok(Math.abs(watts - expected) < 150, `${part}: ${watts} instead of ${expected}`);
    }
    const others = nodeRed.messages
      .slice(from)
      .filter(({ node }) => [ids.caught, ids.authentication].includes(node as never));
    assert.deepEqual(others, []);
  });
});
