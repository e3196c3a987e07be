import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import { dayAt } from '../../../simulator/enedis/model/paris.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { LinkyPages } from '../demo/linky-pages.js';
import { Editor } from '../editor/editor.js';
import { deployReady, flowOf, proxyNode } from '../proxy/visitor.js';
import { violationsWithin } from './accessible.js';
import { cardTitled, pointedAt } from './charts.js';
import { debugMessage, showDebug } from './debug.js';
import { newHome } from './new-home.js';
import { Phone } from './phone.js';
import { importExample, installPackage, nodeNamed, openDialog, press, showTab } from './steps.js';

const packageFolder = '@energy-nodes/node-red-envoy-linky';
const resident = { name: 'Gaël Exemple', meter: '12655648759651' };
const stranger = { name: 'Alix Exemple' };
const oneDay = 86_400_000;
/**
 * Dashboard 2.0's field for a date has its label twice, of which one is hidden from screen readers: axe-core takes the
 * hidden one for the only one. Its frame, with menu and title bar, lies outside of the cards.
 */
const foreign = ['.nrdb-ui-text-input'];

describe('the journey of a new Linky owner, from an empty user directory', function () {
  this.timeout(240_000);
  const userDir = temporaryUserDir();
  const home = newHome();
  let enedis: SimulatedEnedis;
  let operator: NodeRedProcess;
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;
  let pages: LinkyPages;
  /** What somebody who runs a proxy tells people: its address and the client id. */
  let server: string;
  const codes: string[] = [];

  before(async () => {
    [enedis, operator, browser] = await Promise.all([startEnedis(), startNodeRed(), launchBrowser()]);
    // Not beside the first one: where sources changed it builds the package, which the second one finds done.
    nodeRed = await startNodeRed({ ...home, userDir });
    server = `${operator.url}/linky`;
    enedis.setRedirectUrl(`${server}/auth/redirect`);
    const proxy = proxyNode(enedis, 'linky', { publicUrl: server, rateLimit: 60 });
    await deployReady(operator, flowOf(proxy), 'linky');
    editor = await Editor.open(browser, nodeRed.url);
  });
  after(async () => {
    await browser.close();
    await Promise.all([nodeRed.stop(), operator.stop()]);
    await enedis.close();
  });

  /** Chooses the account in the dialog of a node. */
  async function chooseAccount(name: string): Promise<void> {
    await openDialog(editor, nodeNamed(editor, name));
    await editor.field('account').selectOption({ label: 'Linky' });
    await editor.saveNode();
  }

  /** Somebody picks up a phone, opens the link of the code on it and answers at Enedis. @returns the page at the end */
  async function answer(url: string, code: string, person: string, consents: boolean): Promise<Phone> {
    const phone = await Phone.open(browser, url);
    await phone.confirm(code);
    await phone.answerAtEnedis(person, consents);
    return phone;
  }

  it('installs the package with the palette manager', async () => {
    await installPackage(editor);
    editor.assertQuiet();
  });

  it('imports the dashboard, enters its account once, and deploys', async () => {
    await importExample(editor, packageFolder, 'dashboard', 'Linky dashboard');
    await showTab(editor, 'Linky');
    await editor.screenshot('linky-04-imported');
    await openDialog(editor, nodeNamed(editor, 'Linky consent'));
    await editor.openConfig('account', 'edit');
    await editor.type(editor.configField('server'), server);
    await editor.type(editor.configField('clientId'), enedis.application.clientId);
    await editor.screenshot('linky-05-account');
    await editor.saveConfig();
    await editor.saveNode();
    // There is no Envoy in this house.
    await nodeNamed(editor, 'Envoy').locator('.red-ui-flow-node').first().click();
    await editor.page.keyboard.press('Delete');
    await nodeNamed(editor, 'Envoy').waitFor({ state: 'detached' });
    await editor.deploy();
    await editor.page.locator('.red-ui-flow-node-status-label').getByText('not linked').first().waitFor();
    await editor.screenshot('linky-06-deployed');
    editor.assertQuiet();
  });

  it('gets a code on the dashboard, and consents on a phone', async () => {
    pages = await LinkyPages.openConsent(browser, nodeRed.url);
    await pages.phase('idle');
    await pages.press('Start');
    const code = await pages.code();
    codes.push(code);
    const qr = pages.page.getByAltText('QR code of the link');
    assert.ok(await qr.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0));
    assert.deepEqual(await violationsWithin(pages.page, '.nrdb-ui-group', foreign), []);
    await pages.screenshot('linky-07-code');
    const link = await pages.page.getByTestId('consent-link').getAttribute('href');
    assert.ok(link);
    assert.ok(link.startsWith(`${server}/`), link);
    const phone = await answer(link, code, resident.name, true);
    await phone.says('Done');
    await phone.close();
    await pages.phase('linked');
    assert.equal(await pages.text('consent-meters'), `Meter …${resident.meter.slice(-4)}.`);
    assert.deepEqual(await violationsWithin(pages.page, '.nrdb-ui-group', foreign), []);
    await pages.screenshot('linky-08-linked');
    pages.assertQuiet();
  });

  it('sees in the charts what the meter measured', async () => {
    await pages.followToCharts();
    await seesTheChart();
    const { page } = pages;
    await pages.press('Year');
    const { label, days } = wholeMonth();
    const said = await pointedAt(cardTitled(page, 'Energy'), label);
    assert.deepEqual(said.slice(1), truthOf(label, days));
    assert.deepEqual(await violationsWithin(page, '.nrdb-ui-group', foreign), []);
    await pages.screenshot('linky-09-year');
    await pages.press('Month');
    await page.setViewportSize({ width: 390, height: 844 });
    await seesTheChart();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
    await pages.screenshot('linky-10-phone');
    pages.assertQuiet();
  });

  it('is linked and has its charts after a restart of Node-RED, too', async () => {
    await pages.close();
    await editor.close();
    await nodeRed.stop();
    const asked = enedis.log.count();
    const port = nodeRed.port;
    nodeRed = await startNodeRed({ ...home, userDir, settings: { ...home.settings, uiPort: port } });
    pages = await LinkyPages.openConsent(browser, nodeRed.url);
    await pages.phase('linked');
    await pages.followToCharts();
    await seesTheChart();
    assert.equal(enedis.log.count(), asked, 'what is known was asked for once more');
    await pages.screenshot('linky-11-restarted');
    pages.assertQuiet();
  });

  it('sees that somebody else refused, and keeps the meter that is linked', async () => {
    await pages.page.goto(`${nodeRed.url}/dashboard/linky-consent`);
    await pages.press('Consent anew');
    const code = await pages.code();
    codes.push(code);
    const link = await pages.page.getByTestId('consent-link').getAttribute('href');
    const phone = await answer(link ?? '', code, stranger.name, false);
    await phone.says('Consent refused');
    await phone.screenshot('linky-12-refused-phone');
    await phone.close();
    await pages.phase('failed');
    assert.match(await pages.text('consent-problem'), /refused[^]*Start again, and agree at Enedis\./);
    assert.deepEqual(await violationsWithin(pages.page, '.nrdb-ui-group', foreign), []);
    await pages.screenshot('linky-13-refused');
    await pages.page.goto(`${nodeRed.url}/dashboard/linky`);
    await seesTheChart();
    pages.assertQuiet();
  });

  it('imports the example without a dashboard, and finds the code in the debug sidebar', async () => {
    editor = await Editor.open(browser, nodeRed.url);
    await importExample(editor, packageFolder, '09 - Consent for a Linky meter');
    await showTab(editor, 'Consent for a Linky meter');
    await chooseAccount('Linky');
    await editor.deploy();
    await showDebug(editor);
    await press(nodeNamed(editor, 'start'));
    const told = await (await debugMessage(editor, 'code and link')).innerText();
    const [code = ''] = /[B-Z]{4}-[B-Z]{4}/.exec(told) ?? [];
    assert.ok(told.includes(`Open ${server}/device and enter ${code}`), told);
    codes.push(code);
    await editor.screenshot('linky-14-example');
    await press(nodeNamed(editor, 'cancel'));
    editor.assertQuiet();
  });

  it('kept the secrets to itself', async () => {
    const seen = [
      await editor.exportAll(),
      nodeRed.log(),
      operator.log(),
      await editor.page.content(),
      await pages.page.content(),
    ].join('\n');
    for (const secret of [enedis.application.clientSecret, resident.meter]) assert.ok(!seen.includes(secret), secret);
    for (const code of codes) assert.ok(!nodeRed.log().includes(code) && !operator.log().includes(code));
    assert.doesNotMatch(nodeRed.log(), /\[(warn|error)\] \[/);
  });

  async function seesTheChart(): Promise<void> {
    const head = pages.page.getByTestId('meter-head');
    await head.filter({ hasText: /^Read$/ }).waitFor();
    const said = await pointedAt(cardTitled(pages.page, 'Energy'), /Consumption[^]*Production/);
    assert.deepEqual(said.slice(1), truthOf(said[0] ?? ''));
  }

  /** What the chart should say of a day or a month, a line each. */
  function truthOf(label: string, days: readonly string[] = daysCalled(label)): string[] {
    const sum = (what: 'consumption' | 'production') =>
      days.reduce((all, day) => all + enedis.measured(resident.meter, day)[what].energy, 0);
    const shown = (wattHours: number) => (Math.round(wattHours / 10) / 100).toLocaleString('en-US');
    return ['Consumption', shown(sum('consumption')), 'Production', shown(sum('production'))];
  }
});

/** The days of the last month that a chart calls so, such as `21 Nov`. */
function daysCalled(label: string): string[] {
  const name = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'Europe/Paris' });
  const times = Array.from({ length: 33 }, (_value, ago) => Date.now() - ago * oneDay);
  const found = times.filter((time) => name.format(time) === label);
  assert.equal(found.length, 1, label);
  return found.map(dayAt);
}

/** The month before the last one, of which all days are known, and what a chart calls it. */
function wholeMonth(): { readonly label: string; readonly days: readonly string[] } {
  const [year = 0, month = 0] = dayAt(Date.now()).split('-').map(Number);
  const first = Date.UTC(year, month - 3, 1);
  const after = Date.UTC(year, month - 2, 1);
  const name = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const days = Array.from({ length: (after - first) / oneDay }, (_value, index) =>
    new Date(first + index * oneDay).toISOString().slice(0, 10),
  );
  return { label: name.format(first), days };
}
