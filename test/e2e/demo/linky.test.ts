import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { fastClock } from '../equipment/clock.js';
import { DemoProcess, freePort } from './demo-process.js';
import { consumption, LinkyPages, production } from './linky-pages.js';

const owner = { name: 'Gaël Exemple', end: '9651' };
const oneDay = 86_400_000;

/** A day in France, `YYYY-MM-DD`. */
function frenchDay(daysAgo: number): string {
  const french = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });
  return french.format(Date.now() - daysAgo * oneDay);
}

describe('the Linky pages of the demo', function () {
  this.timeout(240_000);
  let browser: Browser;
  let demo: DemoProcess;
  let pages: LinkyPages;
  let code: string;
  const folder = temporaryUserDir();

  before(async () => {
    demo = new DemoProcess({ folder, port: await freePort() });
    browser = await launchBrowser();
    await demo.ready();
    pages = await LinkyPages.openConsent(browser, demo.url);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
  });

  async function restart(): Promise<void> {
    await pages.close();
    assert.equal(await demo.stop(), 0);
    demo = new DemoProcess({ folder, port: Number(new URL(demo.url).port) });
    await demo.ready();
    pages = await LinkyPages.openConsent(browser, demo.url);
  }

  it('show a code to enter, with link, QR code and the time that is left', async () => {
    await pages.phase('idle');
    await pages.screenshot('linky-1-idle');
    await pages.press('Start');
    assert.match(await pages.code(), /^[B-Z]{4}-[B-Z]{4}$/);
    assert.match(await pages.text('consent-countdown'), /^Valid for \d+:\d\d more\.$/);
    const qr = pages.page.getByAltText('QR code of the link');
    assert.ok(await qr.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0));
    await pages.screenshot('linky-2-code');
  });

  it('say what to do when somebody refuses at Enedis', async () => {
    await pages.answerAtEnedis(owner.name, 'Je refuse');
    await pages.phase('failed');
    assert.match(await pages.text('consent-problem'), /refused|denied|declined/i);
    await pages.screenshot('linky-3-refused');
  });

  it('show the same code again after a restart of Node-RED in the middle', async () => {
    await pages.press('Start again');
    code = await pages.code();
    pages.assertQuiet();
    await restart();
    assert.equal(await pages.code(), code);
  });

  it('show the meter’s charts after the consent', async () => {
    await pages.answerAtEnedis(owner.name, "J'autorise");
    await pages.phase('linked');
    assert.equal(await pages.text('consent-meters'), `Meter …${owner.end}.`);
    await pages.screenshot('linky-4-linked');
    await pages.followToCharts();
    await pages.page
      .getByTestId('meter-head')
      .filter({ hasText: /^Read$/ })
      .waitFor();
    await pages.draws('linky-energy', consumption);
    await pages.draws('linky-energy', production);
    await pages.draws('linky-power', consumption);
    await pages.draws('linky-curve', consumption);
    await pages.draws('linky-balance', consumption);
    assert.match(await pages.text('meter'), new RegExp(`…${owner.end}[^]*9 kVA`));
    await pages.screenshot('linky-5-charts');
  });

  it('show a year, and the curve of any day that somebody picks', async () => {
    const month = await pages.image('linky-energy');
    await pages.press('Year');
    await pages.changes('linky-energy', month);
    const day = pages.page.locator('#nrdb-ui-widget-linky-day input');
    // Before 8 in the morning Enedis may not have yesterday yet.
    assert.ok([frenchDay(1), frenchDay(2)].includes(await day.inputValue()), await day.inputValue());
    const newest = await pages.image('linky-curve');
    await day.fill(frenchDay(150));
    await day.press('Enter');
    await pages.changes('linky-curve', newest);
    await pages.draws('linky-curve', production);
    assert.equal(await day.inputValue(), frenchDay(150));
    await pages.screenshot('linky-6-year-and-day');
  });

  it('fit a phone', async () => {
    await pages.page.setViewportSize({ width: 390, height: 844 });
    await pages.draws('linky-energy', production);
    const overflow = await pages.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(overflow, 0, 'the page is wider than the phone');
    await pages.screenshot('linky-8-phone');
  });

  it('show the charts again after another start, without another consent', async () => {
    pages.assertQuiet();
    await restart();
    await pages.phase('linked');
    await pages.followToCharts();
    await pages.draws('linky-energy', consumption);
    pages.assertQuiet();
  });

  it('keep the code and the meter out of what the demo prints', () => {
    for (const secret of [code, '12655648759651']) assert.ok(!demo.log.includes(secret), demo.log);
    assert.doesNotMatch(demo.log, /warn|error/i);
  });
});

describe('the consent page of the demo, where nobody enters the code', function () {
  this.timeout(240_000);
  let browser: Browser;
  let demo: DemoProcess;

  before(async () => {
    demo = new DemoProcess({ folder: temporaryUserDir(), port: await freePort(), env: fastClock(40).env('real') });
    browser = await launchBrowser();
    await demo.ready();
  });
  after(async () => {
    await browser.close();
    await demo.stop();
  });

  it('shows a new code in time, and in the end what to do', async () => {
    const pages = await LinkyPages.openConsent(browser, demo.url);
    await pages.press('Start');
    const first = await pages.code();
    await pages.page.getByTestId('consent-code').filter({ hasNotText: first }).waitFor();
    await pages.phase('failed');
    const told = await pages.text('consent-problem');
    assert.match(told, /^Nobody entered the code in time\.\s+Start again, and enter the new code in time\.$/);
    await pages.screenshot('linky-7-expired');
    await pages.press('Start again');
    await pages.phase('pending');
    pages.assertQuiet();
  });
});
