import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { parseBundle } from '../../../lib/envoy/diagnostics/bundle.js';
import { startReplay } from '../../../simulator/index.js';
import type { NodeRedProcess } from '../../support/node-red.js';
import { ask } from '../envoy/conversation.js';
import { ids } from '../envoy/flow.js';
import { owner, type Scene } from '../envoy/scene.js';
import { collectSecrets, secretsIn, type Secrets } from '../envoy/secrets.js';
import { equippedScene } from './equipped.js';

type Fields = Readonly<Record<string, unknown>>;

const route = `/envoy-gateway/diagnostics/${ids.gateway}`;

/** Every key of a payload with what it holds, serial numbers of devices as one word: they are others in a copy. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, inner], index) => [
    /^\d{12}$/.test(key) ? `serial ${index}` : key,
    shape(inner),
  ]);
  return Object.fromEntries(entries) as unknown;
}

describe('diagnostics', () => {
  let scene: Scene;
  let nodeRed: NodeRedProcess;
  let secrets: Secrets;
  /** Serial numbers of the gateway and of everything at it. */
  let serials: string[];
  let original: Fields;

  before(async () => {
    const modules = createRequire(createRequire(import.meta.url).resolve('node-red'));
    const { hashSync } = modules('bcryptjs') as { hashSync: (text: string, rounds: number) => string };
    const users = ['writer', 'reader'].map((username) => ({
      username,
      password: hashSync(username, 4),
      permissions: username === 'writer' ? '*' : 'read',
    }));
    scene = await equippedScene({ nodeRed: { settings: { adminAuth: { type: 'credentials', users } } } });
    secrets = collectSecrets(scene.cloud, scene.gateway);
    for (const [what, secret] of Object.entries(owner)) secrets.set(what, secret);
    nodeRed = await scene.start();
    original = (await ask(nodeRed)).payload;
    serials = [...new Set(JSON.stringify(original).match(/(?<!\d)\d{12}(?!\d)/g))];
    assert.ok(serials.length > 10 && serials.includes(scene.gateway.serial), serials.join());
  });
  after(() => scene.end());

  /** The bearer of a user of the editor whose password is the name. */
  async function bearer(username: string): Promise<Readonly<Record<string, string>>> {
    const grant = { client_id: 'node-red-admin', grant_type: 'password', scope: '', username, password: username };
    const { body } = await nodeRed.admin('POST', '/auth/token', grant);
    return { Authorization: `Bearer ${(body as { access_token: string }).access_token}` };
  }

  function assertDiscreet(bundle: unknown): void {
    const text = JSON.stringify(bundle);
    assert.deepEqual(secretsIn(text, secrets), []);
    assert.deepEqual(
      serials.filter((serial) => text.includes(serial)),
      [],
    );
    assert.ok(!/eyJ[\w-]+\./.test(text), 'a token');
    assert.ok(!text.includes('Europe/Paris'), 'a place');
  }

  it('come by the topic, hold no secret and no serial number, and go on being read', async () => {
    const { from, message, payload, error } = await ask(nodeRed, { topic: 'diagnostics', own: 1 });
    assert.equal(from, ids.data, JSON.stringify(error));
    assert.equal(message['topic'], 'envoy/diagnostics');
    assert.equal(message['own'], 1);
    const { format, redacted, facts, endpoints } = parseBundle(JSON.stringify(payload));
    assert.equal(format, 'envoy-diagnostics/1');
    assert.equal(redacted, true);
    assert.ok(facts?.features.includes('generator'));
    assert.ok(endpoints.filter(({ body }) => body !== undefined).length > 15);
    assertDiscreet(payload);
    assert.equal(scene.gateway.log.maximumInFlight, 1);
    assert.equal((await ask(nodeRed)).from, ids.data);
  });

  it('can be played: the same flow reads from the copy what it reads from the gateway', async () => {
    const { payload } = await ask(nodeRed, { topic: 'diagnostics' });
    const played = await startReplay(parseBundle(JSON.stringify(payload)), { cloud: scene.cloud });
    try {
      const copy = scene.flow({ host: `${played.host}:${played.port}` });
      const token = await played.issueToken();
      const flow = copy.map((node) =>
        node.id === ids.gateway ? { ...node, id: 'copy', credentials: { token } } : node,
      );
      const rewired = flow.map((node) => (node.id === ids.read ? { ...node, gateway: 'copy' } : node));
      await nodeRed.deploy(rewired, 'full', await bearer('writer'));
      const answer = await ask(nodeRed);
      assert.equal(answer.from, ids.data, JSON.stringify(answer.error));
      assert.notEqual((answer.payload['gateway'] as Fields)['serial'], scene.gateway.serial);
      assert.deepEqual(shape(answer.payload), shape(original));
    } finally {
      await nodeRed.deploy(scene.flowWithCredentials(owner), 'full', await bearer('writer'));
      await played.close();
    }
  });

  it('come by the dialog to those who may edit, as discreet', async () => {
    assert.equal((await nodeRed.admin('POST', route)).status, 401);
    assert.equal((await nodeRed.admin('POST', route, {}, await bearer('reader'))).status, 401);
    const headers = await bearer('writer');
    const { status, body } = await nodeRed.admin('POST', route, {}, headers);
    assert.equal(status, 200);
    assert.equal(parseBundle(JSON.stringify(body)).error, undefined);
    assertDiscreet(body);
    assert.equal((await nodeRed.admin('POST', '/envoy-gateway/diagnostics/unknown', {}, headers)).status, 404);
  });

  it('say why nothing was asked where the account is blocked', async () => {
    scene.gateway.switches.rejectTokens = true;
    await ask(nodeRed);
    const { payload } = await ask(nodeRed, { topic: 'diagnostics' });
    const { error, endpoints } = parseBundle(JSON.stringify(payload));
    assert.equal(error?.code, 'token_rejected');
    assert.deepEqual(endpoints, []);
    assertDiscreet(payload);
  });
});
