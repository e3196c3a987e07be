import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';

/** An open Node-RED editor, driven as a person would. */
export class Editor {
  readonly page: Page;
  readonly #problems: string[] = [];

  constructor(page: Page, url: string) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.#problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#problems.push(error.message));
    page.on('request', (request) => {
      const target = request.url();
      if (!target.startsWith(url) && !/^(data|blob):/.test(target)) this.#problems.push(`asked for ${target}`);
    });
  }

  /**
   * Opens the editor of the Node-RED at `url`, in the browser language `locale`; where the variable `COLOR_SCHEME` is
   * `dark`, as a person sees it who chose the dark theme (Node-RED 5 has one).
   */
  static async open(browser: Browser, url: string, locale = 'en-US'): Promise<Editor> {
    const context = await browser.newContext({
      locale,
      timezoneId: 'Europe/Paris',
      viewport: { width: 1280, height: 900 },
    });
    if (process.env['COLOR_SCHEME'] === 'dark')
      await context.addInitScript("localStorage.setItem('view-dark-theme', 'dark')");
    const editor = new Editor(await context.newPage(), url);
    await editor.page.goto(`${url}/`);
    await editor.page.locator('#red-ui-palette-search').waitFor();
    return editor;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Fails where the page reported an error, or asked for anything but Node-RED. */
  assertQuiet(): void {
    assert.deepEqual(this.#problems, []);
  }

  /** Opens the dialog of a node by a double click on it. */
  async openNode(id: string): Promise<void> {
    await this.page.locator(`[id="${id}"] .red-ui-flow-node`).first().dblclick();
    await this.settled('#node-dialog-ok');
  }

  /** From the open dialog of a node: opens that of its config node; with nothing chosen, of a new one. */
  async openConfig(property: string, what: 'edit' | 'add'): Promise<void> {
    await this.page.locator(`#node-input-btn-${property}-${what}`).click();
    await this.settled('#node-config-dialog-ok');
  }

  /** Resolves when the dialog with this button has slid in; raising it above the sidebar is the last thing the editor does. */
  async settled(button: string): Promise<void> {
    await this.page.locator(button).waitFor();
    await this.page.locator('#red-ui-editor-stack[style*="z-index: 13"]').waitFor({ state: 'attached' });
  }

  /** A field of the open config dialog. */
  configField(property: string): Locator {
    return this.page.locator(`#node-config-input-${property}`);
  }

  /** A field of the open node dialog. */
  field(property: string): Locator {
    return this.page.locator(`#node-input-${property}`);
  }

  /** Types a value and leaves the field, which makes the editor check it. */
  async type(field: Locator, value: string): Promise<void> {
    await field.fill(value);
    await field.dispatchEvent('change');
  }

  /** What the editor says is wrong with a field, as a person pointing at it reads; nothing where it is fine. */
  async complaint(field: Locator): Promise<string> {
    if (!((await field.getAttribute('class')) ?? '').split(' ').includes('input-error')) return '';
    await this.page.mouse.move(0, 0);
    await field.hover();
    const popover = this.page.locator('.red-ui-popover:visible');
    const text = await popover.innerText();
    await this.page.mouse.move(0, 0);
    await popover.waitFor({ state: 'detached' });
    return text;
  }

  async saveConfig(): Promise<void> {
    await this.page.locator('#node-config-dialog-ok').click();
    await this.page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
  }

  async saveNode(): Promise<void> {
    await this.page.locator('#node-dialog-ok').click();
    await this.page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
  }

  async cancelConfig(): Promise<void> {
    await this.page.locator('#node-config-dialog-cancel').click();
    await this.page.locator('#node-config-dialog-cancel').waitFor({ state: 'detached' });
  }

  /** Presses Deploy and resolves when the runtime has taken the flows. */
  async deploy(): Promise<void> {
    const taken = this.page.waitForResponse(
      (reply) => reply.url().endsWith('/flows') && reply.request().method() === 'POST',
    );
    await this.page.locator('#red-ui-header-button-deploy').click();
    assert.equal((await taken).status(), 200);
  }

  /** The text of the export dialog for all flows. */
  async exportAll(): Promise<string> {
    await this.page.keyboard.press('Control+e');
    await this.page.locator('#red-ui-clipboard-dialog-export-rng-full').click();
    const text = await this.page.locator('#red-ui-clipboard-dialog-export-text').inputValue();
    await this.page.locator('#red-ui-clipboard-dialog-cancel').click();
    return text;
  }

  /** Takes a picture where the variable `SCREENSHOTS` names a folder for them. */
  async screenshot(name: string): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
}
