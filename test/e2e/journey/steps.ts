import { strict as assert } from 'node:assert';
import type { Locator } from 'playwright-core';
import { packedPackage } from '../../support/packed.js';
import { Editor } from '../editor/editor.js';

/** npm fetches what the package depends on. */
const installLimit = 120_000;

/** Opens an entry of the editor's menu. */
async function choose(editor: Editor, entry: string): Promise<void> {
  await editor.page.locator('#red-ui-header-button-sidemenu').click();
  await editor.page.locator(`#${entry}`).click();
}

/** Installs the packed package: menu, *Manage palette*, *Install*, upload. */
export async function installPackage(editor: Editor): Promise<void> {
  const { page } = editor;
  const archive = await packedPackage();
  await choose(editor, 'menu-item-edit-palette');
  await page.locator('#red-ui-palette-editor-tabs').getByText('Install', { exact: true }).click();
  await page.locator('#red-ui-palette-editor-upload-form input[type="file"]').setInputFiles(archive);
  await page
    .locator('.red-ui-palette-editor-upload')
    .getByText(/energy-nodes-.*\.tgz/)
    .waitFor();
  await editor.screenshot('01-palette-upload');
  await page.locator('.red-ui-palette-editor-upload-buttons .primary').click();
  const told = page.locator('.red-ui-notification').filter({ hasText: 'envoy-read' });
  await told.waitFor({ timeout: installLimit });
  await editor.screenshot('02-palette-installed');
  await page.locator('.red-ui-tray-toolbar button').last().click();
  await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
}

/** Imports an example: menu, *Import*, *Examples*, and the folders down to it. */
export async function importExample(editor: Editor, ...path: readonly string[]): Promise<void> {
  const { page } = editor;
  await choose(editor, 'menu-item-import');
  await page.locator('#red-ui-clipboard-dialog-import-tabs').getByText('Examples', { exact: true }).click();
  const row = (name: string) =>
    page.locator('#red-ui-clipboard-dialog-import-tabs-content .red-ui-treeList-label:visible').filter({
      has: page.getByText(name, { exact: true }),
    });
  for (const [index, name] of path.entries()) {
    if (index < path.length - 1) await row(name).locator('.fa-angle-right').click();
    else await row(name).click();
  }
  await editor.screenshot(`03-import-${path.at(-1) ?? ''}`);
  await page.locator('#red-ui-clipboard-dialog-ok:enabled').click();
  await page.locator('#red-ui-clipboard-dialog').waitFor({ state: 'hidden' });
}

/** Shows a tab of flows, from its top left corner on: Node-RED 5 may show another part of it, with nodes behind a sidebar. */
export async function showTab(editor: Editor, label: string): Promise<void> {
  const tab = editor.page.locator('#red-ui-workspace-tabs .red-ui-tab-label').getByText(label, { exact: true });
  await tab.click();
  await editor.page.locator('#red-ui-workspace-tabs .red-ui-tab.active').getByText(label, { exact: true }).waitFor();
  await editor.page.locator('#red-ui-workspace-chart').evaluate((canvas) => canvas.scrollTo(0, 0));
}

/** The node on the canvas with this label. */
export function nodeNamed(editor: Editor, label: string): Locator {
  return editor.page.locator('#red-ui-workspace-chart .red-ui-flow-node-group').filter({
    has: editor.page.locator('.red-ui-flow-node-label').getByText(label, { exact: true }),
  });
}

/** A point of the window. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of an element. */
export async function middle(of: Locator): Promise<Point> {
  const box = await of.boundingBox();
  assert.ok(box, 'it is not to be seen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Moves the mouse with its button down, in steps, as a hand does. */
async function drag(editor: Editor, from: Point, to: Point): Promise<void> {
  const { mouse } = editor.page;
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 12, from.y + 8, { steps: 4 });
  await mouse.move(to.x, to.y, { steps: 12 });
  await mouse.up();
}

/** A place of the canvas, from the top left corner of what is seen of it. */
export async function onCanvas(editor: Editor, x: number, y: number): Promise<Point> {
  const box = await editor.page.locator('#red-ui-workspace-chart').boundingBox();
  assert.ok(box);
  return { x: box.x + x, y: box.y + y };
}

/** Drags a node of the palette to a place of the window. @returns the node */
export async function dragFromPalette(editor: Editor, type: string, to: Point): Promise<Locator> {
  const { page } = editor;
  const palette = (each: string) => page.locator(`.red-ui-palette-node[data-palette-type="${each}"]`);
  await page.locator('#red-ui-palette-search input').fill('');
  await page.locator('#red-ui-palette-search input').pressSequentially(type);
  // The search takes its time: it is over when a type is gone that nobody looks for here.
  await palette('csv').waitFor({ state: 'hidden' });
  const entry = palette(type);
  await entry.waitFor();
  const nodes = page.locator('#red-ui-workspace-chart .red-ui-flow-node-group');
  const before = await nodes.count();
  await drag(editor, await middle(entry), to);
  await nodes.nth(before).waitFor();
  const id = await nodes.nth(before).getAttribute('id');
  assert.ok(id);
  return page.locator(`[id="${id}"]`);
}

/** Brings the mouse to a port; the editor takes its button only once it shows that it noticed. */
async function reach(editor: Editor, port: Locator): Promise<void> {
  const { x, y } = await middle(port);
  await editor.page.mouse.move(x, y, { steps: 8 });
  await port.and(editor.page.locator('.red-ui-flow-port-hovered')).waitFor();
}

/** Draws a wire from an output to the input of another node. */
export async function wire(editor: Editor, from: Locator, to: Locator, output = 0): Promise<void> {
  const links = editor.page.locator('.red-ui-flow-link:not(.red-ui-flow-drag-line)');
  const before = await links.count();
  const port = from.locator('.red-ui-flow-port-output .red-ui-flow-port').nth(output);
  // A node that was just dropped still grows around its label: this waits until it does not.
  await port.hover();
  await reach(editor, port);
  await editor.page.mouse.down();
  await reach(editor, to.locator('.red-ui-flow-port-input .red-ui-flow-port'));
  await editor.page.mouse.up();
  // A straight wire has no height: it counts as hidden.
  await links.nth(before).waitFor({ state: 'attached' });
}

/** Opens the dialog of a node by a double click on it. */
export async function openDialog(editor: Editor, node: Locator): Promise<void> {
  await node.locator('.red-ui-flow-node').first().dblclick();
  await editor.settled('#node-dialog-ok');
}

/** Presses the button of an inject node. */
export async function press(node: Locator): Promise<void> {
  await node.locator('.red-ui-flow-node-button-button').click();
}

/** Gives an inject node a topic, in its dialog. */
export async function setTopic(editor: Editor, inject: Locator, topic: string): Promise<void> {
  await openDialog(editor, inject);
  const row = editor.page.locator('#node-input-property-container > li').nth(1);
  await row.locator('.red-ui-typedInput-container').nth(1).locator('.red-ui-typedInput-input').fill(topic);
  await editor.saveNode();
}
