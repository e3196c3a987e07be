import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { ask } from './conversation.js';
import { ids } from './flow.js';
import { owner, Scene } from './scene.js';

interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly code?: string;
  readonly action?: string;
}

interface Tested {
  readonly ok: boolean;
  readonly steps: readonly Step[];
}

const testRoute = '/envoy-gateway/test';
const stateRoute = `/envoy-gateway/state/${ids.gateway}`;

/** The dialog's fields for the gateway of a scene, as the editor posts them. */
function fields(scene: Scene, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...scene.gatewayProperties, id: 'new-node', tls: 'pin', credentials: owner, ...changes };
}

async function tested(scene: Scene, changes?: Readonly<Record<string, unknown>>): Promise<Tested> {
  const { status, body } = await scene.nodeRed.admin('POST', testRoute, fields(scene, changes));
  assert.equal(status, 200, JSON.stringify(body));
  return body as Tested;
}

/** Names of the steps with what came of them: `+` went well, a code failed, `-` was not tried. */
function summary({ steps }: Tested): string {
  return steps.map(({ name, ok, code }) => `${name} ${ok ? '+' : (code ?? '-')}`).join(', ');
}

/** That neither the account's secrets nor the full serial number are in a reply. */
function assertDiscreet(scene: Scene, reply: unknown): void {
  const text = JSON.stringify(reply);
  for (const secret of [owner.password, owner.username, scene.gateway.serial, 'eyJ']) {
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
}

describe('the admin routes of envoy-gateway', () => {
  let scene: Scene;
  afterEach(() => scene.end());

  it('test what is in the dialog and say what works', async () => {
    scene = await Scene.set();
    await scene.start([]);
    const reply = await tested(scene);
    assert.equal(reply.ok, true, JSON.stringify(reply));
    assert.equal(summary(reply), 'reachable +, firmware +, certificate +, authentication +, production +');
    const [, firmware, , authentication, production] = reply.steps.map(({ text }) => text);
    assert.match(firmware ?? '', /8\.3\.5169.*…0042/);
    assert.match(authentication ?? '', /owner/);
    assert.match(production ?? '', /\d+ W/);
    assertDiscreet(scene, reply);
  });

  it('say which step fails and what to do', async () => {
    scene = await Scene.set();
    await scene.start([]);
    const nobody = await tested(scene, { host: '127.0.0.1:9', timeout: 1 });
    assert.match(summary(nobody), /^reachable gateway_unreachable, firmware -/);
    const rejected = await tested(scene, { credentials: { ...owner, password: 'wrong' } });
    assert.equal(
      summary(rejected),
      'reachable +, firmware +, certificate +, authentication credentials_rejected, production -',
    );
    assert.match(rejected.steps[3]?.action ?? '', /password/);
    assertDiscreet(scene, rejected);
    const { status, body } = await scene.nodeRed.admin('POST', testRoute, fields(scene, { refreshBefore: 'often' }));
    assert.equal(status, 400);
    assert.match((body as { error: string }).error, /refreshBefore/);
  });

  it('tell the state of the deployed node', async () => {
    scene = await Scene.set();
    await scene.start();
    assert.deepEqual((await scene.nodeRed.admin('GET', '/envoy-gateway/state/unknown')).body, { deployed: false });
    assert.deepEqual((await scene.nodeRed.admin('GET', stateRoute)).body, { deployed: true });
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    const { body } = await scene.nodeRed.admin('GET', stateRoute);
    const { deployed, gateway, token, certificate } = body as Record<string, Record<string, unknown>>;
    assert.equal(deployed, true);
    assert.equal(gateway?.['firmware'], scene.gateway.firmware);
    assert.equal(gateway['serial'], '…0042');
    assert.equal(token?.['role'], 'owner');
    assert.ok(Number(token['expiresAt']) > Date.now());
    assert.deepEqual(certificate, {
      fingerprint: scene.gateway.fingerprint,
      pinned: scene.gateway.fingerprint,
      matches: true,
    });
    assertDiscreet(scene, body);
  });

  it('a test of the deployed node as it is uses its session and makes no login', async () => {
    scene = await Scene.set();
    await scene.start();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    const reply = await tested(scene, { id: ids.gateway, refreshBefore: 30, timeout: 45, credentials: {} });
    assert.equal(reply.ok, true, JSON.stringify(reply));
    assert.equal(scene.cloud.logins, 1);
  });

  it('want the permissions of the editor', async () => {
    const nodeRedModules = createRequire(createRequire(import.meta.url).resolve('node-red'));
    const { hashSync } = nodeRedModules('bcryptjs') as { hashSync: (text: string, rounds: number) => string };
    const user = (username: string, permissions: string): unknown => ({
      username,
      password: hashSync(username, 4),
      permissions,
    });
    const adminAuth = { type: 'credentials', users: [user('writer', '*'), user('reader', 'read')] };
    scene = await Scene.set({ nodeRed: { settings: { adminAuth } } });
    await scene.start();
    const { nodeRed } = scene;
    const status = async (name: string | undefined, method: string, path: string): Promise<number> => {
      const bearer = name === undefined ? {} : { Authorization: `Bearer ${await logIn(scene, name)}` };
      return (await nodeRed.admin(method, path, method === 'POST' ? fields(scene) : undefined, bearer)).status;
    };
    assert.equal(await status(undefined, 'POST', testRoute), 401);
    assert.equal(await status(undefined, 'GET', stateRoute), 401);
    assert.equal(await status('reader', 'POST', testRoute), 401);
    assert.equal(scene.cloud.logins, 0);
    assert.equal(await status('reader', 'GET', stateRoute), 200);
    assert.equal(await status('writer', 'POST', testRoute), 200);
    assert.equal(await status('writer', 'GET', stateRoute), 200);
  });
});

/** The access token of a user of the editor whose password is the name. */
async function logIn({ nodeRed }: Scene, username: string): Promise<string> {
  const grant = { client_id: 'node-red-admin', grant_type: 'password', scope: '', username, password: username };
  const { status, body } = await nodeRed.admin('POST', '/auth/token', grant);
  assert.equal(status, 200, JSON.stringify(body));
  return (body as { access_token: string }).access_token;
}
