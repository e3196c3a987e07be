import { strict as assert } from 'node:assert';
import type { Browser, Route } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow, nowhere } from './flows.js';

/** What the runtime may find; its own search has tests of its own. */
const other = {
  serial: '12******99',
  host: '192.168.1.40',
  addresses: ['192.168.1.40', '192.168.1.41'],
  firmware: '8.2.4345',
  name: 'envoy',
  current: false,
  moved: false,
};
const silent = { serial: '12******77', host: 'envoy-2.local', addresses: [], current: false, moved: false };
const moved = { ...other, serial: '12******34', host: '192.168.1.30', addresses: ['192.168.1.30'], moved: true };

describe('the search for gateways in the dialog of envoy-gateway', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    [nodeRed, browser] = await Promise.all([startNodeRed({ flows: configuredFlow }), launchBrowser()]);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  afterEach(() => editor.close());

  const panel = () => editor.page.locator('#envoy-gateway-found');
  const button = () => editor.page.locator('#envoy-gateway-search');
  const host = () => editor.configField('host');

  /** Opens the dialog of the gateway; the search is answered by `answer`. */
  async function openGateway(answer: (route: Route) => Promise<void>, locale?: string): Promise<void> {
    editor = await Editor.open(browser, nodeRed.url, locale);
    await editor.page.route('**/envoy-gateway/search', answer);
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
  }

  const finding = (gateways: readonly unknown[]) => (route: Route) => route.fulfill({ json: { gateways } });

  it('shows that it is looking, lists what it found, and takes the one that is pressed', async () => {
    let found = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (found = resolve));
    await openGateway(async (route) => {
      assert.deepEqual(route.request().postDataJSON(), { id: 'gateway' });
      await waiting;
      await finding([other, silent])(route);
    });
    await button().click();
    await panel().getByText('up to 18 seconds').waitFor();
    await panel().locator('progress').waitFor();
    assert.equal(await button().isEnabled(), false);
    await editor.screenshot('search-running');
    found();
    await panel().getByText('Gateways found').waitFor();
    const buttons = panel().locator('button');
    assert.equal(await buttons.count(), 2);
    assert.match(
      await buttons.nth(0).innerText(),
      /192\.168\.1\.40\s+envoy · firmware 8\.2\.4345 · serial number 12\*{6}99/,
    );
    assert.match(await buttons.nth(1).innerText(), /envoy-2\.local\s+announces itself, but did not answer/);
    assert.ok((await panel().innerText()).includes('Also at 192.168.1.41'));
    assert.equal(await host().inputValue(), nowhere, 'nothing is taken over before a person presses it');
    await editor.screenshot('search-found');
    await buttons.nth(0).click();
    assert.equal(await host().inputValue(), '192.168.1.40');
    await panel().getByText('192.168.1.40 taken over').waitFor();
    await editor.type(host(), '192.168.1.40:8443');
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    const { body } = await nodeRed.admin('GET', '/flows');
    const gateway = (body as Record<string, unknown>[]).find((node) => node['type'] === 'envoy-gateway');
    assert.equal(gateway?.['host'], '192.168.1.40:8443');
    editor.assertQuiet();
  });

  it('offers a gateway that moved, with words, and leaves the host alone', async () => {
    await openGateway(finding([other, moved]));
    const before = await host().inputValue();
    await button().click();
    await panel().getByText('was found at another address, 192.168.1.30').waitFor();
    assert.match(await panel().locator('button').first().innerText(), /192\.168\.1\.30/);
    assert.equal(await host().inputValue(), before);
    await editor.screenshot('search-moved');
    await panel().locator('button').first().click();
    assert.equal(await host().inputValue(), '192.168.1.30');
    editor.assertQuiet();
  });

  it('says which one is configured here already', async () => {
    await openGateway(finding([{ ...other, current: true }]));
    await button().click();
    await panel().getByText('This is the gateway that is configured here.').waitFor();
    editor.assertQuiet();
  });

  it('says what to do where nothing was found, and searches again', async () => {
    await openGateway(finding([]));
    await button().click();
    await panel().getByText('No gateway found.').waitFor();
    assert.match(await panel().innerText(), /Docker.*your router lists it/s);
    await editor.screenshot('search-nothing');
    await editor.page.unroute('**/envoy-gateway/search');
    await editor.page.route('**/envoy-gateway/search', finding([other]));
    await button().click();
    await panel().getByText('Gateways found').waitFor();
    editor.assertQuiet();
  });

  it('says why there was no search', async () => {
    await openGateway((route) => route.fulfill({ status: 400, json: { error: 'No network can be searched.' } }));
    await button().click();
    await panel().getByText('No network can be searched.').waitFor();
    await editor.page.unroute('**/envoy-gateway/search');
    await editor.page.route('**/envoy-gateway/search', (route) => route.fulfill({ status: 401, body: '' }));
    await button().click();
    await panel().getByText('status 401').waitFor();
    assert.equal(await button().isEnabled(), true);
  });

  it('never takes what a device announces for HTML', async () => {
    const evil = '<img src="nowhere" onerror="document.title=\'taken over\'">';
    await openGateway(
      finding([{ ...other, serial: evil, host: evil, addresses: [evil, `${evil}2`], firmware: evil, name: evil }]),
    );
    await button().click();
    await panel().getByText('Gateways found').waitFor();
    assert.equal(await panel().locator('img').count(), 0);
    assert.ok((await panel().locator('button').innerText()).includes(evil));
    await panel().locator('button').click();
    assert.equal(await panel().locator('img').count(), 0);
    assert.notEqual(await editor.complaint(host()), '', 'what is no address is marked as wrong');
    editor.assertQuiet();
  });

  it('ends when the dialog closes', async () => {
    let arrived = (): void => undefined;
    const asked = new Promise<void>((resolve) => (arrived = resolve));
    await openGateway(() => {
      arrived();
      return Promise.resolve();
    });
    await button().click();
    await asked;
    const failed = editor.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/search'));
    await editor.cancelConfig();
    assert.match((await failed).failure()?.errorText ?? '', /ABORTED/);
    editor.assertQuiet();
  });

  it('speaks French', async () => {
    await openGateway(finding([moved]), 'fr-FR');
    await button().click();
    await panel().getByText('a été trouvée à une autre adresse').waitFor();
    await editor.screenshot('search-moved-fr');
    editor.assertQuiet();
  });
});
