import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import type { SimulatedCloud, SimulatedGateway } from '../../../simulator/index.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow } from './flows.js';
import { account, serial, startGatewayWorld, type GatewayWorld } from './gateway-world.js';

describe('an envoy flow that is exported from one Node-RED and imported into another', () => {
  let here: NodeRedProcess;
  let there: NodeRedProcess;
  let browser: Browser;
  let world: GatewayWorld;
  let cloud: SimulatedCloud;
  let gateway: SimulatedGateway;

  before(async () => {
    [here, there, browser, world] = await Promise.all([
      startNodeRed(),
      startNodeRed(),
      launchBrowser(),
      startGatewayWorld(),
    ]);
    ({ cloud, gateway } = world);
  });
  after(async () => {
    await browser.close();
    await Promise.all([here.stop(), there.stop()]);
    await world.close();
  });

  const watts = (editor: Editor) => editor.page.locator('[id="read"]').getByText(/^\d+ W$/);

  async function exported(): Promise<string> {
    const [tab, node, read] = configuredFlow;
    assert.ok(tab && node && read);
    const addresses = { host: `${gateway.host}:${gateway.port}`, cloudUrl: cloud.url, tokenUrl: cloud.url };
    const credentials = { username: account.email, password: account.password };
    await here.deploy([tab, { ...node, ...addresses, credentials }, { ...read, interval: 60 }]);
    const editor = await Editor.open(browser, here.url);
    await watts(editor).waitFor();
    const text = await editor.exportAll();
    editor.assertQuiet();
    await editor.close();
    return text;
  }

  it('carries no secret, says there what has to be entered, and works once it is', async () => {
    const text = await exported();
    assert.ok(text.includes(`${gateway.host}:${gateway.port}`));
    const secrets = [serial, account.email, account.password, 'eyJ', gateway.fingerprint];
    for (const secret of secrets) assert.ok(!text.includes(secret), secret);

    const editor = await Editor.open(browser, there.url);
    const { page } = editor;
    await editor.importFlows(text);
    await editor.tabTo('red-ui-workspace-chart');
    await page.keyboard.press('Control+]');
    await editor.deploy();
    await page.locator('[id="read"]').getByText('enter credentials').waitFor();
    await editor.screenshot('imported');
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
    await page.locator('#envoy-gateway-state').getByText('there are none').waitFor();
    assert.match(await editor.reason(editor.configField('username')), /user is missing: enter the e-mail/);
    await editor.screenshot('imported-gateway');
    await editor.type(editor.configField('username'), account.email);
    assert.match(await editor.reason(editor.configField('password')), /password is missing/);
    await editor.type(editor.configField('password'), account.password);
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await watts(editor).waitFor();
    editor.assertQuiet();
    await editor.close();
  });
});
