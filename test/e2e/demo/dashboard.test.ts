import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { startCloud, startGateway, type SimulatedCloud, type SimulatedGateway } from '../../../simulator/index.js';
import { launchBrowser } from '../../support/browser.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { Dashboard } from './dashboard.js';
import { DemoProcess, freePort } from './demo-process.js';

const email = 'owner@example.com';
const password = 'right-password';
const serial = '122600000077';
const inverters = 14;

describe('the dashboard of the demo, reading the gateway that the environment names', function () {
  this.timeout(180_000);
  let cloud: SimulatedCloud;
  let gateway: SimulatedGateway;
  let demo: DemoProcess;
  let browser: Browser;
  let dashboard: Dashboard;

  before(async () => {
    cloud = await startCloud({ tls: false, accounts: [{ email, password, serials: [serial] }] });
    gateway = await startGateway({ serial, inverters, cloud, startAt: 13, detailedInverters: true });
    demo = new DemoProcess({
      folder: temporaryUserDir(),
      port: await freePort(),
      env: {
        ENVOY_HOST: `${gateway.host}:${gateway.port}`,
        ENVOY_USERNAME: email,
        ENVOY_PASSWORD: password,
        ENVOY_CLOUD_URL: cloud.url,
        ENVOY_TOKEN_URL: cloud.url,
      },
    });
    await demo.ready();
    browser = await launchBrowser();
    dashboard = await Dashboard.open(browser, demo.url);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
    await gateway.close();
    await cloud.close();
  });

  it('shows watts that change, all inverters and the state of the gateway', async () => {
    const first = await dashboard.production();
    assert.notEqual(await dashboard.production(first), first);
    const rows = await dashboard.inverters();
    assert.equal(rows.length, inverters);
    for (const row of rows) assert.match(row.join(' '), /^\d{12} \d+ \d+ \d\d:\d\d$/);
    await dashboard.state(/^Connected$/);
    assert.equal(await dashboard.leftOut(), 'nothing');
    assert.equal(cloud.logins, 1);
    await dashboard.screenshot('dashboard');
  });

  it('has no card for a battery that is not there', async () => {
    await dashboard.cards('Production now', 'Consumption now', 'Grid and energy', 'Today', 'Inverters', 'Gateway');
    assert.ok(await dashboard.page.getByTestId('grid-watts').isVisible());
  });

  it('fits a phone', async () => {
    const phone = await Dashboard.open(browser, demo.url, { width: 390, height: 844 });
    await phone.production();
    await phone.inverters();
    const overflow = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(overflow, 0, 'the page is wider than the phone');
    await phone.screenshot('dashboard-phone');
    phone.assertQuiet();
    await phone.close();
  });

  it('signs in once more when the button is pressed', async () => {
    await dashboard.pressReauthenticate();
    await dashboard.notification('Signed in again.');
    assert.equal(cloud.logins, 2);
  });

  it('says what to do when the password is refused, and recovers when it is right again', async () => {
    cloud.setPassword(email, 'another-password');
    await dashboard.pressReauthenticate();
    const told = await dashboard.notification('rejected');
    assert.match(told, /The user or the password was rejected\.\s+Correct the user and the password/);
    await dashboard.state(/The user or the password was rejected\./);
    await dashboard.screenshot('dashboard-rejected');
    assert.equal(cloud.logins, 3);
    cloud.setPassword(email, password);
    await dashboard.pressReauthenticate();
    await dashboard.state(/^Connected$/);
    assert.equal(cloud.logins, 4);
  });

  it('reported no error in the browser, asked nobody else, and Node-RED kept the secrets to itself', () => {
    dashboard.assertQuiet();
    assert.ok(!demo.log.includes(password), demo.log);
  });
});
