import assert from 'node:assert/strict';
import { ask, completed, statusNow } from './conversation.js';
import { ids } from './flow.js';
import { Scene } from './scene.js';

/** That a text was in none of the messages that any node heard, however deep. */
function assertNeverHeard(scene: Scene, secret: string): void {
  const heard = scene.nodeRed.messages.filter(({ message }) => JSON.stringify(message).includes(secret));
  assert.deepEqual(heard, []);
  assert.ok(!scene.nodeRed.log().includes(secret));
}

describe('the topic "token"', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.set({ credentials: {} });
    await scene.start();
  });
  afterEach(() => scene.end());

  it('gives a gateway without an account what it needs, across a restart too', async () => {
    const before = await ask(scene.nodeRed);
    assert.equal(before.payload['code'], 'credentials_missing');
    const token = await scene.gateway.issueToken();
    const answer = await ask(scene.nodeRed, { topic: 'token', payload: ` ${token}\n`, own: 1 });
    assert.equal(answer.from, ids.data);
    assert.equal(answer.message['own'], 1);
    assertNeverHeard(scene, token);

    await scene.nodeRed.kill();
    await scene.startAgain();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    assert.equal(scene.cloud.logins, 0);
  });

  const unusable: readonly [string, (scene: Scene) => Promise<string> | string, string][] = [
    ['a text that is no token', () => 'this-is-no-token-at-all', 'token_rejected'],
    ['a token that was cut off', async ({ gateway }) => (await gateway.issueToken()).slice(0, 40), 'token_rejected'],
    ['an expired token', ({ gateway }) => gateway.issueToken({ iat: 1_700_000_000, ttl: 60 }), 'token_expired'],
    [
      'the token of another gateway',
      ({ gateway }) => gateway.issueToken({ serial: '999999999999' }),
      'serial_not_owned',
    ],
  ];
  for (const [what, make, code] of unusable) {
    it(`${what} is told as ${code}, never shown, and a token that works stays in use`, async () => {
      const good = await scene.gateway.issueToken();
      assert.equal((await ask(scene.nodeRed, { topic: 'token', payload: good })).from, ids.data);
      const token = await make(scene);
      const answer = await ask(scene.nodeRed, { topic: 'token', payload: token });
      assert.equal(answer.from, ids.authentication);
      assert.equal(answer.payload['code'], code);
      assertNeverHeard(scene, token);
      assert.equal((await ask(scene.nodeRed)).from, ids.data);
    });
  }

  it('without a text as its payload is a misuse that the Catch node is told of', async () => {
    const { from, error, message } = await ask(scene.nodeRed, { topic: 'token', payload: { token: 'hidden-in-here' } });
    assert.equal(from, ids.caught);
    assert.equal(error['code'], 'invalid_argument');
    assert.ok(!('payload' in message));
    assertNeverHeard(scene, 'hidden-in-here');
  });
});

describe('the topics "probe" and "reauthenticate"', () => {
  let scene: Scene;
  afterEach(() => scene.end());

  it('"probe" finds meters that were added', async () => {
    scene = await Scene.set({ gateway: { consumption: 'none' } });
    const nodeRed = await scene.start();
    assert.ok(!('consumption' in (await ask(nodeRed)).payload));
    scene.gateway.configure({ consumption: 'net' });
    assert.ok(!('consumption' in (await ask(nodeRed)).payload));
    const answer = await ask(nodeRed, { topic: 'probe' });
    assert.equal(answer.from, ids.data);
    assert.ok('consumption' in answer.payload);
    assert.ok('netConsumption' in answer.payload);
  });

  it('"reauthenticate" fetches another token', async () => {
    scene = await Scene.set();
    const nodeRed = await scene.start();
    assert.equal((await ask(nodeRed)).from, ids.data);
    const answer = await ask(nodeRed, { topic: 'reauthenticate' });
    assert.equal(answer.from, ids.data);
    await completed(nodeRed, answer);
    assert.equal(scene.cloud.logins, 2);
    assert.equal(scene.cloud.tokens, 2);
  });

  it('a changed certificate is refused, and accepted with its fingerprint', async () => {
    scene = await Scene.set();
    await scene.start();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    const stored = scene.gateway.fingerprint;
    await scene.gateway.setCertificate();
    const seen = scene.gateway.fingerprint;
    const refused = await ask(scene.nodeRed);
    assert.equal(refused.from, ids.authentication);
    assert.equal(refused.payload['code'], 'certificate_changed');
    const action = String(refused.payload['action']);
    assert.ok(action.includes(stored) && action.includes(seen), action);
    assert.equal(statusNow(scene.nodeRed).text, 'certificate changed');

    const other = await ask(scene.nodeRed, { topic: 'reauthenticate', fingerprint: stored });
    assert.equal(other.payload['code'], 'certificate_changed');
    assert.equal((await ask(scene.nodeRed, { topic: 'reauthenticate', fingerprint: seen })).from, ids.data);
    await scene.nodeRed.kill();
    await scene.startAgain();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
  });
});
