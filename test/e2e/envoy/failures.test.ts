import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask, askUntil, completed, heardOf, statusNow, waitForStatus, type Answer } from './conversation.js';
import { ids } from './flow.js';
import { Scene, type SceneOptions } from './scene.js';

const catalogOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../locales/en-US/${name}.json`, import.meta.url), 'utf8'));
const { status: statusTexts } = catalogOf('envoy-read') as { status: { failure: Record<string, string> } };

/** A failure as a flow sees it: how it comes about, its code, and a word that its text must have. */
interface Failure {
  readonly what: string;
  readonly code: string;
  readonly text: RegExp;
  readonly options?: SceneOptions;
  /** It comes about after a first reading that went well. */
  readonly later?: boolean;
  readonly bringAbout?: (scene: Scene) => Promise<void> | void;
}

const failures: readonly Failure[] = [
  {
    what: 'a gateway that is switched off',
    code: 'gateway_unreachable',
    text: /127\.0\.0\.1:\d+/,
    bringAbout: ({ gateway }) => gateway.powerOff(),
  },
  {
    what: 'a gateway that does not answer in time',
    code: 'gateway_timeout',
    text: /time/,
    options: { gatewayProperties: { timeout: 1 } },
    bringAbout: ({ gateway }) => void gateway.faults.add({ kind: 'hang' }),
  },
  {
    what: 'a gateway that is starting',
    code: 'gateway_busy',
    text: /503/,
    bringAbout: ({ gateway }) => {
      gateway.boot();
    },
  },
  {
    what: 'another device at the address',
    code: 'not_a_gateway',
    text: /127\.0\.0\.1:\d+ is no Envoy/,
    bringAbout: ({ gateway }) => void gateway.faults.add({ kind: 'html' }, { path: '/info' }),
  },
  {
    what: 'an answer that is no JSON',
    code: 'reply_invalid',
    text: /to \/(production|ivp|api)/,
    later: true,
    bringAbout: ({ gateway }) => void gateway.faults.add({ kind: 'html' }, { path: /^\/(production|ivp|api)/ }),
  },
  {
    what: 'settings that make no sense',
    code: 'invalid_argument',
    text: /timeout: must be a number from 1 to 300/,
    options: { gatewayProperties: { timeout: 'soon' } },
  },
  {
    what: 'a certificate that nobody signed',
    code: 'certificate_untrusted',
    text: /certificate/,
    options: { gatewayProperties: { tls: 'verify' } },
  },
];

/** That a failure reached the Catch node and nothing else, with all that the message carried. */
function assertCaught(scene: Scene, answer: Answer, { code, text }: Failure): void {
  const { from, error, message } = answer;
  assert.equal(from, ids.caught, JSON.stringify(message));
  assert.equal(error['code'], code, JSON.stringify(error));
  assert.match(String(error['message']), text);
  assert.equal((error['source'] as { id: string }).id, ids.read);
  assert.deepEqual({ topic: message['topic'], payload: message['payload'] }, { topic: 'now', payload: 42 });
  const { fill, shape, text: shown } = statusNow(scene.nodeRed);
  assert.deepEqual({ fill, shape, shown }, { fill: 'red', shape: 'ring', shown: statusTexts.failure[code] });
}

describe('failures that are no matter of authentication', () => {
  let scene: Scene;
  afterEach(async () => {
    assert.doesNotMatch(scene.nodeRed.log(), /Uncaught|Unhandled/i);
    assert.equal(scene.nodeRed.process.exitCode, null, 'Node-RED ended');
    await scene.end();
  });

  for (const failure of failures) {
    it(`${failure.what}: ${failure.code} at the Catch node, not at Complete`, async () => {
      scene = await Scene.set(failure.options);
      const nodeRed = await scene.start();
      if (failure.later) assert.equal((await ask(nodeRed)).from, ids.data);
      await failure.bringAbout?.(scene);
      const answer = await ask(nodeRed, { topic: 'now', payload: 42 }, 60_000);
      assertCaught(scene, answer, failure);

      scene.gateway.faults.clear();
      scene.gateway.booted();
      if (failure.code === 'gateway_unreachable') await scene.gateway.powerOn();
      if (!failure.options) assert.equal((await ask(nodeRed)).from, ids.data, 'it does not recover');
      assert.deepEqual(heardOf(nodeRed, answer), [ids.caught]);
    });
  }

  it('a failure after data is told too, and ends by itself', async () => {
    scene = await Scene.set();
    const nodeRed = await scene.start();
    const first = await ask(nodeRed);
    await completed(nodeRed, first);
    assert.deepEqual(heardOf(nodeRed, first), [ids.data, ids.completed]);
    scene.gateway.boot();
    assert.equal((await ask(nodeRed)).error['code'], 'gateway_busy');
    scene.gateway.booted();
    await askUntil(nodeRed, ({ from }) => from === ids.data);
    assert.match(statusNow(nodeRed).text ?? '', /^\d+ W$/);
  });

  it('a reading that the timer began tells the Catch node, under a message of its own', async () => {
    scene = await Scene.set({ readProperties: { interval: 10 } });
    scene.gateway.boot();
    const nodeRed = await scene.start();
    const { message } = await nodeRed.waitForMessage(({ node }) => node === ids.caught);
    assert.equal((message['error'] as { code: string }).code, 'gateway_busy');
    assert.equal(typeof message['_msgid'], 'string');
    scene.gateway.booted();
    const data = await nodeRed.waitForMessage(({ node }) => node === ids.data);
    assert.equal(data.message['topic'], `envoy/${scene.gateway.serial}`);
    await waitForStatus(nodeRed, /^\d+ W$/);
  });

  it('a reading that the timer began tells authentication errors on the second output', async () => {
    scene = await Scene.set({
      readProperties: { interval: 10 },
      credentials: { username: 'owner@example.com', password: 'wrong' },
    });
    const nodeRed = await scene.start();
    const { message } = await nodeRed.waitForMessage(({ node }) => node === ids.authentication);
    assert.equal((message['payload'] as { code: string }).code, 'credentials_rejected');
    assert.equal(typeof message['_msgid'], 'string');
    assert.equal(nodeRed.messages.filter(({ node }) => node === ids.caught).length, 0);
  });

  it('a read node without a gateway says so', async () => {
    scene = await Scene.set({ readProperties: { gateway: '' } });
    const nodeRed = await scene.start();
    const { from, error } = await ask(nodeRed);
    assert.equal(from, ids.caught);
    assert.equal(error['code'], 'invalid_argument');
    assert.match(String(error['message']), /No gateway is chosen/);
  });
});

describe('the status of a read node', () => {
  let scene: Scene;
  afterEach(() => scene.end());

  it('shows the days that the token has left when nothing renews it', async () => {
    scene = await Scene.set({ credentials: {} });
    const token = await scene.gateway.issueToken({ ttl: 12.5 * 86_400 });
    await scene.startAgain({ flows: scene.flow(), credentials: { [ids.gateway]: { token } } });
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    const { fill, text } = statusNow(scene.nodeRed);
    assert.equal(fill, 'yellow');
    assert.match(text ?? '', /^\d+ W · .*12 ?d/);
  });
});
