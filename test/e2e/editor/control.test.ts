import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { parseArgument } from '../../../lib/envoy/commands/commands.js';
import { commandNames } from '../../../lib/envoy/commands/types.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { controlFlow } from './flows.js';

type Node = Record<string, unknown>;

describe('the dialog of envoy-control', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    [nodeRed, browser] = await Promise.all([startNodeRed(), launchBrowser()]);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  afterEach(() => editor.close());

  async function openControl(properties?: Node, locale?: string): Promise<void> {
    await nodeRed.deploy(controlFlow(properties));
    editor = await Editor.open(browser, nodeRed.url, locale);
    await editor.openNode('control');
  }

  async function deployed(): Promise<Node> {
    const { body } = await nodeRed.admin('GET', '/flows');
    const found = (body as Node[]).find((node) => node['type'] === 'envoy-control');
    assert.ok(found, 'no envoy-control was deployed');
    return found;
  }

  const box = (name: string) => editor.page.locator(`#envoy-control-allow-${name}`);
  const payload = () => editor.page.locator('#envoy-control-payload');
  const isMarked = () => editor.page.locator('[id="control"] .red-ui-flow-node-error').isVisible();

  it('allows nothing by itself, and says that commands change an electrical installation', async () => {
    await openControl();
    const boxes = editor.page.locator('#envoy-control-allow input');
    const names = await boxes.evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value')));
    assert.deepEqual(names.toSorted(), [...commandNames, 'request'].toSorted());
    assert.equal(await editor.page.locator('#envoy-control-allow input:checked').count(), 0);
    assert.match(await editor.page.locator('#dialog-form').innerText(), /change an electrical installation/);
    assert.match(await payload().innerText(), /msg\.command names the command/);
    assert.equal(await isMarked(), false);
    await editor.screenshot('control-new');
    editor.assertQuiet();
  });

  it('refuses a command that is not allowed, until it is ticked', async () => {
    await openControl();
    await editor.field('command').selectOption('reserveSoc');
    assert.match(await editor.complaint(editor.field('command')), /not allowed: tick it under Allow/);
    assert.match(await editor.reason(editor.field('command')), /not allowed: tick it under Allow/);
    assert.match(await payload().innerText(), /from 0 to 100.*msg\.payload = 20/s);
    await editor.screenshot('control-not-allowed');
    await box('reserveSoc').check();
    assert.equal(await editor.complaint(editor.field('command')), '');
    assert.equal(await editor.reason(editor.field('command')), '');
    await box('reserveSoc').uncheck();
    assert.match(await editor.reason(editor.field('command')), /not allowed/);
    assert.notEqual(await editor.complaint(editor.field('command')), '');
    editor.assertQuiet();
  });

  it('keeps what was chosen, marks a node whose command is not allowed, and names it by its command', async () => {
    await openControl();
    await editor.field('command').selectOption('chargeFromGrid');
    await box('chargeFromGrid').check();
    await box('request').check();
    await editor.screenshot('control-filled');
    await editor.saveNode();
    assert.equal(await isMarked(), false);
    await editor.deploy();
    const { command, allow, name } = await deployed();
    assert.deepEqual([command, allow, name], ['chargeFromGrid', ['chargeFromGrid', 'request'], '']);
    assert.match(
      (await editor.page.locator('[id="control"] .red-ui-flow-node-label').textContent()) ?? '',
      /: chargeFromGrid$/,
    );
    await editor.openNode('control');
    assert.equal(await editor.field('command').inputValue(), 'chargeFromGrid');
    assert.equal(await box('request').isChecked(), true);
    await box('chargeFromGrid').uncheck();
    await editor.saveNode();
    await editor.page.locator('[id="control"] .red-ui-flow-node-error').waitFor();
    editor.assertQuiet();
  });

  it('forgets the ticks of a dialog that was cancelled', async () => {
    await openControl({ command: 'grid', allow: ['grid'] });
    await box('grid').uncheck();
    await editor.page.locator('#node-dialog-cancel').click();
    await editor.page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
    assert.equal(await isMarked(), false);
    await editor.openNode('control');
    assert.equal(await box('grid').isChecked(), true);
    editor.assertQuiet();
  });

  it('keeps names that it does not know, and says so', async () => {
    await openControl({ command: 'later', allow: ['later', 'grid'] });
    assert.equal(await editor.field('command').inputValue(), 'later');
    assert.match(await editor.complaint(editor.field('command')), /no such command/);
    assert.match(await editor.reason(editor.field('command')), /no such command: choose another/);
    assert.match(await editor.page.locator('#envoy-control-allow').innerText(), /Also allowed: later/);
    await box('production').check();
    await editor.saveNode();
    await editor.openNode('control');
    assert.equal(await editor.field('command').inputValue(), 'later');
    // The editor deploys a node that is marked as wrong only after a question.
    await editor.field('command').selectOption('');
    await editor.saveNode();
    await editor.deploy();
    const { command, allow } = await deployed();
    assert.deepEqual([command, allow], ['', ['grid', 'production', 'later']]);
    editor.assertQuiet();
  });

  it('takes the defaults where a flow carries no value', async () => {
    await openControl({ command: undefined, allow: undefined, name: undefined });
    assert.equal(await editor.field('command').inputValue(), '');
    assert.equal(await isMarked(), false);
    editor.assertQuiet();
  });

  it('shows for every command an example that the gateway would be sent', async () => {
    await openControl({ allow: [...commandNames] });
    for (const name of commandNames) {
      await editor.field('command').selectOption(name);
      const example = await editor.page.locator('#envoy-control-example').innerText();
      const value: unknown = JSON.parse(example.replace(/^msg\.payload = /, ''));
      assert.doesNotThrow(() => parseArgument(name, value), name);
      assert.ok((await payload().innerText()).length > example.length + 20, `${name} is explained`);
    }
    await editor.field('command').selectOption('dryContactSettings');
    await editor.screenshot('control-payload');
    editor.assertQuiet();
  });

  for (const { locale, label, help, port, title } of [
    { locale: 'en-US', label: 'envoy control', help: 'Tells an Enphase', port: 'authentication error', title: 'Allow' },
    {
      locale: 'fr-FR',
      label: 'piloter envoy',
      help: 'Commande une passerelle',
      port: "erreur d'authentification",
      title: 'Autoriser',
    },
  ]) {
    it(`speaks the language of the browser: ${locale}`, async () => {
      await openControl({ command: 'storageMode', allow: ['storageMode'] }, locale);
      const { page } = editor;
      assert.ok((await page.locator('#dialog-form').innerText()).includes(title));
      await editor.screenshot(`control-${locale}`);
      await page.locator('#node-dialog-cancel').click();
      await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
      const entry = page.locator('.red-ui-palette-node[data-palette-type="envoy-control"]');
      assert.equal((await entry.locator('.red-ui-palette-label').innerText()).replaceAll(/\s+/g, ' '), label);
      const icon = await entry.locator('.red-ui-palette-icon').getAttribute('style');
      assert.match(icon ?? '', /node-red-envoy-linky\/envoy-control\.svg/);
      await page.locator('[id="control"] .red-ui-flow-port-output').nth(1).hover();
      await page.locator('.red-ui-flow-port-tooltip').getByText(port).waitFor();
      await page.locator('[id="control"] .red-ui-flow-node').first().click();
      await page.evaluate("RED.actions.invoke('core:show-help-tab')");
      await page.locator('.red-ui-help').filter({ hasText: help }).first().waitFor();
      await editor.screenshot(`control-help-${locale}`);
      editor.assertQuiet();
    });
  }
});
