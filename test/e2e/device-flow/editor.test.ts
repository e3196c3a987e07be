import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { answer } from '../../support/account-flow.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { runningClock } from '../../support/proxy/clock.js';
import { ProxyWorld, publicClient } from '../../support/proxy-world.js';
import { Editor } from '../editor/editor.js';

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

  const status = (text: string) => editor.page.locator('[id="flow"] .red-ui-flow-node-status-label', { hasText: text });

  it('takes a person from the empty node to a linked meter, and forgets it again', async () => {
    await nodeRed.deploy(flowWith());
    editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    await editor.openNode('flow');
    assert.equal(await editor.field('attempts').inputValue(), '3');
    await editor.screenshot('flow-new');
    await editor.openConfig('account', 'add');
    await editor.type(editor.configField('server'), 'p.test');
    assert.match(await editor.complaint(editor.configField('server')), /starts with https/);
    assert.match(await editor.complaint(editor.configField('clientId')), /client id is missing/);
    await editor.screenshot('account-wrong');
    await editor.configField('api').selectOption('conso');
    assert.equal(await editor.configField('server').isVisible(), false);
    assert.equal(await editor.configField('token').isVisible(), true);
    await editor.screenshot('account-conso');
    await editor.configField('api').selectOption('proxy');
    await editor.type(editor.configField('name'), 'Linky at home');
    await editor.type(editor.configField('server'), world.first.url);
    await editor.type(editor.configField('clientId'), publicClient);
    assert.equal(await editor.complaint(editor.configField('server')), '');
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
    await editor.screenshot('flow-dialog');

    await answer(world, userCode, true);
    await panel.getByText('Linked: there is nothing to do.').waitFor();
    await notice.waitFor({ state: 'detached' });
    await page.locator('#node-dialog-cancel').click();
    await status('until').waitFor();
    await editor.screenshot('flow-linked');

    await editor.openNode('flow');
    await editor.openConfig('account', 'edit');
    const state = page.locator('#enedis-account-state');
    await state.getByText('Linked.').waitFor();
    assert.match(await state.innerText(), /…\d{4}[^]*until/);
    await editor.screenshot('account-linked');
    await page.locator('#enedis-account-forget').click();
    await page.locator('#enedis-account-forget-yes').click();
    await state.getByText('The tokens are forgotten here').waitFor();
    await editor.screenshot('account-forgotten');
    await editor.cancelConfig();
    await status('not linked').waitFor();
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
