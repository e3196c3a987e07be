import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import { picture } from '../demo/dashboard.js';

/** The phone of a person: a browser of its own, which knows nothing of the one with the dashboard. */
export class Phone {
  readonly page: Page;
  readonly #problems: string[] = [];
  /** Addresses of the pages that it showed. A page that tells of a failure has the status of a failure: browsers log that. */
  readonly #shown = new Set<string>();

  private constructor(page: Page) {
    this.page = page;
    page.on('framenavigated', (frame) => this.#shown.add(frame.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#problems.push(error.message));
  }

  /** Opens a link, as the camera does that has read the QR code. */
  static async open(browser: Browser, link: string): Promise<Phone> {
    const viewport = { width: 390, height: 844 };
    const context = await browser.newContext({ locale: 'en-US', viewport, hasTouch: true, isMobile: true });
    const phone = new Phone(await context.newPage());
    await phone.page.goto(link);
    return phone;
  }

  /** Says that the code is the one of the dashboard. */
  async confirm(code: string): Promise<void> {
    assert.equal(await this.page.getByLabel('Code').inputValue(), code);
    await this.page.getByRole('button', { name: 'The code is the same' }).tap();
  }

  /** Chooses the person's line on the page of the simulated Enedis, and consents or refuses. */
  async answerAtEnedis(person: string, consents: boolean): Promise<void> {
    await this.page.getByText(person).tap();
    await this.page.getByRole('button', { name: consents ? "J'autorise" : 'Je refuse' }).tap();
  }

  /** Resolves when the page has this heading. */
  async says(heading: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  }

  screenshot(name: string): Promise<void> {
    return picture(this.page, name);
  }

  /** Puts it away; fails where a page reported an error. */
  async close(): Promise<void> {
    await this.page.context().close();
    const isPage = (problem: string) => [...this.#shown].some((url) => problem.endsWith(`(${url})`));
    assert.deepEqual(
      this.#problems.filter((problem) => !isPage(problem)),
      [],
    );
  }
}
