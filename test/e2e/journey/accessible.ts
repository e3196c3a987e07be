import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core has to say. */
interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/**
 * What axe-core finds wrong on a page, one entry an element: the rule, what it asks for, and the element. Only what `within` selects is
 * looked at, without what `without` selects.
 */
export async function violationsWithin(
  page: Page,
  within = 'html',
  without: readonly string[] = [],
): Promise<string[]> {
  // Inside of the page's own policy, which lets no script be added to the document.
  await page.evaluate(axe);
  const found = await page.evaluate(
    async ([include, exclude]) => {
      const { axe } = window as unknown as {
        axe: { run(context: object, options: object): Promise<{ violations: Violation[] }> };
      };
      const context = { include: [[include]], exclude: exclude.map((each) => [each]) };
      return (await axe.run(context, { resultTypes: ['violations'] })).violations;
    },
    [within, without] as const,
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id} (${help}): ${html} ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
