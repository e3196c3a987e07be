import { strict as assert } from 'node:assert';
import type { Locator, Page } from 'playwright-core';

/** The card of a dashboard with this title. */
export function cardTitled(page: Page, title: string): Locator {
  return page.locator('.nrdb-ui-group').filter({ has: page.getByText(title, { exact: true }) });
}

/** What a gauge shows, once it shows more than nothing and anything but `than`. */
export async function gaugeShows(card: Locator, than?: number): Promise<number> {
  const shown = await card.page().waitForFunction(
    ([within, other]) => {
      const text = within.querySelector('.nrdb-ui-gauge-value span')?.textContent ?? '';
      const number = Number(text.replaceAll(',', ''));
      return number > 0 && number !== other ? number : false;
    },
    [await card.elementHandle(), than] as const,
    { polling: 100 },
  );
  return Number(await shown.jsonValue());
}

/** A chart that is still waiting for its data says nothing: it is asked so many times. */
const passes = 30;

/**
 * Moves the mouse over a chart, from right to left, until what it says there holds `wanted`. @returns what it says, a line
 * each
 */
export async function pointedAt(card: Locator, wanted: string | RegExp): Promise<string[]> {
  const page = card.page();
  const chart = card.locator('canvas').first();
  const pattern = typeof wanted === 'string' ? new RegExp(`^${wanted}$`, 'm') : wanted;
  let said = '';
  for (let pass = 0; pass < passes; pass++) {
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    assert.ok(box, 'there is no chart');
    for (let right = 12; right < box.width - 30; right += 4) {
      await page.mouse.move(box.x + box.width - right, box.y + box.height * 0.6);
      const text = await tooltip(chart);
      if (pattern.test(text)) return lines(text);
      said = text || said;
    }
  }
  assert.fail(`the chart never said ${String(wanted)}, but: ${said}`);
}

/** What the chart says where the mouse is; nothing where it says nothing. */
function tooltip(chart: Locator): Promise<string> {
  return chart.evaluate((canvas) => {
    const said = canvas.parentElement?.parentElement?.querySelector<HTMLElement>(':scope > div:not(:has(canvas))');
    return said && said.style.visibility !== 'hidden' && said.style.opacity !== '0' ? said.innerText : '';
  });
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** The number that a chart says for a series. */
export function entry(said: readonly string[], series: string): number {
  const at = said.indexOf(series);
  assert.ok(at >= 0, said.join(' | '));
  return Number(said[at + 1]?.replaceAll(',', ''));
}
