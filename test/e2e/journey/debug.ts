import type { Locator } from 'playwright-core';
import type { Editor } from '../editor/editor.js';

/** Shows the sidebar of debug messages. */
export async function showDebug(editor: Editor): Promise<void> {
  await editor.page.evaluate("RED.actions.invoke('core:show-debug-tab')");
  await editor.page.locator('.red-ui-debug-content-list').waitFor();
}

/** The newest message that the debug node of this name shows, once there is one. */
export async function debugMessage(editor: Editor, name: string): Promise<Locator> {
  const meta = editor.page.locator('.red-ui-debug-msg-name').getByText(`node: ${name}`, { exact: true });
  const message = editor.page.locator('.red-ui-debug-msg').filter({ has: meta }).last();
  await message.waitFor();
  return message;
}

/** Unfolds the object of a message, and in it one member after the other. @returns what stands at the last one */
export async function opened(message: Locator, ...path: readonly string[]): Promise<string> {
  await message.locator('.red-ui-debug-msg-payload .red-ui-debug-msg-object-header').first().click();
  let within = message;
  for (const [index, key] of path.entries()) {
    const label = message.page().locator('.red-ui-debug-msg-object-key').getByText(key, { exact: true });
    within = within.locator('.red-ui-debug-msg-object-entry').filter({ has: label }).last();
    if (index < path.length - 1) await within.locator('.red-ui-debug-msg-object-handle').first().click();
  }
  return within.innerText();
}
