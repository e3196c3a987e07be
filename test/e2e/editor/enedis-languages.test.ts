import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { findMisfits } from './misfits.js';

const place = { z: 'tab', x: 240 };
const flow = [
  { id: 'tab', type: 'tab', label: 'Linky' },
  {
    id: 'account',
    type: 'enedis-account',
    name: 'Linky',
    api: 'proxy',
    server: 'https://example.org/enedis',
    clientId: 'id',
  },
  { id: 'read', type: 'linky-read', ...place, y: 100, account: 'account', wires: [[], []] },
  { id: 'flow', type: 'device-flow', ...place, y: 200, account: 'account', wires: [[], [], []] },
  {
    id: 'proxy',
    type: 'device-flow-proxy',
    ...place,
    y: 300,
    publicUrl: 'https://example.org/enedis',
    environment: 'custom',
    store: 'mongodb',
    wires: [[]],
  },
];

describe('the dialogs of the Linky nodes, in other languages,', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;

  before(async () => {
    [nodeRed, browser] = await Promise.all([startNodeRed({ flows: flow }), launchBrowser()]);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });

  for (const { locale, test, start } of [
    { locale: 'fr-FR', test: 'Tester', start: 'Démarrer' },
    { locale: 'de-DE', test: 'Testen', start: 'Starten' },
    { locale: 'nl-NL', test: 'Testen', start: 'Starten' },
    { locale: 'es-ES', test: 'Probar', start: 'Iniciar' },
    { locale: 'it-IT', test: 'Prova', start: 'Avvia' },
  ]) {
    it(`have their texts, and room for them: ${locale}`, async () => {
      const editor = await Editor.open(browser, nodeRed.url, locale);
      const { page } = editor;
      const check = async (name: string) => {
        await page.locator('.energy-nodes-form details').evaluateAll((folded) => {
          for (const each of folded) each.setAttribute('open', '');
        });
        await editor.screenshot(`${name}-${locale}`);
        assert.deepEqual(await findMisfits(page), [], name);
      };
      try {
        for (const id of ['proxy', 'read', 'flow']) {
          await editor.openNode(id);
          await check(id);
          if (id === 'flow') break;
          await page.locator('#node-dialog-cancel').click();
          await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
        }
        assert.equal((await page.locator('#device-flow-start').innerText()).trim(), start);
        await editor.openConfig('account', 'edit');
        assert.equal((await page.locator('#enedis-account-test').innerText()).trim(), test);
        await check('account');
        editor.assertQuiet();
      } finally {
        await editor.close();
      }
    });
  }
});
