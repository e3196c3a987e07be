import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { assertAccessible } from './accessibility.js';
import { Editor } from './editor.js';

type Node = Readonly<Record<string, unknown>>;

const secret = 'a-secret-never-to-be-seen';

/** A proxy node as the palette makes it; without `properties` nobody configured it yet. */
function flowWith(properties: Node = {}): FlowNode[] {
  const proxy = { id: 'proxy', type: 'device-flow-proxy', z: 'tab', x: 240, y: 160, wires: [[]] };
  return [
    { id: 'tab', type: 'tab', label: 'Proxy' },
    { ...proxy, ...properties },
  ];
}

describe('the dialog of device-flow-proxy', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    nodeRed = await startNodeRed();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  afterEach(() => editor.close());

  async function openProxy(properties?: Node, locale?: string): Promise<void> {
    await nodeRed.deploy(flowWith(properties));
    editor = await Editor.open(browser, nodeRed.url, locale);
    await editor.openNode('proxy');
  }

  async function deployed(): Promise<Node> {
    const { body } = await nodeRed.admin('GET', '/flows');
    const found = (body as Node[]).find((node) => node['type'] === 'device-flow-proxy');
    assert.ok(found);
    return found;
  }

  const text = (id: string) => editor.page.locator(`#device-flow-proxy-${id}`).innerText();
  const isVisible = (property: string) => editor.field(property).isVisible();
  const advanced = () => editor.page.locator('#device-flow-proxy-advanced > summary').click();

  it('shows the defaults, and the fields that the choices use', async () => {
    await openProxy();
    assert.equal(await editor.field('path').inputValue(), '/enedis');
    assert.equal(await editor.field('mode').inputValue(), 'client_credentials');
    assert.match(await text('addresses'), /With a public address/);
    assert.match(await editor.reason(editor.field('clientId')), /client id is missing/);
    assert.match(await editor.reason(editor.field('clientSecret')), /client secret is missing/);
    assert.equal(await editor.reason(editor.field('secret')), '');
    await assertAccessible(editor.page);
    for (const property of ['authorizationEndpoint', 'tokenEndpoint', 'dataEndpoint', 'mongodbUri']) {
      assert.equal(await isVisible(property), false, property);
    }
    await editor.screenshot('proxy-new');
    await advanced();
    assert.equal(await editor.field('duration').inputValue(), 'P1095D');
    assert.equal(await editor.field('rateLimit').inputValue(), '12');
    assert.equal(await text('interval'), 'Devices ask every 5 s whether the consent is there.');
    assert.equal(await isVisible('pkce'), false);
    await editor.screenshot('proxy-advanced');
    await editor.field('environment').selectOption('custom');
    assert.deepEqual(await Promise.all(['authorizationEndpoint', 'dataEndpoint'].map(isVisible)), [true, true]);
    await editor.field('mode').selectOption('authorization_code');
    assert.deepEqual(await Promise.all(['tokenEndpoint', 'dataEndpoint', 'pkce'].map(isVisible)), [true, false, true]);
    await editor.field('store').selectOption('mongodb');
    assert.equal(await isVisible('mongodbUri'), true);
    assert.match(await text('secret-hint'), /16 characters or more/);
    assert.match(await editor.reason(editor.field('mongodbUri')), /MongoDB address is missing/);
    assert.match(await editor.reason(editor.field('secret')), /MongoDB needs one/);
    await editor.type(editor.field('mongodbUri'), 'localhost:27017');
    assert.match(await editor.reason(editor.field('mongodbUri')), /starts with mongodb:/);
    await editor.type(editor.field('mongodbUri'), 'mongodb://localhost:27017/linky');
    assert.equal(await editor.reason(editor.field('mongodbUri')), '');
    await editor.type(editor.field('secret'), 'too short');
    assert.match(await editor.reason(editor.field('secret')), /too short/);
    await assertAccessible(editor.page);
    await editor.screenshot('proxy-all-wrong');
    editor.assertQuiet();
  });

  it('says at the field what is wrong and what to enter', async () => {
    await openProxy();
    const complaint = async (property: string, value: string) => {
      await editor.type(editor.field(property), value);
      return editor.reason(editor.field(property));
    };
    assert.match(await complaint('path', '/'), /Node-RED's own/);
    assert.match(await complaint('path', '/a b'), /letters, digits/);
    assert.equal(await complaint('path', '/linky'), '');
    assert.match(await complaint('publicUrl', 'example.org'), /whole address/);
    assert.equal(await complaint('publicUrl', ''), '');
    // The environment variable is replaced when the node starts.
    assert.equal(await complaint('publicUrl', '${PUBLIC_URL}'), '');
    await advanced();
    assert.match(await complaint('duration', '3 years'), /ISO 8601/);
    assert.match(await complaint('rateLimit', '0'), /from 1 to 60/);
    assert.match(await complaint('minVersion', 'latest'), /2\.3\.0/);
    assert.equal(await complaint('minVersion', 'DomoticzLinkyPlugin=2.6, Other=1'), '');
    await editor.field('environment').selectOption('custom');
    assert.match(await editor.reason(editor.field('tokenEndpoint')), /no default address/);
    await editor.screenshot('proxy-wrong');
    await editor.field('environment').selectOption('production');
    assert.equal(await editor.field('tokenEndpoint').isVisible(), false);
    editor.assertQuiet();
  });

  it('shows what to register at Enedis, keeps what was entered, and gives no secret away', async () => {
    await openProxy();
    await editor.type(editor.field('publicUrl'), 'https://example.org/enedis/');
    assert.equal(await text('redirect'), 'https://example.org/enedis/auth/redirect');
    assert.equal(await text('people'), 'https://example.org/enedis/device');
    assert.match(await text('addresses'), /at https:\/\/example\.org\/enedis\/ must reach Node-RED at \/enedis\/\./);
    await editor.type(editor.field('clientId'), 'id-of-the-application');
    await editor.type(editor.field('clientSecret'), secret);
    await editor.type(editor.field('title'), 'Linky chez nous');
    await editor.screenshot('proxy-filled');
    await editor.saveNode();
    const label = editor.page.locator('[id="proxy"] .red-ui-flow-node-label');
    assert.equal(await label.textContent(), 'enedis proxy /enedis');
    const from = nodeRed.log().length;
    await editor.deploy();
    await nodeRed.waitForLog(/Device-flow proxy at https:\/\/example\.org\/enedis/);
    assert.ok(!nodeRed.log().slice(from).includes(secret));
    const saved = await deployed();
    assert.deepEqual(
      [saved['path'], saved['publicUrl'], saved['rateLimit'], saved['title'], saved['store']],
      ['/enedis', 'https://example.org/enedis/', '12', 'Linky chez nous', 'embedded'],
    );
    assert.doesNotMatch((await editor.exportAll()) + JSON.stringify(saved), /never-to-be-seen|id-of-the-application/);
    await editor.openNode('proxy');
    assert.equal(await editor.field('clientSecret').inputValue(), '__PWRD__');
    assert.equal(await editor.field('clientId').inputValue(), 'id-of-the-application');
    editor.assertQuiet();
  });

  it('says after an import which secrets are to be entered, and serves when they were', async () => {
    const exported = flowWith({ publicUrl: 'https://example.org/enedis', path: '/moved', store: 'embedded' });
    await nodeRed.deploy([]);
    editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    await editor.importFlows(JSON.stringify(exported));
    await page.locator('.red-ui-tab', { hasText: 'Proxy' }).click();
    await editor.deploy();
    await page.locator('.red-ui-flow-node-status-label', { hasText: 'check the settings' }).waitFor();
    await editor.openNode('proxy');
    assert.match(await editor.reason(editor.field('clientSecret')), /Exports do not hold it/);
    await editor.tabTo('node-input-clientId');
    await page.keyboard.type('id-of-the-application');
    await page.keyboard.press('Tab');
    await page.keyboard.type(secret);
    await page.keyboard.press('Tab');
    assert.equal(await editor.reason(editor.field('clientId')), '');
    assert.equal(await editor.reason(editor.field('clientSecret')), '');
    await editor.saveNode();
    await editor.deploy();
    await page.locator('.red-ui-flow-node-status-label', { hasText: 'ready' }).waitFor();
    assert.equal((await nodeRed.admin('GET', '/moved/health')).status, 200);
    editor.assertQuiet();
  });

  for (const { locale, label, help, port, title } of [
    { locale: 'en-US', label: 'enedis proxy', help: 'Serves a device-flow', port: 'event', title: 'Public address' },
    { locale: 'fr-FR', label: 'proxy enedis', help: 'Sert un proxy', port: 'événement', title: 'Adresse publique' },
  ]) {
    it(`speaks the language of the browser: ${locale}`, async () => {
      await openProxy({ publicUrl: 'https://example.org/enedis', store: 'mongodb', environment: 'custom' }, locale);
      const { page } = editor;
      assert.ok((await page.locator('#dialog-form').innerText()).includes(title));
      await advanced();
      await editor.screenshot(`proxy-${locale}`);
      await page.locator('#node-dialog-cancel').click();
      await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
      const entry = page.locator('.red-ui-palette-node[data-palette-type="device-flow-proxy"]');
      assert.equal((await entry.locator('.red-ui-palette-label').innerText()).replaceAll(/\s+/g, ' '), label);
      const icon = await entry.locator('.red-ui-palette-icon').getAttribute('style');
      assert.match(icon ?? '', /node-red-envoy-linky\/device-flow-proxy\.svg/);
      await page.locator('[id="proxy"] .red-ui-flow-port-output').first().hover();
      await page.locator('.red-ui-flow-port-tooltip').getByText(port).waitFor();
      await page.locator('[id="proxy"] .red-ui-flow-node').first().click();
      await page.evaluate("RED.actions.invoke('core:show-help-tab')");
      await page.locator('.red-ui-help').filter({ hasText: help }).first().waitFor();
      await editor.screenshot(`proxy-help-${locale}`);
      editor.assertQuiet();
    });
  }
});
