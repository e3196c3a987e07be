import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { assertAccessible } from './accessibility.js';
import { Editor } from './editor.js';
import { controlFlow, configuredFlow } from './flows.js';

const state = {
  deployed: true,
  gateway: {
    serial: '12******34',
    firmware: '8.3.1598',
    partNumber: '800-00555-r03',
    metered: true,
    authentication: 'token',
  },
  token: { role: 'owner', expiresAt: Date.now() + 100 * 24 * 3600 * 1000 },
  certificate: { fingerprint: 'AA'.repeat(32), pinned: 'BB'.repeat(32), matches: false },
  problem: { code: 'certificate_changed', message: 'Another certificate is shown.', action: 'Accept it.' },
};
const found = {
  serial: '12******99',
  host: '192.168.1.40',
  addresses: ['192.168.1.40', '192.168.1.41'],
  firmware: '8.2.4345',
  current: false,
  moved: true,
};
const steps = [
  { name: 'reachable', ok: true, text: 'The gateway answers.' },
  {
    name: 'authentication',
    ok: false,
    code: 'mfa_required',
    text: 'It asks for a second factor.',
    action: 'Paste one.',
  },
  { name: 'production', ok: false, text: 'The production was not read.' },
];

describe('the dialogs of the envoy nodes, read by assistive technology,', () => {
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

  it('have nothing that axe-core finds wrong, in any state of envoy-gateway and envoy-read', async () => {
    await nodeRed.deploy(configuredFlow);
    editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    await page.route('**/envoy-gateway/state/*', (route) => route.fulfill({ json: state }));
    await page.route('**/envoy-gateway/search', (route) => route.fulfill({ json: { gateways: [found] } }));
    await page.route('**/envoy-gateway/test', (route) => route.fulfill({ json: { ...state, ok: false, steps } }));
    await editor.openNode('read');
    await editor.type(editor.field('interval'), '5');
    await assertAccessible(page);
    await editor.screenshot('axe-read');
    await editor.type(editor.field('interval'), '60');
    await editor.openConfig('gateway', 'edit');
    await page.locator('#envoy-gateway-accept-certificate').waitFor();
    await assertAccessible(page);
    await editor.type(editor.configField('host'), 'https://envoy.local');
    await page.locator('#envoy-gateway-search').click();
    await page.locator('#envoy-gateway-found button').waitFor();
    await page.locator('#envoy-gateway-advanced summary').click();
    await assertAccessible(page);
    await editor.screenshot('axe-gateway-wrong');
    await page.locator('#envoy-gateway-found button').click();
    await page.locator('#envoy-gateway-test').click();
    await page.locator('[data-step="authentication"]').waitFor();
    await assertAccessible(page);
    await editor.screenshot('axe-gateway-test');
    for (const panel of ['found', 'state', 'diagnostics-panel']) {
      const region = page.locator(`#envoy-gateway-${panel}`);
      assert.deepEqual(
        [await region.getAttribute('role'), await region.getAttribute('aria-live')],
        ['status', 'polite'],
        panel,
      );
    }
    editor.assertQuiet();
  });

  it('have nothing that axe-core finds wrong in envoy-control', async () => {
    await nodeRed.deploy(controlFlow({ command: 'grid' }));
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('control');
    await assertAccessible(editor.page);
    await editor.screenshot('axe-control');
    editor.assertQuiet();
  });
});
