import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { answer } from '../../support/account-flow.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { runningClock } from '../../support/proxy/clock.js';
import { ProxyWorld, publicClient } from '../../support/proxy-world.js';
import { assertAccessible } from './accessibility.js';
import { Editor } from './editor.js';

type Node = Readonly<Record<string, unknown>>;

const out = ['prompt', 'outcome', 'problem'] as const;

/** A flow of the dance; without `account` the node is as the palette makes it. */
function flowWith(account?: Node): FlowNode[] {
  const config = { id: 'account', type: 'enedis-account', name: 'Linky at home', ...account };
  const node = { id: 'flow', type: 'device-flow', z: 'tab', x: 240, y: 160, wires: out.map((each) => [each]) };
  return [
    { id: 'tab', type: 'tab', label: 'Linky' },
    { ...node, account: account ? 'account' : '' },
    ...(account ? [config] : []),
    ...out.map((id, index) => ({ id, type: 'test-output', z: 'tab', x: 500, y: 100 + 60 * index, wires: [] })),
  ];
}

describe('the editor of device-flow and enedis-account', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let world: ProxyWorld;
  let stopClock: () => void;
  let editor: Editor;

  before(async () => {
    const started = ProxyWorld.start({ settings: { limits: { requestsPerMinute: 60 } }, start: Date.now() });
    [nodeRed, browser, world] = await Promise.all([startNodeRed(), launchBrowser(), started]);
    stopClock = runningClock(world.clock, 1);
  });
  after(async () => {
    stopClock();
    await browser.close();
    await nodeRed.stop();
    await world.close();
  });
  afterEach(() => editor.close());

  const accountForm = '.energy-nodes-form:has(#enedis-account-state)';
  const state = () => editor.page.locator('#enedis-account-state');
  const testButton = () => editor.page.locator('#enedis-account-test');
  const status = (text: string) => editor.page.locator('[id="flow"] .red-ui-flow-node-status-label', { hasText: text });

  /** Presses *Test*. @returns for each step whether it went well */
  async function tested(): Promise<Record<string, string | null>> {
    const reply = editor.page.waitForResponse('**/enedis-account/test');
    await testButton().click();
    await (await reply).finished();
    await state().locator('li').first().waitFor();
    const steps = await state().locator('li').all();
    const went = steps.map(async (step) => [await step.getAttribute('data-step'), await step.getAttribute('data-ok')]);
    return Object.fromEntries(await Promise.all(went)) as Record<string, string | null>;
  }

  it('takes a person from the empty node to a linked meter, and forgets it again', async () => {
    await nodeRed.deploy(flowWith());
    editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    await editor.openNode('flow');
    assert.equal(await editor.field('attempts').inputValue(), '3');
    assert.match(await editor.reason(editor.field('account')), /choose one, or add one/);
    await editor.type(editor.field('attempts'), 'many');
    assert.match(await editor.reason(editor.field('attempts')), /whole number of codes/);
    await assertAccessible(page);
    await editor.screenshot('flow-new');
    await editor.type(editor.field('attempts'), '3');
    await editor.openConfig('account', 'add');
    await editor.type(editor.configField('server'), 'p.test');
    assert.match(await editor.complaint(editor.configField('server')), /starts with https/);
    assert.match(await editor.reason(editor.configField('server')), /starts with https/);
    assert.match(await editor.reason(editor.configField('clientId')), /client id is missing/);
    await assertAccessible(page, accountForm);
    await editor.screenshot('account-wrong');
    // What is wrong is not tried: the first such field gets the focus.
    await testButton().click();
    assert.equal(await editor.focused(), 'node-config-input-server');
    await editor.type(editor.configField('name'), 'Linky at home');
    await editor.type(editor.configField('server'), 'http://127.0.0.1:9');
    await editor.type(editor.configField('clientId'), 'somebody');
    assert.equal(await editor.reason(editor.configField('server')), '');
    assert.deepEqual(await tested(), { reachable: 'false', client: 'false', tokens: 'false' });
    assert.match(await state().innerText(), /127\.0\.0\.1:9 does not answer[^]*internet connection/);
    await editor.type(editor.configField('server'), world.first.url);
    assert.deepEqual(await tested(), { reachable: 'true', client: 'false', tokens: 'false' });
    assert.match(await state().innerText(), /does not accept this client[^]*Check the server, the client id/);
    await assertAccessible(page, accountForm);
    await editor.screenshot('account-test-fails');
    await editor.type(editor.configField('clientId'), publicClient);
    assert.deepEqual(await tested(), { reachable: 'true', client: 'true', tokens: 'false' });
    assert.match(await state().innerText(), /knows this client id[^]*deploy first/);
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await status('not linked').waitFor();

    await page.locator('[id="flow"] .red-ui-flow-node-button-button').click();
    const { userCode } = (await nodeRed.waitForMessage(({ node }) => node === 'prompt')).message['payload'] as {
      userCode: string;
    };
    const notice = page.locator('.device-flow-prompt');
    await notice.getByText(userCode).waitFor();
    assert.equal(
      await notice.locator('.device-flow-link').getAttribute('href'),
      `https://p.test/device?code=${userCode}`,
    );
    await status(userCode).waitFor();
    await editor.screenshot('flow-waiting');
    await editor.openNode('flow');
    const panel = page.locator('#device-flow-state');
    await panel.getByText(userCode).waitFor();
    await page.waitForFunction("$('#device-flow-state img')[0].naturalWidth > 0");
    const ground = await panel.locator('img').evaluate((image) => getComputedStyle(image).backgroundColor);
    assert.equal(ground, 'rgb(255, 255, 255)');
    await assertAccessible(page);
    await editor.screenshot('flow-dialog');

    await answer(world, userCode, true);
    await panel.getByText('Linked: there is nothing to do.').waitFor();
    await notice.waitFor({ state: 'detached' });
    await page.locator('#node-dialog-cancel').click();
    await status('until').waitFor();
    await editor.screenshot('flow-linked');

    await editor.openNode('flow');
    await editor.openConfig('account', 'edit');
    await state().getByText('Linked.').waitFor();
    assert.match(await state().innerText(), /…\d{4}[^]*until/);
    await assertAccessible(page, accountForm);
    await editor.screenshot('account-linked');
    assert.deepEqual(await tested(), { reachable: 'true', client: 'true', tokens: 'true' });
    assert.match(await state().innerText(), /tokens can be used[^]*…\d{4}[^]*until/);
    await assertAccessible(page, accountForm);
    await editor.screenshot('account-test');
    editor.assertQuiet();
  });

  it('is used without a mouse: start, and forget after a second thought', async () => {
    // At Enedis nobody shares the same meter twice.
    const other = await ProxyWorld.start({ start: Date.now() });
    await nodeRed.deploy(flowWith({ server: other.first.url, clientId: publicClient, api: 'proxy' }));
    editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    await editor.openNode('flow');
    await editor.tabTo('device-flow-start');
    assert.ok(await page.locator('#device-flow-start:focus-visible').isVisible());
    await editor.screenshot('flow-start-focused');
    const from = nodeRed.messages.length;
    await page.keyboard.press('Enter');
    const { message } = await nodeRed.waitForMessage(({ node }) => node === 'prompt', { from });
    const { userCode } = message['payload'] as { userCode: string };
    await page.locator('#device-flow-state').getByText(userCode).waitFor();
    assert.equal(await editor.focused(), 'device-flow-start');
    await answer(other, userCode, true);
    await page.locator('#device-flow-state').getByText('Linked').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await editor.focused(), 'node-input-btn-account-edit');
    await page.keyboard.press('Enter');
    await editor.settled('#node-config-dialog-ok');
    await state().getByText('Linked.').waitFor();
    await editor.tabTo('enedis-account-forget');
    await page.keyboard.press('Enter');
    await state().getByText('somebody has to consent again').waitFor();
    assert.equal(await editor.focused(), 'enedis-account-forget-no');
    await editor.screenshot('account-forget-asks');
    await page.keyboard.press('Enter');
    await state().getByText('Linked.').waitFor();
    assert.equal(await editor.focused(), 'enedis-account-forget');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await editor.focused(), 'enedis-account-forget-yes');
    await page.keyboard.press('Space');
    await state().getByText('The tokens are forgotten here').waitFor();
    assert.equal(await editor.focused(), 'enedis-account-test');
    await editor.screenshot('account-forgotten');
    await editor.cancelConfig();
    await status('not linked').waitFor();
    editor.assertQuiet();
    await other.close();
  });

  it('says in the dialog that a server gives no code, and what is to be done', async () => {
    await nodeRed.deploy(flowWith({ server: world.first.url, clientId: 'somebody', api: 'proxy' }));
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('flow');
    await editor.page.locator('#device-flow-start').click();
    await editor.page.locator('#device-flow-state').getByText('Check the server, the client id').waitFor();
    await editor.screenshot('flow-refused');
    editor.assertQuiet();
  });

  it('fills in a proxy of the same flows, and its client id', async () => {
    const proxy = { id: 'proxy', type: 'device-flow-proxy', z: 'tab', x: 240, y: 300, wires: [[]] };
    const fields = {
      publicUrl: 'https://example.org/linky',
      path: '/linky',
      environment: 'sandbox',
      store: 'embedded',
    };
    const credentials = { clientId: 'id-at-enedis', clientSecret: 'never-to-be-seen' };
    await nodeRed.deploy([...flowWith(), { ...proxy, ...fields, credentials }]);
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('flow');
    await editor.openConfig('account', 'add');
    const preset = editor.page.locator('#enedis-account-preset');
    await preset.selectOption({ label: 'Proxy of this Node-RED, Enedis sandbox: https://example.org/linky' });
    assert.equal(await editor.configField('server').inputValue(), 'https://example.org/linky');
    await editor.page.waitForFunction("$('#node-config-input-clientId').val() === 'id-at-enedis'");
    await editor.screenshot('account-preset');
    await preset.selectOption('elsewhere');
    assert.equal(await editor.configField('server').inputValue(), '');
    editor.assertQuiet();
  });

  for (const { locale, help, title, waiting } of [
    { locale: 'fr-FR', help: "Obtient l'accord", title: 'Compte', waiting: 'votre accord est nécessaire' },
    { locale: 'en-US', help: "Gets a person's consent", title: 'Account', waiting: 'your consent is needed' },
  ]) {
    it(`speaks the language of the browser, and shows a code to an editor that comes later: ${locale}`, async () => {
      await nodeRed.deploy(flowWith({ server: world.first.url, clientId: publicClient, api: 'proxy' }));
      assert.equal((await nodeRed.admin('POST', '/device-flow/flow')).status, 200);
      await nodeRed.waitForMessage(({ node }) => node === 'prompt', { from: nodeRed.messages.length - 1 });
      editor = await Editor.open(browser, nodeRed.url, locale);
      const { page } = editor;
      await page.locator('.device-flow-prompt').getByText(waiting).waitFor();
      await editor.openNode('flow');
      assert.ok((await page.locator('#dialog-form').innerText()).includes(title));
      await editor.screenshot(`flow-${locale}`);
      await editor.openConfig('account', 'edit');
      await page.locator('#enedis-account-advanced > summary').click();
      await editor.screenshot(`account-${locale}`);
      await editor.cancelConfig();
      await page.locator('#node-dialog-cancel').click();
      await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
      await page.locator('[id="flow"] .red-ui-flow-node').first().click();
      await page.evaluate("RED.actions.invoke('core:show-help-tab')");
      await page.locator('.red-ui-help').filter({ hasText: help }).first().waitFor();
      await editor.screenshot(`flow-help-${locale}`);
      editor.assertQuiet();
    });
  }
});
