import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployType } from '../../support/node-red.js';
import { ask } from './conversation.js';
import { ids } from './flow.js';
import { watchRequests } from './requests.js';
import { Scene } from './scene.js';

/** The folder in which the package keeps what survives a restart. */
const stateFolder = (scene: Scene): string => join(scene.userDir, 'energy-nodes');

const gatewayFiles = (scene: Scene): string[] =>
  readdirSync(stateFolder(scene)).filter((name) => name.startsWith('gateway-'));

async function readsData(scene: Scene): Promise<void> {
  const { from, message } = await ask(scene.nodeRed);
  assert.equal(from, ids.data, JSON.stringify(message['error']));
}

describe('a token through redeploys and restarts', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.set();
    await scene.start();
    await readsData(scene);
    // From here on nothing can be had from the cloud: whatever reads does so with the token in hand.
    scene.cloud.faults.add({ kind: 'reset' });
  });
  afterEach(async () => {
    assert.equal(scene.cloud.logins, 1, 'there was a login that nobody needed');
    await scene.end();
  });

  it('stays in use through every kind of deploy, Restart Flows, a stop and a kill', async () => {
    const types: DeployType[] = ['full', 'flows', 'nodes'];
    for (const [index, type] of types.entries()) {
      await scene.nodeRed.deploy(scene.flow({ name: `changed ${index}` }), type);
      await readsData(scene);
    }
    for (let times = 0; times < 2; times++) {
      await scene.nodeRed.restartFlows();
      await readsData(scene);
    }
    for (const end of ['stop', 'kill'] as const) {
      await scene.nodeRed[end]();
      await scene.startAgain();
      await readsData(scene);
    }
  });

  it('is mirrored among the credentials, from where it is taken when the state is lost', async () => {
    await scene.nodeRed.deploy(scene.flow());
    const { body } = await scene.nodeRed.admin('GET', `/credentials/envoy-gateway/${ids.gateway}`);
    assert.equal((body as { has_token?: boolean }).has_token, true);
    await scene.nodeRed.stop();
    rmSync(stateFolder(scene), { recursive: true });
    await scene.startAgain();
    await readsData(scene);
  });

  it('is put aside when the gateway is removed or disabled, and taken up again when it returns', async () => {
    assert.deepEqual(gatewayFiles(scene), [`gateway-${ids.gateway}.sealed`]);
    for (const change of [{ d: true }, undefined]) {
      const flow = scene.flow(change);
      await scene.nodeRed.deploy(change ? flow : flow.filter(({ id }) => id !== ids.gateway));
      assert.deepEqual(gatewayFiles(scene), [`gateway-${ids.gateway}.sealed.removed`]);
      const { from, error } = await ask(scene.nodeRed);
      assert.equal(from, ids.caught);
      assert.equal(error['code'], 'invalid_argument');
      await scene.nodeRed.deploy(scene.flow());
      await readsData(scene);
      assert.deepEqual(gatewayFiles(scene), [`gateway-${ids.gateway}.sealed`]);
    }
  });
});

describe('a login under way when the flows stop', () => {
  const ends: readonly [string, (scene: Scene) => Promise<unknown>][] = [
    ['a deploy', (scene) => scene.nodeRed.deploy(scene.flow())],
    ['Restart Flows', (scene) => scene.nodeRed.restartFlows()],
    ['a stop of Node-RED', (scene) => scene.nodeRed.stop().then(() => scene.startAgain())],
  ];
  let scene: Scene;
  afterEach(() => scene.end());

  for (const [what, end] of ends) {
    it(`${what}: its token is kept and used`, async () => {
      scene = await Scene.set();
      scene.cloud.faults.add({ kind: 'slow', milliseconds: 300 });
      const requests = watchRequests(scene.cloud.log);
      await scene.start();
      const login = requests.next('/login/login.json');
      scene.nodeRed.send(ids.input, {});
      await login;
      await end(scene);
      await readsData(scene);
      assert.equal(scene.cloud.logins, 1);
      assert.equal(scene.cloud.tokens, 1);
    });
  }
});
