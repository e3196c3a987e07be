import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { problemsOf } from '../../support/page-problems.js';

/** Takes a picture of a page where the variable `SCREENSHOTS` names a folder for them. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** The dashboard of the demo in a browser. */
export class Dashboard {
  readonly page: Page;
  readonly #problems: readonly string[];

  constructor(page: Page, url: string) {
    this.page = page;
    this.#problems = problemsOf(page, url);
  }

  static async open(browser: Browser, url: string, size = { width: 1280, height: 800 }): Promise<Dashboard> {
    const context = await browser.newContext({ locale: 'en-US', viewport: size });
    const dashboard = new Dashboard(await context.newPage(), url);
    await dashboard.page.goto(`${url}/dashboard`);
    return dashboard;
  }

  /** What stands at the top of the card of the gateway, once it matches. */
  async state(pattern: RegExp): Promise<void> {
    await this.page.getByTestId('gateway-state').filter({ hasText: pattern }).waitFor();
  }

  /** The table of inverters, row by row, once it is there. */
  async inverters(): Promise<string[][]> {
    const rows = this.page.locator('.envoy-inverters tbody tr');
    await rows.nth(1).waitFor();
    return Promise.all((await rows.all()).map((row) => row.locator('td').allInnerTexts()));
  }

  async pressReauthenticate(): Promise<void> {
    await this.page.getByRole('button', { name: 'Re-authenticate' }).click();
  }

  /** The production that the gauge shows, W, once it shows more than nothing and anything but `than`. */
  async production(than = 0): Promise<number> {
    const shown = await this.page.waitForFunction((other) => {
      const watts = Number(
        document.querySelector('#nrdb-ui-widget-envoy-production .nrdb-ui-gauge-value span')?.textContent,
      );
      return watts > 0 && watts !== other ? watts : false;
    }, than);
    return Number(await shown.jsonValue());
  }

  /** The titles of the cards, once they are these. */
  async cards(...titles: readonly string[]): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      const shown = [...document.querySelectorAll('.nrdb-ui-group .v-card-title')];
      return shown.map(({ textContent }) => textContent.trim()).join() === wanted;
    }, titles.join());
  }

  /** What the card of the battery says, once it says what the battery does: watts, word and charge in %. */
  async battery(): Promise<{ watts: number; word: string; charge: number }> {
    const word = this.page.getByTestId('battery-word').filter({ hasText: /charging|at rest/ });
    await word.waitFor();
    const charge = this.page.locator('#nrdb-ui-widget-envoy-charge').filter({ hasText: /\d/ });
    await charge.waitFor();
    return {
      watts: Number((await this.page.getByTestId('battery-watts').innerText()).replaceAll(',', '')),
      word: await word.innerText(),
      charge: Number(/\d+/.exec(await charge.innerText())?.[0]),
    };
  }

  /** The head of the energies that are counted here, once they are there. */
  async countsSince(): Promise<string> {
    await this.page.getByTestId('energy-productionWattHours').filter({ hasText: /\d/ }).waitFor();
    return this.page.getByTestId('energy-since').innerText();
  }

  /** What the card of the gateway says was left out of the reading. */
  async leftOut(): Promise<string> {
    return this.page.getByTestId('left-out').innerText();
  }

  /** The text of the notification that holds `text`, once it is there. */
  async notification(text: string): Promise<string> {
    const shown = this.page.locator('.nrdb-ui-notification .v-snackbar__content').filter({ hasText: text });
    await shown.waitFor();
    return shown.innerText();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Fails where the page reported an error, or asked for anything but Node-RED. */
  assertQuiet(): void {
    assert.deepEqual(this.#problems, []);
  }

  /** Takes a picture where the variable `SCREENSHOTS` names a folder for them. */
  async screenshot(name: string): Promise<void> {
    await picture(this.page, name);
  }
}
