import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlowNode } from '../../support/node-red.js';
import { ask, askUntil } from './conversation.js';
import { flowAround, gatewayNode, ids, outputNode, readNode } from './flow.js';
import { owner, Scene } from './scene.js';

const count = 100;
const dataOf = (index: number): string => `data ${index}`;

/** Many read nodes on one gateway, each with an output of its own. */
function crowd(scene: Scene): FlowNode[] {
  const indexes = Array.from({ length: count }, (_value, index) => index);
  const reads = indexes.map((index) => readNode({ wires: [[dataOf(index)], [ids.authentication]] }, `read ${index}`));
  return [
    ...flowAround([gatewayNode(scene.gatewayProperties)], reads),
    ...indexes.map((index) => outputNode(dataOf(index))),
  ];
}

/** Has all nodes read at once; resolves when each has sent its data. */
async function allRead(scene: Scene, round: number): Promise<void> {
  const { nodeRed } = scene;
  nodeRed.send(ids.input, { round });
  for (let index = 0; index < count; index++) {
    await nodeRed.waitForMessage(({ node, message }) => node === dataOf(index) && message['round'] === round);
  }
}

function failures({ nodeRed }: Scene): unknown[] {
  const ways: string[] = [ids.authentication, ids.caught];
  return nodeRed.messages.filter(({ node }) => ways.includes(node)).map(({ message }) => message['error']);
}

describe('a session shared by 100 read nodes', () => {
  let scene: Scene;
  afterEach(() => scene.end());

  it('a token that the gateway revokes costs one login, and all nodes send their data', async () => {
    scene = await Scene.set();
    const token = await scene.gateway.issueToken({ username: owner.username });
    await scene.startAgain({ flows: crowd(scene), credentials: { [ids.gateway]: { ...owner, token } } });
    await allRead(scene, 1);
    assert.equal(scene.cloud.logins, 0, 'a token that works needs no login');

    scene.gateway.switches.rejectTokensIssuedBefore = Date.now();
    await allRead(scene, 2);
    assert.equal(scene.cloud.logins, 1);
    assert.equal(scene.cloud.tokens, 1);
    assert.deepEqual(failures(scene), []);
  });

  it('a token that expires costs one login, and the reading asks for each path once', async () => {
    scene = await Scene.set({ account: { tokenLifetime: 3 } });
    await scene.start(crowd(scene));
    await allRead(scene, 1);
    assert.equal(scene.cloud.logins, 1);

    scene.cloud.account(owner.username).tokenLifetime = 3600;
    await delay(3000);
    scene.gateway.log.clear();
    await allRead(scene, 2);
    assert.equal(scene.cloud.logins, 2);
    const asked = scene.gateway.log.requests.filter(({ path }) => path !== '/auth/check_jwt');
    const paths = asked.map(({ path, query }) => path + query);
    assert.equal(new Set(paths).size, paths.length, `asked twice: ${paths.join(' ')}`);
    assert.equal(scene.gateway.log.maximumInFlight, 1);
    assert.deepEqual(failures(scene), []);
  });

  it('a cloud that is down is not noticed while the token lives, and named when it ended', async () => {
    const life = 10_000;
    scene = await Scene.set({ account: { tokenLifetime: life / 1000 } });
    await scene.start();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    const obtained = Date.now();

    scene.cloud.faults.add({ kind: 'reset' });
    // From 80 % of its life on the token is to be renewed, which fails now.
    await delay(obtained + 0.8 * life - Date.now());
    while (scene.cloud.logins === 1) {
      const { from, message } = await ask(scene.nodeRed);
      assert.equal(from, ids.data, JSON.stringify(message['error']));
    }
    const { from, message } = await ask(scene.nodeRed);
    assert.equal(from, ids.data, JSON.stringify(message['error']));

    await delay(obtained + life - Date.now());
    const { payload } = await askUntil(scene.nodeRed, (answer) => answer.from !== ids.data);
    assert.equal(payload['code'], 'cloud_unavailable');
    assert.equal(payload['retryable'], true);
    assert.equal(scene.cloud.logins, 2, 'a cloud that is down is not asked at every read');
  });
});
