import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';

type Properties = Readonly<Record<string, unknown>>;

describe('the dialog of linky-read', () => {
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

  async function open(properties: Properties = {}, locale?: string): Promise<void> {
    const read = { id: 'read', type: 'linky-read', z: 'tab', x: 240, y: 160, account: '', wires: [[], []] };
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Linky' },
      { ...read, ...properties },
    ]);
    editor = await Editor.open(browser, nodeRed.url, locale);
    await editor.openNode('read');
  }

  const hint = () => editor.page.locator('#linky-read-range').innerText();
  const isWrong = async (property: string) => {
    const { page } = editor;
    await page.waitForFunction(() => document.querySelector('#node-input-from') !== null);
    return editor.field(property).evaluate((field) => field.classList.contains('input-error'));
  };
  const enter = async (property: string, value: string) => {
    await editor.field(property).fill(value);
    await editor.field(property).blur();
  };

  it('begins with what is new of the consumption by day, and says what a range means', async () => {
    await open();
    assert.equal(await editor.field('dataset').inputValue(), 'daily_consumption');
    assert.equal(await editor.field('emit').inputValue(), 'array');
    assert.match(await hint(), /what is new since the last read/);
    await enter('from', '-7d');
    assert.match(await hint(), /the last 7 whole days/);
    await editor.screenshot('linky-read');
  });

  it('checks days, also against one another, and the usage point', async () => {
    await open();
    for (const [property, value, wrong] of [
      ['from', '20/11/2026', true],
      ['from', '-7d', false],
      ['to', 'tomorrow', true],
      ['to', 'yesterday', false],
      ['usagePoint', '2251 6914 7142 7', true],
      ['usagePoint', '2251 6914 7142 70', false],
    ] as const) {
      await enter(property, value);
      assert.equal(await isWrong(property), wrong, `${property} ${value}`);
    }
    await enter('to', '-8d');
    assert.equal(await isWrong('from'), true);
    await editor.field('dataset').selectOption('contract');
    assert.equal(await isWrong('from'), false);
    assert.equal(await editor.field('from').isVisible(), false);
  });

  it('speaks French, and shows what was saved', async () => {
    await open({ dataset: 'consumption_load_curve', from: '-1m', emit: 'each', daily: true }, 'fr');
    assert.equal(await editor.field('dataset').inputValue(), 'consumption_load_curve');
    assert.equal(await editor.field('emit').inputValue(), 'each');
    assert.equal(await editor.field('daily').isChecked(), true);
    assert.match(await hint(), /les 7 derniers jours entiers/);
    await editor.screenshot('linky-read-fr');
  });
});
