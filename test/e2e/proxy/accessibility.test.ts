import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { english } from '../../../lib/proxy/pages/texts/en.js';
import { french } from '../../../lib/proxy/pages/texts/fr.js';
import { launchBrowser } from '../../support/browser.js';
import { picture } from '../demo/dashboard.js';
import { PublicProxy } from '../device-flow/public-proxy.js';
import { violationsWithin } from '../journey/accessible.js';

/** Wrong codes that one address may enter in the test. */
const wrongCodes = 4;

/** Everything that an operator may put on the pages. */
const page = {
  title: 'Linky chez nous',
  operator: 'Association Exemple',
  legalNotice: 'Association Exemple\n1 rue des Exemples, 00000 Exempleville',
  contact: 'mailto:linky@example.org',
};

const looks = [320, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));

for (const { language, texts, customers, address } of [
  { language: 'fr', texts: french, customers: ['consumption', 'self-consumption'], address: '10.9.0.1' },
  { language: 'en', texts: english, customers: ['production', 'newcomer'], address: '10.9.0.2' },
]) {
  describe(`the pages of the proxy, to everybody: ${language}`, function () {
    this.timeout(120_000);
    let proxy: PublicProxy;
    let browser: Browser;
    let context: BrowserContext;
    let tab: Page;

    before(async () => {
      const settings = { page, limits: { wrongCodesPerTenMinutes: wrongCodes } };
      [proxy, browser] = await Promise.all([PublicProxy.start({ settings }), launchBrowser()]);
      context = await browser.newContext({
        locale: language === 'fr' ? 'fr-FR' : 'en-US',
        extraHTTPHeaders: { 'x-forwarded-for': address },
      });
      tab = await context.newPage();
    });
    after(async () => {
      await browser.close();
      await proxy.close();
    });

    const open = (path: string) => tab.goto(new URL(path, proxy.settings.server).href);
    const press = (name: string) => tab.getByRole('button', { name, exact: true }).click();

    /** Looks at the page that is shown, narrow and wide, light and dark: nothing in the way, nothing cut off. */
    async function isOpenToAll(heading: string, name: string): Promise<void> {
      await tab.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      assert.equal(await tab.locator('html').getAttribute('lang'), language);
      for (const { width, scheme } of looks) {
        await tab.setViewportSize({ width, height: 800 });
        await tab.emulateMedia({ colorScheme: scheme });
        const look = `${name}, ${width} px, ${scheme}`;
        assert.deepEqual(await violationsWithin(tab), [], look);
        const over = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${look}: ${over} px too wide`);
        await picture(tab, `proxy-${language}-${name}-${width}-${scheme}`);
      }
    }

    /** Enters a code that waits, and goes on to Enedis. */
    async function goToEnedis(): Promise<void> {
      const { userCode } = await proxy.world.begin();
      await open(`/device?code=${userCode}`);
      await press(texts.device.actionKnown('Enedis'));
    }

    /** Answers on the consent page of Enedis. */
    async function answer(customer: string, decision: "J'autorise" | 'Je refuse'): Promise<void> {
      await tab.getByText(proxy.world.enedis.customer(customer).name).first().click();
      await tab.getByRole('button', { name: decision }).click();
    }

    it('what it is, and where a code is entered', async () => {
      await open('/');
      await isOpenToAll(page.title, 'landing');
      await open('/device');
      await isOpenToAll(texts.device.heading, 'code');
    });

    it('a code that is confirmed', async () => {
      const { userCode } = await proxy.world.begin();
      await open(`/device?code=${userCode}`);
      await tab.getByText(texts.device.compare).waitFor();
      await isOpenToAll(texts.device.heading, 'confirm');
    });

    it('what comes of a consent', async () => {
      const [first = '', second = ''] = customers;
      await goToEnedis();
      await answer(first, "J'autorise");
      await isOpenToAll(texts.done.heading, 'done');
      await goToEnedis();
      await answer(second, 'Je refuse');
      await isOpenToAll(texts.error.known.access_denied.heading, 'refused');
    });

    it('a consent that has not arrived yet', async () => {
      proxy.world.enedis.switches.servicesEmptyFor = 1000;
      try {
        await goToEnedis();
        await answer(customers[1] ?? '', "J'autorise");
        await isOpenToAll(texts.wait.heading, 'wait');
      } finally {
        proxy.world.enedis.switches.servicesEmptyFor = 0;
      }
    });

    it('what is shown in a frame', async () => {
      // The browser is at its own window; the proxy is told that it is a frame.
      await tab.route('**/auth/redirect*', async (route) => {
        const headers = { ...route.request().headers(), 'sec-fetch-dest': 'iframe' };
        await route.fulfill({ response: await route.fetch({ headers }) });
      });
      await open('/auth/redirect?code=a&state=b');
      await isOpenToAll(texts.frame.heading, 'frame');
      await tab.unroute('**/auth/redirect*');
    });

    it('failures', async () => {
      await open('/auth/redirect?code=12345678&state=not-a-state-of-ours');
      await isOpenToAll(texts.error.known.invalid_state.heading, 'error');
      await open('/auth/redirect?error=something_new&state=b');
      await isOpenToAll(await tab.locator('h1').innerText(), 'unknown-error');
      await open('/nothing-here');
      await isOpenToAll(texts.error.known.not_found.heading, 'not-found');
    });

    it('a code that is wrong, and too many of them', async () => {
      await open('/auth/verify_code');
      await tab.getByText(texts.device.missing).waitFor();
      await isOpenToAll(texts.device.heading, 'missing');
      await open('/device');
      await context.clearCookies();
      await tab.locator('#code').fill('BBBB-BBBB');
      await press(texts.device.action('Enedis'));
      await tab.getByText(texts.device.stale).waitFor();
      await isOpenToAll(texts.device.heading, 'stale');
      for (let tries = 0; tries < wrongCodes; tries++) {
        await tab.locator('#code').fill('BBBB-BBBB');
        await press(texts.device.action('Enedis'));
        await tab.getByText(texts.device.unknown).waitFor();
        if (tries === 0) await isOpenToAll(texts.device.heading, 'unknown');
      }
      await tab.locator('#code').fill('BBBB-BBBB');
      await press(texts.device.action('Enedis'));
      await isOpenToAll(texts.error.known.slow_down.heading, 'limit');
    });
  });
}
