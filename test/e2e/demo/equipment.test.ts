import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { startCloud, startGateway, type SimulatedCloud, type SimulatedGateway } from '../../../simulator/index.js';
import { launchBrowser } from '../../support/browser.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { Dashboard } from './dashboard.js';
import { DemoProcess, freePort } from './demo-process.js';

const email = 'owner@example.com';
const password = 'right-password';
const serial = '122600000078';

describe('the dashboard of the demo, reading a gateway that has neither meters nor batteries', function () {
  this.timeout(180_000);
  let cloud: SimulatedCloud;
  let gateway: SimulatedGateway;
  let demo: DemoProcess;
  let browser: Browser;

  before(async () => {
    cloud = await startCloud({ tls: false, accounts: [{ email, password, serials: [serial] }] });
    gateway = await startGateway({ serial, inverters: 8, metered: false, cloud, startAt: 13 });
    const env = {
      ENVOY_HOST: `${gateway.host}:${gateway.port}`,
      ENVOY_USERNAME: email,
      ENVOY_PASSWORD: password,
      ENVOY_CLOUD_URL: cloud.url,
      ENVOY_TOKEN_URL: cloud.url,
    };
    demo = new DemoProcess({ folder: temporaryUserDir(), port: await freePort(), env });
    await demo.ready();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await demo.stop();
    await gateway.close();
    await cloud.close();
  });

  for (const [name, width] of [
    ['a desktop', 1280],
    ['a phone', 390],
  ] as const) {
    it(`shows what there is and nothing else, on ${name}`, async () => {
      const dashboard = await Dashboard.open(browser, demo.url, { width, height: 844 });
      await dashboard.production();
      await dashboard.cards('Production now', 'Grid and energy', 'Today', 'Inverters', 'Gateway');
      await dashboard.state(/^Connected$/);
      await dashboard.page.getByTestId('grid-watts').waitFor({ state: 'hidden' });
      const energy = dashboard.page.locator('.envoy-energy tbody tr');
      await energy.nth(1).waitFor({ state: 'detached' });
      assert.match(await energy.innerText(), /^Produced/);
      const overflow = await dashboard.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.equal(overflow, 0);
      await dashboard.screenshot(`dashboard-standard-${width}`);
      dashboard.assertQuiet();
      await dashboard.close();
    });
  }
});
