import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { problemsOf } from '../../support/page-problems.js';

/** An open Node-RED editor, driven as a person would. */
export class Editor {
  readonly page: Page;
  readonly #problems: readonly string[];

  constructor(page: Page, url: string) {
    this.page = page;
    this.#problems = problemsOf(page, url);
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

  /** What stands below a field that is wrong, where it is said to be wrong to assistive technology too; else nothing. */
  async reason(field: Locator): Promise<string> {
    const id = `${(await field.getAttribute('id')) ?? ''}-reason`;
    const text = await this.page.locator(`[id="${id}"]`).innerText();
    const described = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').includes(id);
    const isInvalid = (await field.getAttribute('aria-invalid')) === 'true';
    assert.deepEqual({ described, isInvalid }, { described: text !== '', isInvalid: text !== '' }, `${id}: "${text}"`);
    return text;
  }

  /** The id of the element that has the focus; of one without an id its class. */
  focused(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.id || document.activeElement?.className || '');
  }

  /** Presses Tab (or Shift+Tab) until the element `id` has the focus. */
  async tabTo(id: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const passed: string[] = [];
    while ((await this.focused()) !== id) {
      assert.ok(passed.length < 120, `the keyboard does not reach ${id}, only ${passed.join(', ')}`);
      await this.page.keyboard.press(key);
      passed.push(await this.focused());
    }
  }

  /** Imports flows into an editor by its dialog, with the keyboard. */
  async importFlows(text: string): Promise<void> {
    await this.page.keyboard.press('Control+i');
    await this.page.locator('#red-ui-clipboard-dialog-import-text').waitFor();
    await this.tabTo('red-ui-clipboard-dialog-import-text');
    await this.page.keyboard.insertText(text);
    // The dialog looks at what was typed when a key is released.
    await this.page.keyboard.press('End');
    await this.page.locator('#red-ui-clipboard-dialog-ok:enabled').waitFor();
    await this.tabTo('red-ui-clipboard-dialog-ok');
    await this.page.keyboard.press('Enter');
    await this.page.locator('#red-ui-clipboard-dialog-import-text').waitFor({ state: 'hidden' });
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
