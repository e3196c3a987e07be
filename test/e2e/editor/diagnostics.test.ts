import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow, emptyFlow } from './flows.js';

/** Stands for what the runtime gives, which has tests of its own. */
const bundle = { package: '0.1.0', gateway: { firmware: '8.3.1598' }, replies: { '/info': '<info>…</info>' } };

describe('the diagnostics in the dialog of envoy-gateway', () => {
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

  const panel = () => editor.page.locator('#envoy-gateway-diagnostics-panel');
  const button = () => editor.page.locator('#envoy-gateway-diagnostics');
  const hint = () => editor.page.locator('#envoy-gateway-diagnostics-hint');

  async function openDeployed(reply: unknown, status = 200, locale?: string): Promise<void> {
    await nodeRed.deploy(configuredFlow);
    editor = await Editor.open(browser, nodeRed.url, locale);
    await editor.page.route('**/envoy-gateway/diagnostics/gateway', (route) => {
      assert.equal(route.request().method(), 'POST');
      return route.fulfill({ status, json: reply });
    });
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
  }

  it('are offered as a file, with a sentence on what is in it', async () => {
    await openDeployed(bundle);
    await button().click();
    await panel().getByText('you may attach it to a bug report').waitFor();
    assert.match(await panel().innerText(), /tokens.*serial numbers.*are replaced/);
    await editor.screenshot('diagnostics');
    const saving = editor.page.waitForEvent('download');
    await editor.page.locator('#envoy-gateway-diagnostics-file').click();
    const download = await saving;
    assert.match(download.suggestedFilename(), /^envoy-diagnostics-\d{4}-\d{2}-\d{2}\.json$/);
    assert.deepEqual(JSON.parse(readFileSync(await download.path(), 'utf8')), bundle);
    assert.equal(await hint().innerText(), '');
    editor.assertQuiet();
  });

  it('stay available while the connection is tested', async () => {
    await openDeployed(bundle);
    await editor.page.route('**/envoy-gateway/test', (route) => route.fulfill({ json: { ok: true, steps: [] } }));
    await editor.page.locator('#envoy-gateway-test').click();
    await button().click();
    await panel().getByText('you may attach it to a bug report').waitFor();
    editor.assertQuiet();
  });

  it('say why there are none', async () => {
    await openDeployed({ error: 'The gateway was not read yet.' }, 400);
    await button().click();
    await panel().getByText('The gateway was not read yet.').waitFor();
    assert.equal(await button().isEnabled(), true);
  });

  it('wait for a deploy, and say so', async () => {
    await nodeRed.deploy(emptyFlow);
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('read');
    await editor.openConfig('gateway', 'add');
    await hint().getByText('Deploy the gateway first').waitFor();
    assert.equal(await button().isEnabled(), false);
    await editor.screenshot('diagnostics-not-deployed');
    editor.assertQuiet();
  });

  it('speak French', async () => {
    await openDeployed(bundle, 200, 'fr-FR');
    await button().click();
    await panel().getByText("joindre à un rapport d'erreur").waitFor();
    await editor.screenshot('diagnostics-fr');
    editor.assertQuiet();
  });
});
