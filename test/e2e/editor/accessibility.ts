import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

interface Outcome {
  readonly violations: readonly Violation[];
  readonly passes: readonly { readonly id: string; readonly nodes: readonly unknown[] }[];
}

/** Has axe-core look at `part`. Runs in the page. */
async function inspect(part: Element): Promise<Outcome> {
  const { axe } = globalThis as unknown as { axe: { run: (part: Element) => Promise<Outcome> } };
  // Parts of the editor around a dialog are of no height and cut what overflows them: axe-core takes all in it for hidden.
  const around: HTMLElement[] = [];
  for (let element = part.closest('#red-ui-editor-stack'); element; element = element.parentElement) {
    around.push(element as HTMLElement);
  }
  for (const element of around) element.style.setProperty('overflow', 'visible', 'important');
  const outcome = await axe.run(part);
  for (const element of around) element.style.removeProperty('overflow');
  return outcome;
}

/** Fails where axe-core finds something wrong within one of the elements that `selector` matches. */
export async function assertAccessible(page: Page, selector = '.energy-nodes-form:visible'): Promise<void> {
  await page.evaluate(source);
  const parts = await page.locator(selector).all();
  assert.ok(parts.length > 0, `there is no ${selector}`);
  for (const part of parts) {
    const { violations, passes } = await part.evaluate(inspect);
    assert.ok((passes.find(({ id }) => id === 'color-contrast')?.nodes.length ?? 0) > 5, 'no text was looked at');
    const told = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary ?? ''}`),
    );
    assert.deepEqual(told, []);
  }
}
