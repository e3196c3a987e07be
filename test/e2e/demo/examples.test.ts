import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode } from '../../support/node-red.js';
import { repositoryRoot } from '../../support/node-red/user-dir.js';
import { gatewayNode, ids } from '../envoy/flow.js';
import { owner, Scene } from '../envoy/scene.js';

describe('the examples, with a gateway', function () {
  this.timeout(120_000);
  let scene: Scene;

  before(async () => {
    scene = await Scene.set({ gateway: { batteries: { count: 2 }, systemController: true } });
    await scene.start([]);
  });
  after(() => scene.end());

  /** Deploys an example that uses the gateway of the scene; what its debug nodes would show reaches the test. */
  async function deploy(name: string, credentials: Readonly<Record<string, string>> = owner): Promise<void> {
    const text = readFileSync(join(repositoryRoot, 'examples', `${name}.json`), 'utf8');
    const nodes = (JSON.parse(text) as FlowNode[]).map((node) => ({
      ...node,
      ...(node['gateway'] === '' && { gateway: ids.gateway }),
      ...(node.type === 'debug' && { type: 'test-output' }),
    }));
    await scene.nodeRed.deploy([...nodes, { ...gatewayNode(scene.gatewayProperties), credentials }]);
  }

  async function press(button: string): Promise<void> {
    assert.equal((await scene.nodeRed.admin('POST', `/inject/${button}`, {})).status, 200);
  }

  /** The first message at a debug node. */
  async function at(node: string): Promise<Readonly<Record<string, unknown>>> {
    return (await scene.nodeRed.waitForMessage((received) => received.node === node)).message;
  }

  it('04: changes what is ticked, and shows the state read back', async () => {
    await deploy('04 - Control with read-back');
    await press('envoy-04-backup');
    const { payload, topic } = await at('envoy-04-done');
    assert.equal(topic, 'envoy/storageMode');
    const { confirmed, state, warnings } = payload as {
      confirmed: boolean;
      state: { tariff: { storageSettings: { mode: string } } };
      warnings: { code: string }[];
    };
    assert.equal(confirmed, true);
    assert.equal(state.tariff.storageSettings.mode, 'backup');
    assert.ok(warnings.some(({ code }) => code === 'cloud_may_restore'));
    assert.equal(scene.gateway.truth().operation.mode, 'backup');
  });

  it('05: tells live messages from readings, and works out the surplus', async () => {
    await deploy('05 - Live readings');
    const live = await at('envoy-05-live');
    assert.match(String(live['topic']), /^envoy\/\d+\/live$/);
    const { grid } = live['payload'] as { grid: { wattsNow: number } };
    assert.equal((await at('envoy-05-watts'))['payload'], Math.max(0, -grid.wattsNow));
  });

  it('06: writes a bundle in which the gateway cannot be recognised', async () => {
    await deploy('06 - Diagnostics for a bug report');
    await press('envoy-06-collect');
    await at('envoy-06-written');
    const text = readFileSync(join(scene.userDir, 'envoy-diagnostics.json'), 'utf8');
    assert.equal((JSON.parse(text) as { redacted: boolean }).redacted, true);
    for (const secret of [scene.gateway.serial, owner.username, owner.password]) assert.ok(!text.includes(secret));
  });

  it('07: says in words what a person has to do', async () => {
    await deploy('07 - Alert before a token needs a person', { username: 'other@example.com', password: 'unknown' });
    assert.match(
      String((await at('envoy-07-alert'))['payload']),
      /^Envoy cannot sign in: Correct the user and the password/,
    );
  });
});
