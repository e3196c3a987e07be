import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { Editor } from '../editor/editor.js';
import { picture } from './dashboard.js';
import { DemoProcess, freePort } from './demo-process.js';
import { DemoDevice } from './device.js';

const owner = { name: 'Gaël Exemple', usagePoint: '12655648759651' };

describe('the device-flow proxy of the demo', function () {
  this.timeout(240_000);
  let browser: Browser;
  let demo: DemoProcess;
  let device: DemoDevice;
  const folder = temporaryUserDir();

  before(async () => {
    demo = new DemoProcess({ folder, port: await freePort() });
    browser = await launchBrowser();
    await demo.ready();
    device = new DemoDevice(`${demo.url}/enedis`);
  });
  after(async () => {
    await browser.close();
    await demo.stop();
  });

  async function openPage(): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1000, height: 900 } });
    return context.newPage();
  }

  it('is told of at the start', () => {
    assert.match(demo.log, new RegExp(`^Linky proxy +${demo.url}/enedis$`, 'm'));
    assert.doesNotMatch(demo.log, /warn|error/i);
  });

  it('is explained on a tab of its own, with the line that asks for a code; each step of the dance is a message', async () => {
    const editor = await Editor.open(browser, demo.url);
    await editor.page.locator('.red-ui-tab-label', { hasText: 'Device-flow proxy' }).click();
    const proxy = editor.page.locator('[id="linky-demo-proxy"]');
    await proxy.filter({ hasText: 'ready' }).waitFor();
    await editor.page.getByText('curl -s http://127.0.0.1:1880/enedis/device/code -d client_id=demo-client').waitFor();
    await editor.page.keyboard.press('Control+g');
    await editor.page.keyboard.press('d');
    await device.begin();
    await editor.page.locator('.red-ui-debug-msg').filter({ hasText: 'device-flow-proxy/issued' }).waitFor();
    await proxy.filter({ hasText: '1 pending' }).waitFor();
    await editor.screenshot('demo-proxy-tab');
    editor.assertQuiet();
    await editor.close();
  });

  it('lets a device read a meter once its owner has consented at the simulated Enedis', async () => {
    const { deviceCode, link, userCode } = await device.begin();
    assert.equal((await device.poll(deviceCode))['error'], 'authorization_pending');
    const page = await openPage();
    await page.goto(`${demo.url}/enedis`);
    await picture(page, 'demo-proxy-landing');
    await page.goto(link);
    assert.equal(await page.getByLabel('Code').inputValue(), userCode);
    await picture(page, 'demo-proxy-code');
    await page.getByRole('button', { name: 'The code is the same' }).click();
    await page.getByRole('heading', { level: 1, name: 'Partager mes données' }).waitFor();
    await page.getByText(owner.name).click();
    await picture(page, 'demo-proxy-enedis');
    await page.getByRole('button', { name: "J'autorise" }).click();
    await page.getByRole('heading', { level: 1, name: 'Done' }).waitFor();
    await picture(page, 'demo-proxy-done');
    assert.ok(page.url().startsWith(`${demo.url}/enedis/`), page.url());
    await page.context().close();
    await device.awaitTokens(deviceCode);
    assert.equal(device.usagePoint, owner.usagePoint);
    const { date, value } = await device.readDay();
    assert.equal(date, device.day);
    assert.ok(Number(value) > 0, String(value));
  });

  it('serves the same device after another start, from the same meter', async () => {
    const earlier = await device.readDay();
    assert.equal(await demo.stop(), 0);
    demo = new DemoProcess({ folder, port: Number(new URL(demo.url).port) });
    await demo.ready();
    assert.deepEqual(await device.readDay(), earlier);
  });

  it('keeps the secrets of the dance out of what it prints', () => {
    for (const secret of device.secrets) assert.ok(!demo.log.includes(secret), demo.log);
  });
});
