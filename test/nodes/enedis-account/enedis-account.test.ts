import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountNode } from '../../../nodes/shared/account-node.js';
import { AccountFlow, answer, type Fields } from '../../support/account-flow.js';
import { freshDirectory } from '../../support/directory.js';
import { helper } from '../../support/node-test-helper.js';
import { runningClock } from '../../support/proxy/clock.js';
import { ProxyWorld } from '../../support/proxy-world.js';

describe('enedis-account', function () {
  this.timeout(30_000);
  const userDir = freshDirectory();
  let world: ProxyWorld;
  let flow: AccountFlow;
  let stopClock: () => void;

  beforeEach(async () => {
    world = await ProxyWorld.start({ settings: { limits: { requestsPerMinute: 60 } }, start: Date.now() });
    stopClock = runningClock(world.clock, 1);
  });
  beforeEach(() => {
    flow = new AccountFlow();
    helper.settings({ userDir: userDir() });
  });
  afterEach(async () => {
    await flow.stop();
    stopClock();
    await world.close();
  });

  const account = () => flow.RED.nodes.getNode('account') as unknown as AccountNode;
  const state = async () => (await flow.admin('GET', '/enedis-account/state/account')).body;

  async function linked(): Promise<void> {
    await flow.start(world);
    flow.send();
    await answer(world, String((await flow.message('prompt')).payload['userCode']), true);
    await flow.message('outcome');
  }

  it('tells its dialog the masked meters and the ends of consent and access, and keeps its tokens sealed', async () => {
    await linked();
    const [usagePoint] = (await flow.message('outcome')).payload['usagePoints'] as string[];
    const { deployed, state: where, usagePoints, consentUntil, accessExpiresAt } = await state();
    assert.deepEqual([deployed, where], [true, 'linked']);
    assert.deepEqual(usagePoints, [`…${usagePoint?.slice(-4)}`]);
    assert.ok(Number(consentUntil) > Number(accessExpiresAt) && Number(accessExpiresAt) > Date.now());
    const { accessToken, refreshToken } = await (await account().openAccount()).tokens();
    await flow.stop();
    const directory = join(userDir(), 'energy-nodes');
    assert.ok((await readdir(directory)).includes('enedis-account.sealed'));
    const kept = await readFile(join(directory, 'enedis-account.sealed'), 'utf8');
    for (const secret of [accessToken, refreshToken, usagePoint]) assert.ok(secret && !kept.includes(secret));
  });

  it('forgets its tokens when a person asks for it, and ends a dance that is under way', async () => {
    await linked();
    flow.send();
    await flow.status('status.waiting');
    const { status, body } = await flow.admin('POST', '/enedis-account/forget/account');
    assert.deepEqual([status, body['state'], body['dance']], [200, 'unlinked', 'idle']);
    assert.equal((await state())['state'], 'unlinked');
    await flow.stop();
    flow = new AccountFlow();
    await flow.start(world);
    assert.equal((await state())['state'], 'unlinked');
  });

  it('reads a meter once there is a consent', async () => {
    await linked();
    const reader = await account().openReader();
    const [result] = await reader.read({ dataset: 'contract' });
    assert.match(String(result?.meter.usagePoint), /^\d{14}$/);
  });

  it('says that an account for tokens only reads nothing', async () => {
    await flow.start(world, {}, { api: 'none' });
    await assert.rejects(account().openReader(), { code: 'invalid_argument', parameters: { field: 'api' } });
  });

  it('takes a token that a person got elsewhere, and does not show it', async () => {
    const token = 'a-token-never-to-be-seen';
    await flow.start(world, {}, { api: 'conso', clientId: '', server: world.first.url }, { token });
    assert.equal((await (await account().openAccount()).tokens()).accessToken, token);
    const reply = await state();
    assert.equal(reply['state'], 'linked');
    assert.ok(!JSON.stringify(reply).includes(token) && !flow.visible().includes(token));
  });

  it('names the setting that cannot be used, and knows nothing of nodes that are not there', async () => {
    await flow.start(world, {}, { server: '' });
    const { problem } = await state();
    assert.equal((problem as Fields)['code'], 'invalid_argument');
    assert.match(String((problem as Fields)['message']), /^server: /);
    assert.deepEqual((await flow.admin('GET', '/enedis-account/state/nobody')).body, { deployed: false });
    assert.equal((await flow.admin('POST', '/enedis-account/forget/nobody')).status, 404);
  });
});
