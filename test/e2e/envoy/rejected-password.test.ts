import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask, completed, heardOf, statusNow } from './conversation.js';
import { ids } from './flow.js';
import { watchRequests } from './requests.js';
import { owner, Scene } from './scene.js';

interface Catalog {
  authentication: Record<'message' | 'action', { credentials_rejected: string }>;
}

const catalog = new URL('../../../locales/fr/envoy-gateway.json', import.meta.url);
const { authentication: french } = JSON.parse(readFileSync(catalog, 'utf8')) as Catalog;
const wrong = { username: owner.username, password: 'not-the-password' };

describe('a password that Enlighten rejects', () => {
  let scene: Scene;
  afterEach(() => scene.end());

  it('is told on the second output in the language of the server, and nowhere else', async () => {
    scene = await Scene.set({
      credentials: wrong,
      readProperties: { name: 'Roof' },
      nodeRed: { settings: { lang: 'fr' } },
    });
    const nodeRed = await scene.start();
    const answer = await ask(nodeRed, {
      topic: 'now',
      payload: 'ignored',
      _msgid: 'message-of-the-test',
      own: { kept: 1 },
    });

    assert.equal(answer.from, ids.authentication);
    assert.equal(answer.message['topic'], `envoy/${ids.gateway}/auth`);
    assert.equal(answer.message['_msgid'], 'message-of-the-test');
    assert.deepEqual(answer.message['own'], { kept: 1 });
    const { at, ...payload } = answer.payload;
    assert.equal(typeof at, 'number');
    assert.deepEqual(payload, {
      code: 'credentials_rejected',
      message: french.message.credentials_rejected,
      action: french.action.credentials_rejected,
      retryable: false,
    });
    assert.deepEqual(answer.error, {
      message: `AuthenticationError: ${french.message.credentials_rejected}`,
      name: 'AuthenticationError',
      code: 'credentials_rejected',
      source: { id: ids.read, type: 'envoy-read', name: 'Roof', count: 1 },
    });

    await completed(nodeRed, answer);
    assert.deepEqual(heardOf(nodeRed, answer), [ids.authentication, ids.completed]);
    const { fill, text } = statusNow(nodeRed);
    assert.deepEqual({ fill, text }, { fill: 'red', text: 'mot de passe refusé' });
  });

  it('blocks the session: reads answer at once and leave gateway and cloud alone', async () => {
    scene = await Scene.set({ credentials: wrong });
    const nodeRed = await scene.start();
    await ask(nodeRed);
    const asked = scene.gateway.log.count();
    for (let reads = 0; reads < 20; reads++) {
      const { from, payload } = await ask(nodeRed);
      assert.equal(from, ids.authentication);
      assert.equal(payload['code'], 'credentials_rejected');
    }
    assert.equal(scene.cloud.logins, 1);
    assert.equal(scene.gateway.log.count(), asked);
  });

  it('is tried three times a day at most, whatever the flow, deploys and restarts do', async () => {
    scene = await Scene.set({ credentials: wrong });
    let nodeRed = await scene.start();
    for (let times = 0; times < 30; times++) {
      assert.equal((await ask(nodeRed, { topic: 'reauthenticate' })).from, ids.authentication);
    }
    assert.ok(scene.cloud.logins >= 2, 'a person who asks is worth another try');
    for (let times = 0; times < 3; times++) {
      await nodeRed.deploy(scene.flow());
      assert.equal((await ask(nodeRed)).from, ids.authentication);
      await nodeRed.restartFlows();
      assert.equal((await ask(nodeRed)).from, ids.authentication);
    }
    for (const end of ['stop', 'kill'] as const) {
      await nodeRed[end]();
      nodeRed = await scene.startAgain();
      assert.equal((await ask(nodeRed)).from, ids.authentication);
      const { from, payload } = await ask(nodeRed, { topic: 'reauthenticate' });
      assert.equal(from, ids.authentication);
      assert.equal(payload['code'], 'rate_limited');
      assert.match(String(payload['action']), /after/);
    }
    assert.equal(scene.cloud.logins, 3);
  });

  it('is tried three times a day at most when every login is cut off by a power failure', async () => {
    scene = await Scene.set({ credentials: wrong });
    scene.cloud.faults.add({ kind: 'hang' });
    const requests = watchRequests(scene.cloud.log);
    await scene.start();
    for (let starts = 0; starts < 5; starts++) {
      scene.nodeRed.send(ids.input, { topic: 'reauthenticate', starts });
      await Promise.race([
        requests.next('/login/login.json'),
        scene.nodeRed.waitForMessage(({ message }) => message['starts'] === starts),
      ]);
      await scene.nodeRed.kill();
      await scene.startAgain();
    }
    assert.equal(scene.cloud.logins, 3);
  });

  it('that was corrected at Enlighten works after "reauthenticate", without a deploy', async () => {
    scene = await Scene.set({ credentials: wrong });
    const nodeRed = await scene.start();
    assert.equal((await ask(nodeRed)).payload['code'], 'credentials_rejected');
    scene.cloud.setPassword(owner.username, wrong.password);
    assert.equal((await ask(nodeRed)).payload['code'], 'credentials_rejected', 'only a person lifts the block');
    assert.equal(scene.cloud.logins, 1);

    const answer = await ask(nodeRed, { topic: 'reauthenticate' });
    assert.equal(answer.from, ids.data);
    assert.ok('production' in answer.payload);
    assert.equal((await ask(nodeRed)).from, ids.data);
    assert.equal(scene.cloud.logins, 2);
    assert.match(statusNow(nodeRed).text ?? '', /^\d+ W$/);
  });

  it('that was corrected in the dialog works after the deploy', async () => {
    scene = await Scene.set({ credentials: wrong });
    const nodeRed = await scene.start();
    assert.equal((await ask(nodeRed)).payload['code'], 'credentials_rejected');
    await nodeRed.deploy(scene.flowWithCredentials(owner), 'nodes');
    assert.equal((await ask(nodeRed)).from, ids.data);
    assert.equal(scene.cloud.logins, 2);
  });
});
