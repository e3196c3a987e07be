import assert from 'node:assert/strict';
import { ask } from './conversation.js';
import { ids } from './flow.js';
import { owner, Scene } from './scene.js';

const references = {
  host: '${ENVOY_ADDRESS}',
  username: '${ENVOY_USER}',
  password: '${ENVOY_SECRET}',
  token: '${ENVOY_JWT}',
} as const;

/** A scene whose config node has environment variables in all of its fields; their values are given at the start. */
async function setScene(
  values: Readonly<Record<string, string>>,
): Promise<{ scene: Scene; env: Record<string, string> }> {
  const env: Record<string, string> = { ...values };
  const { host, ...credentials } = references;
  const scene = await Scene.set({ credentials, gatewayProperties: { host }, nodeRed: { env } });
  env['ENVOY_ADDRESS'] = `${scene.gateway.host}:${scene.gateway.port}`;
  return { scene, env };
}

describe('environment variables in the gateway node', () => {
  let scene: Scene;
  let env: Record<string, string>;
  afterEach(() => scene.end());

  it('stand for the host and for an account, and stay what they are through deploys', async () => {
    ({ scene, env } = await setScene({ ENVOY_USER: owner.username, ENVOY_SECRET: 'wrong' }));
    await scene.start();
    assert.equal((await ask(scene.nodeRed)).payload['code'], 'credentials_rejected');
    await scene.nodeRed.deploy(scene.flow({ name: 'Roof' }));
    await scene.nodeRed.stop();

    env['ENVOY_SECRET'] = owner.password;
    await scene.startAgain();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    await scene.nodeRed.deploy(scene.flow({ name: 'House' }));
    assert.equal((await ask(scene.nodeRed)).from, ids.data);

    const { body: flows } = await scene.nodeRed.admin('GET', '/flows');
    assert.ok(JSON.stringify(flows).includes(references.host));
    const { body } = await scene.nodeRed.admin('GET', `/credentials/envoy-gateway/${ids.gateway}`);
    assert.equal((body as { username?: string }).username, references.username);
  });

  it('stand for a token', async () => {
    ({ scene, env } = await setScene({}));
    env['ENVOY_JWT'] = await scene.gateway.issueToken();
    await scene.start();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    assert.equal(scene.cloud.logins, 0);
  });

  it('count in the connection test of the dialog too', async () => {
    ({ scene, env } = await setScene({ ENVOY_USER: owner.username, ENVOY_SECRET: owner.password }));
    await scene.start();
    const { host, ...credentials } = references;
    const settings = { ...scene.gatewayProperties, id: 'not-deployed', host, credentials };
    const { status, body } = await scene.nodeRed.admin('POST', '/envoy-gateway/test', settings);
    assert.equal(status, 200);
    assert.equal((body as { ok: boolean }).ok, true, JSON.stringify(body));
  });
});
