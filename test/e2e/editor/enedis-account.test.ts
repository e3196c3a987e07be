import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { ProxyWorld, publicClient } from '../../support/proxy-world.js';
import { assertAccessible } from './accessibility.js';
import { Editor } from './editor.js';

const token = 'a-token-never-to-be-seen';
const clientSecret = 'a-secret-never-to-be-seen';

/** The nodes of a Linky flow, with this account. */
function flowWith(account: Readonly<Record<string, unknown>>): FlowNode[] {
  const place = { z: 'tab', x: 240 };
  return [
    { id: 'tab', type: 'tab', label: 'Linky' },
    { id: 'account', type: 'enedis-account', name: 'Linky at home', ...account },
    { id: 'read', type: 'linky-read', ...place, y: 100, account: 'account', wires: [[], []] },
    { id: 'flow', type: 'device-flow', ...place, y: 200, account: 'account', wires: [[], [], []] },
  ];
}

/** Users of the editor whose password is their name. */
function users(): unknown {
  const nodeRedModules = createRequire(createRequire(import.meta.url).resolve('node-red'));
  const { hashSync } = nodeRedModules('bcryptjs') as { hashSync: (text: string, rounds: number) => string };
  const user = (username: string, permissions: string) => ({ username, password: hashSync(username, 4), permissions });
  return { type: 'credentials', users: [user('writer', '*'), user('reader', 'read')] };
}

describe('an enedis-account that is moved, guarded and spoken to', () => {
  let browser: Browser;
  let world: ProxyWorld;
  let running: NodeRedProcess[] = [];
  let editor: Editor | undefined;

  before(async () => {
    [browser, world] = await Promise.all([launchBrowser(), ProxyWorld.start({ start: Date.now() })]);
  });
  after(async () => {
    await browser.close();
    await world.close();
  });
  afterEach(async () => {
    await editor?.close();
    editor = undefined;
    await Promise.all(running.map((each) => each.stop()));
    running = [];
  });

  async function start(options: Parameters<typeof startNodeRed>[0] = {}): Promise<NodeRedProcess> {
    const nodeRed = await startNodeRed(options);
    running.push(nodeRed);
    return nodeRed;
  }

  it('says after an import which secret is to be entered, and works when it was', async () => {
    const old = await start();
    const account = { api: 'conso', server: world.first.url, credentials: { token, clientSecret } };
    await old.deploy(flowWith(account));
    editor = await Editor.open(browser, old.url);
    await editor.openNode('read');
    await editor.openConfig('account', 'edit');
    assert.equal(await editor.configField('token').inputValue(), '__PWRD__');
    assert.equal(await editor.page.locator('#node-config-input-token-reason').innerText(), '');
    await editor.saveConfig();
    await editor.saveNode();
    const exported = await editor.exportAll();
    assert.doesNotMatch(exported, /never-to-be-seen/);
    editor.assertQuiet();
    await editor.close();

    const fresh = await start();
    editor = await Editor.open(browser, fresh.url);
    const { page } = editor;
    await editor.importFlows(exported);
    await page.locator('.red-ui-tab', { hasText: 'Linky' }).click();
    await editor.deploy();
    await editor.openNode('read');
    await editor.openConfig('account', 'edit');
    const reason = page.locator('#node-config-input-token-reason');
    await reason.getByText('The token is missing').waitFor();
    await editor.type(editor.configField('token'), 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi');
    await reason.getByText('not whole').waitFor();
    await editor.type(editor.configField('token'), 'two words');
    await reason.getByText('one word').waitFor();
    await assertAccessible(page, '.energy-nodes-form:has(#enedis-account-state)');
    await editor.screenshot('account-import');
    // Saved as it is, it says so where the account is chosen.
    await editor.saveConfig();
    await page.locator('#node-input-account-reason').getByText('Something is wrong').waitFor();
    await editor.screenshot('read-account-wrong');
    await editor.openConfig('account', 'edit');
    await editor.type(editor.configField('token'), `Bearer ${token}`);
    assert.equal(await reason.innerText(), '');
    await page.locator('#enedis-account-test').click();
    await page.locator('[data-step="tokens"][data-ok="true"]').waitFor();
    assert.equal(await page.locator('[data-step="reachable"][data-ok="true"]').count(), 1);
    await editor.screenshot('account-token-test');
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await editor.openNode('read');
    await editor.openConfig('account', 'edit');
    await page.locator('#enedis-account-state').getByText('Linked.').waitFor();
    assert.doesNotMatch(await editor.page.content(), /never-to-be-seen/);
    editor.assertQuiet();
  });

  it('is tested and forgets only for those who may edit flows, and tells no secret', async () => {
    const nodeRed = await start({ settings: { adminAuth: users() } });
    const logIn = async (username: string) => {
      const grant = { client_id: 'node-red-admin', grant_type: 'password', scope: '', username, password: username };
      const { body } = await nodeRed.admin('POST', '/auth/token', grant);
      return { Authorization: `Bearer ${(body as { access_token: string }).access_token}` };
    };
    const [writer, reader] = [await logIn('writer'), await logIn('reader')];
    const account = { api: 'proxy', server: world.first.url, clientId: publicClient, credentials: { clientSecret } };
    await nodeRed.deploy(flowWith(account), 'full', writer);
    const fields = { id: 'account', api: 'proxy', server: world.first.url, clientId: publicClient };
    for (const [path, body] of [
      ['/enedis-account/test', fields],
      ['/enedis-account/forget/account', undefined],
      ['/device-flow/flow', undefined],
    ] as const) {
      assert.equal((await nodeRed.admin('POST', path, body)).status, 401, path);
      assert.equal((await nodeRed.admin('POST', path, body, reader)).status, 401, path);
      const { status, body: reply } = await nodeRed.admin('POST', path, body, writer);
      assert.equal(status, 200, path);
      assert.doesNotMatch(JSON.stringify(reply), /never-to-be-seen/);
    }
    assert.equal((await nodeRed.admin('GET', '/enedis-account/state/account', undefined, reader)).status, 200);
    const wrong = await nodeRed.admin('POST', '/enedis-account/test', { ...fields, server: 'p.test' }, writer);
    assert.equal(wrong.status, 400);
    assert.match((wrong.body as { error: string }).error, /^Server: enter the address/);
  });

  it('speaks the language of the server of what is wrong with its settings', async () => {
    const nodeRed = await start({ settings: { lang: 'de' }, flows: flowWith({ server: 'p.test', clientId: 'any' }) });
    const { body } = await nodeRed.admin('GET', '/enedis-account/state/account');
    const { problem } = body as { problem: { code: string; message: string } };
    assert.equal(problem.code, 'invalid_argument');
    assert.match(problem.message, /^Server: Geben Sie die Adresse ein/);
    const { status, body: reply } = await nodeRed.admin('POST', '/enedis-account/forget/nobody');
    assert.equal(status, 404);
    assert.match((reply as { error: string }).error, /nicht übernommen/);
    const fields = { id: 'new', api: 'none', server: world.first.url, clientId: 'somebody' };
    const tested = await nodeRed.admin('POST', '/enedis-account/test', fields);
    assert.match(JSON.stringify(tested.body), /antwortet\.[^]*Der Server [^]*Client/);
  });
});
