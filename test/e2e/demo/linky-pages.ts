import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import { Dashboard } from './dashboard.js';

/** Pixels of a chart that have the colour of a series, `[red, green, blue]`. */
type Colour = readonly [number, number, number];

export const consumption: Colour = [0x3f, 0x6f, 0xd8];
export const production: Colour = [0xf0, 0xa0, 0x00];

/** The Linky pages of the demo in a browser. */
export class LinkyPages extends Dashboard {
  readonly #url: string;

  constructor(page: Page, url: string) {
    super(page, url);
    this.#url = url;
  }

  /** Opens the page on which somebody consents. */
  static async openConsent(browser: Browser, url: string): Promise<LinkyPages> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
    const pages = new LinkyPages(await context.newPage(), url);
    await pages.page.goto(`${url}/dashboard/linky-consent`);
    return pages;
  }

  /** Presses a button of the card. */
  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Resolves when the card is in a phase. */
  async phase(name: 'idle' | 'pending' | 'linked' | 'failed'): Promise<void> {
    await this.page.locator(`[data-testid="consent"][data-phase="${name}"]`).waitFor();
  }

  /** The code on the card, once there is one. */
  async code(): Promise<string> {
    await this.phase('pending');
    return this.text('consent-code');
  }

  /** What an element says. */
  async text(testId: string): Promise<string> {
    return (await this.page.getByTestId(testId).innerText()).trim();
  }

  /**
   * Follows the link of the card, confirms the code, and answers at the simulated Enedis.
   * @param decision the button there
   */
  async answerAtEnedis(owner: string, decision: "J'autorise" | 'Je refuse'): Promise<void> {
    const code = await this.text('consent-code');
    const opened = this.page.context().waitForEvent('page');
    await this.page.getByTestId('consent-link').click();
    const other = await opened;
    assert.equal(await other.getByLabel('Code').inputValue(), code);
    await other.getByRole('button', { name: 'The code is the same' }).click();
    await other.getByText(owner).click();
    await other.getByRole('button', { name: decision }).click();
    await other.waitForURL((url) => url.href.startsWith(`${this.#url}/enedis/`));
    await other.close();
  }

  /** From the card to the charts, by its link. */
  async followToCharts(): Promise<void> {
    await this.page.getByTestId('consent-charts').click();
    await this.page.getByTestId('meter').waitFor();
  }

  /** Resolves when a chart draws a series, which is when it has so many pixels of its colour. */
  async draws(widget: string, colour: Colour, least = 40): Promise<void> {
    const wanted = { selector: `#nrdb-ui-widget-${widget} canvas`, colour, least };
    await this.page.waitForFunction(countsPixels, wanted, { polling: 200 });
  }

  /** A chart as an image, to be compared. */
  image(widget: string): Promise<string> {
    return this.page
      .locator(`#nrdb-ui-widget-${widget} canvas`)
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  /** Resolves when a chart looks different from before. */
  async changes(widget: string, before: string): Promise<void> {
    const wanted = { selector: `#nrdb-ui-widget-${widget} canvas`, before };
    const differs = ({ selector, before: earlier }: typeof wanted) =>
      document.querySelector<HTMLCanvasElement>(selector)?.toDataURL() !== earlier;
    await this.page.waitForFunction(differs, wanted, { polling: 200 });
  }
}

/** Runs in the page. */
function countsPixels({ selector, colour, least }: { selector: string; colour: Colour; least: number }): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>(selector);
  if (!canvas || canvas.width === 0) return false;
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
  let count = 0;
  for (let index = 0; index < data.length; index += 4) {
    if (colour.every((part, place) => Math.abs((data[index + place] ?? 0) - part) < 12)) count++;
  }
  return count >= least;
}
