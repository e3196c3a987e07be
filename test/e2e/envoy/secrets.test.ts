import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listenToComms, type Comms } from '../../support/node-red/comms.js';
import type { FlowNode } from '../../support/node-red.js';
import { ask } from './conversation.js';
import { ids } from './flow.js';
import { owner, Scene } from './scene.js';
import { collectSecrets, filesBelow, secretsIn, type Secrets } from './secrets.js';

const wrong = { username: owner.username, password: 'a-password-that-is-wrong' };

/** The flow with a debug node behind every way out; what is no data also goes to the log. */
function withDebug(flow: readonly FlowNode[]): FlowNode[] {
  const debug = (id: string, console: boolean): FlowNode => ({
    id,
    type: 'debug',
    z: 'tab',
    x: 100,
    y: 100,
    active: true,
    tosidebar: true,
    console,
    complete: 'true',
    wires: [],
  });
  const behind: Record<string, string> = {
    catch: 'debug failures',
    complete: 'debug data',
    statuses: 'debug failures',
  };
  const wired = flow.map((node) => {
    if (node.id === ids.read)
      return {
        ...node,
        wires: [
          [ids.data, 'debug data'],
          [ids.authentication, 'debug failures'],
        ],
      };
    const target = behind[node.id];
    return target === undefined ? node : { ...node, wires: [[...(node['wires'] as string[][]).flat(), target]] };
  });
  return [...wired, debug('debug data', false), debug('debug failures', true)];
}

/** Brings about what may go wrong with a gateway that wants tokens; each answer's code in turn. */
async function tokenTroubles(scene: Scene): Promise<void> {
  const { nodeRed, gateway, cloud } = scene;
  const expect = async (code: string | undefined, message: Record<string, unknown> = {}): Promise<void> => {
    const { from, payload, error } = await ask(nodeRed, message);
    assert.equal(from === ids.data ? undefined : (payload['code'] ?? error['code']), code, JSON.stringify(error));
  };
  await expect('credentials_rejected');
  cloud.setPassword(owner.username, wrong.password);
  await expect(undefined, { topic: 'reauthenticate' });
  await nodeRed.deploy(withDebug(scene.flowWithCredentials(wrong)));
  await expect(undefined);
  await expect('token_expired', { topic: 'token', payload: await gateway.issueToken({ iat: 1_700_000_000, ttl: 60 }) });
  await expect('token_rejected', { topic: 'token', payload: (await gateway.issueToken()).slice(0, 60) });
  await expect('invalid_argument', { topic: 'token', payload: { token: await gateway.issueToken() } });
  await expect(undefined, { topic: 'token', payload: await gateway.issueToken() });
  for (const fault of ['html', 'truncated'] as const) {
    const end = gateway.faults.add({ kind: fault }, { path: /^\/(production|ivp|api)/ });
    await expect(fault === 'html' ? 'reply_invalid' : 'reply_incomplete');
    end();
  }
  cloud.switches.htmlInsteadOfToken = true;
  await expect('server_error', { topic: 'reauthenticate' });
  cloud.switches.htmlInsteadOfToken = false;
  gateway.switches.rejectTokensIssuedBefore = Date.now();
  await expect(undefined);
  await gateway.setCertificate();
  await expect('certificate_changed');
}

/** Brings about what may go wrong with a gateway that wants Digest. */
async function digestTroubles({ nodeRed, gateway }: Scene): Promise<void> {
  assert.equal((await ask(nodeRed)).from, ids.data);
  gateway.setLocalPassword('installer', 'another-local-password');
  gateway.disconnect();
  for (let reads = 0; reads < 3; reads++) await ask(nodeRed, { topic: 'reauthenticate' });
  gateway.boot();
  await ask(nodeRed);
}

/** Texts that people and other programs get to see, by where. */
async function seen(scene: Scene, comms: Comms): Promise<Record<string, string>> {
  const { nodeRed } = scene;
  const text = async (path: string): Promise<string> => JSON.stringify((await nodeRed.admin('GET', path)).body);
  const settings = { ...scene.gatewayProperties, id: ids.gateway, tls: 'pin', credentials: {} };
  return {
    flows: await text('/flows'),
    credentials: await text(`/credentials/envoy-gateway/${ids.gateway}`),
    state: await text(`/envoy-gateway/state/${ids.gateway}`),
    test: JSON.stringify((await nodeRed.admin('POST', '/envoy-gateway/test', settings)).body),
    messages: JSON.stringify(nodeRed.messages),
    editors: JSON.stringify(comms.publications),
    log: nodeRed.log(),
  };
}

function assertNothingSecret(texts: Record<string, string>, secrets: Secrets): void {
  const leaks = Object.entries(texts).flatMap(([where, text]) =>
    secretsIn(text, secrets).map((what) => `${what} in ${where}`),
  );
  assert.deepEqual(leaks, []);
}

/** That the full serial number is where the design wants it and nowhere else. */
function assertSerialHidden(scene: Scene, texts: Record<string, string>): void {
  const { messages } = scene.nodeRed;
  const errors = messages.filter(({ node }) => node !== ids.data && node !== ids.completed);
  const shown = { errors: JSON.stringify(errors), log: texts['log'], state: texts['state'], test: texts['test'] };
  for (const [where, text] of Object.entries(shown)) {
    assert.ok(!text?.includes(scene.gateway.serial), `the full serial number is in ${where}`);
  }
}

/** That what lies on the disk is sealed or encrypted, and our own files are their owner's only. */
function assertFilesSealed(scene: Scene, secrets: Secrets): void {
  const own = join(scene.userDir, 'energy-nodes');
  // The backup is of the plain file that the test began with; Node-RED encrypted it at the first deploy.
  const files = filesBelow(scene.userDir).filter(({ path }) => basename(path) !== '.flows_cred.json.backup');
  const ours = files.filter(({ path }) => path.startsWith(own));
  assert.ok(ours.length > 0, 'nothing was kept');
  assert.equal(statSync(own).mode & 0o777, 0o700);
  for (const { path, mode } of ours) assert.equal(mode, 0o600, basename(path));
  assertNothingSecret(Object.fromEntries(files.map(({ path, content }) => [basename(path), content])), secrets);
}

describe('nothing secret', () => {
  let scene: Scene;
  let comms: Comms;
  afterEach(async () => {
    comms.close();
    await scene.end();
  });

  async function assertDiscreet(secrets: Secrets): Promise<void> {
    await comms.waitFor(({ topic }) => topic === 'debug');
    const texts = await seen(scene, comms);
    assert.match(texts['log'] ?? '', /\[trace\]/);
    assertNothingSecret(texts, secrets);
    assertSerialHidden(scene, texts);
    await scene.nodeRed.stop();
    assertFilesSealed(scene, secrets);
  }

  it('is seen of accounts, tokens, sessions and cookies, whatever goes wrong', async () => {
    scene = await Scene.set({ credentials: wrong, nodeRed: { logLevel: 'trace' } });
    const secrets = collectSecrets(scene.cloud, scene.gateway);
    await scene.start(withDebug(scene.flow()));
    comms = await listenToComms(scene.nodeRed.url);
    await tokenTroubles(scene);
    for (const kind of ['token', 'cookie', 'session_id']) {
      assert.ok(
        [...secrets.keys()].some((what) => what.startsWith(kind)),
        `no ${kind} was given away`,
      );
    }
    await assertDiscreet(secrets.set('password', wrong.password));
  });

  it('is seen of local users and their passwords, whatever goes wrong', async () => {
    const credentials = { username: 'installer' };
    scene = await Scene.set({ credentials, gateway: { firmware: '5.0.62' }, nodeRed: { logLevel: 'trace' } });
    const secrets = collectSecrets(scene.cloud, scene.gateway);
    // The password of the user "envoy" is the end of the serial number, which the data may show.
    const passwords = Object.entries(scene.gateway.localPasswords).filter(([user]) => user !== 'envoy');
    for (const [user, password] of passwords) secrets.set(user, password);
    await scene.start(withDebug(scene.flow()));
    comms = await listenToComms(scene.nodeRed.url);
    await digestTroubles(scene);
    await scene.nodeRed.deploy(withDebug(scene.flow()));
    await assertDiscreet(secrets);
  });
});
