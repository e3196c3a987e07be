import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow, controlFlow, nowhere } from './flows.js';
import { findMisfits } from './misfits.js';

interface Catalog {
  readonly label: Readonly<Record<string, string>>;
  readonly diagnostics: Readonly<Record<string, string>>;
  readonly status: { readonly failure: Readonly<Record<string, string>> };
  readonly failure: Readonly<Record<string, string>>;
}

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
};

function catalog(language: string, type: string): Catalog {
  return JSON.parse(readFileSync(`locales/${language}/${type}.json`, 'utf8')) as Catalog;
}

describe('the dialogs of the envoy nodes in the languages of their users', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    [nodeRed, browser] = await Promise.all([startNodeRed({ settings: { lang: 'de' } }), launchBrowser()]);
    const [, , ...control] = controlFlow({ command: 'grid', y: 260 });
    await nodeRed.deploy([...configuredFlow, ...control]);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  afterEach(() => editor.close());

  for (const [locale, language] of [
    ['en-US', 'en-US'],
    ['fr-FR', 'fr'],
    ['de-DE', 'de'],
    ['nl-NL', 'nl'],
    ['es-ES', 'es'],
    ['it-IT', 'it'],
  ] as const) {
    it(`say all in ${locale}, and nothing is cut`, async () => {
      editor = await Editor.open(browser, nodeRed.url, locale);
      const { page } = editor;
      await page.route('**/envoy-gateway/state/*', (route) => route.fulfill({ json: state }));
      const labels = async () => (await page.locator('.energy-nodes-form:visible label').allInnerTexts()).join('\n');
      await editor.openNode('control');
      await editor.screenshot(`control-${locale}`);
      assert.deepEqual(await findMisfits(page), [], 'control');
      assert.ok((await labels()).includes(catalog(language, 'envoy-control').label['allow'] ?? '-'));
      await page.locator('#node-dialog-cancel').click();
      await page.locator('#node-dialog-cancel').waitFor({ state: 'detached' });

      await editor.openNode('read');
      await editor.type(editor.field('interval'), '5');
      await editor.screenshot(`read-${locale}`);
      assert.deepEqual(await findMisfits(page), [], 'read');
      assert.ok((await labels()).includes(catalog(language, 'envoy-read').label['datasets'] ?? '-'));

      await editor.openConfig('gateway', 'edit');
      await page.locator('#envoy-gateway-accept-certificate').waitFor();
      const texts = catalog(language, 'envoy-gateway');
      assert.ok((await labels()).includes(texts.label['host'] ?? '-'));
      await editor.screenshot(`gateway-${locale}`);
      await page.locator('#envoy-gateway-advanced summary').click();
      await editor.screenshot(`gateway-more-${locale}`);
      assert.deepEqual(await findMisfits(page), [], 'gateway');
      editor.assertQuiet();
    });
  }

  it('come with failures in the language of Node-RED itself: German here', async () => {
    editor = await Editor.open(browser, nodeRed.url, 'de-DE');
    const unknown = await nodeRed.admin('POST', '/envoy-gateway/diagnostics/nowhere', {});
    const gateway = catalog('de', 'envoy-gateway');
    assert.deepEqual([unknown.status, unknown.body], [404, { error: gateway.diagnostics['notDeployed'] }]);
    const [tab, node, read] = configuredFlow;
    assert.ok(tab && node && read);
    await nodeRed.deploy([tab, node, { ...read, interval: 60 }]);
    const { failure } = catalog('de', 'envoy-read').status;
    await editor.page
      .locator('[id="read"]')
      .getByText(failure['gateway_unreachable'] ?? '-')
      .waitFor();
    const message = (gateway.failure['gateway_unreachable'] ?? '-').replace('__host__', nowhere);
    await nodeRed.waitForLog(new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    editor.assertQuiet();
  });
});
