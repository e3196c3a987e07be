import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { assertAccessible } from './accessibility.js';
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
    assert.match(await editor.reason(editor.field('account')), /choose one, or add one/);
    await assertAccessible(editor.page);
    await editor.screenshot('linky-read');
    editor.assertQuiet();
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
    assert.match(await editor.reason(editor.field('from')), /before that of "To"/);
    await enter('usagePoint', '2251');
    assert.match(await editor.reason(editor.field('usagePoint')), /14 digits/);
    await assertAccessible(editor.page);
    await editor.screenshot('linky-read-wrong');
    await editor.field('dataset').selectOption('contract');
    assert.equal(await isWrong('from'), false);
    assert.equal(await editor.field('from').isVisible(), false);
    editor.assertQuiet();
  });

  it('is filled, saved and deployed by the keyboard, and shows what was saved', async () => {
    await open();
    const { page } = editor;
    await editor.tabTo('node-input-dataset');
    await page.keyboard.press('ArrowDown');
    await editor.tabTo('node-input-from');
    await page.keyboard.type('-2w');
    await editor.tabTo('node-input-daily');
    await page.keyboard.press('Space');
    await editor.tabTo('node-dialog-ok', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+d');
    // Node-RED asks, since no account is chosen.
    await page.locator('.red-ui-notification button', { hasText: 'Confirm deploy' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.red-ui-notification', { hasText: 'Successfully deployed' }).waitFor();
    const { body } = await nodeRed.admin('GET', '/flows');
    const saved = (body as Properties[]).find(({ id }) => id === 'read');
    assert.deepEqual([saved?.['dataset'], saved?.['from'], saved?.['daily']], ['production_load_curve', '-2w', true]);
    await editor.openNode('read');
    assert.equal(await editor.field('from').inputValue(), '-2w');
    editor.assertQuiet();
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
