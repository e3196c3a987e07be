import type { Page } from 'playwright-core';

/** Runs in the page, so that it knows nothing outside of itself; no function in it has a name, which the loader would mark. */
function inspect(): string[] {
  const canvas = document.createElement('canvas').getContext('2d');
  const found: string[] = [];
  const elements = [...document.querySelectorAll<HTMLElement>('.energy-nodes-form *')].filter(
    (element) => element.offsetParent !== null,
  );
  for (const element of elements) {
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
      found.push(`wider than its place: ${element.nodeName} ${element.textContent}`);
    }
    const texts =
      element instanceof HTMLSelectElement
        ? [...element.options].map(({ text }) => text)
        : element instanceof HTMLInputElement
          ? [element.placeholder]
          : [];
    const { font, paddingLeft, paddingRight } = getComputedStyle(element);
    // The arrow of a list takes about 18 pixels.
    const lost = parseFloat(paddingLeft) + parseFloat(paddingRight) + (element instanceof HTMLSelectElement ? 18 : -1);
    for (const text of canvas ? texts : []) {
      Object.assign(canvas ?? {}, { font });
      const width = canvas?.measureText(text).width ?? 0;
      if (width > element.clientWidth - lost) found.push(`cut: ${text}`);
    }
    const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    for (const text of [...texts, element.title, ...own.map(({ textContent }) => textContent ?? '')]) {
      if (/^\s*(@[\w/-]+:)?[a-z]\w*(\.[a-z]\w*)+\s*$/.test(text) && text !== 'envoy.local') found.push(`key: ${text}`);
    }
  }
  return found;
}

/** What is wrong with the texts of the open dialogs: those that do not fit into their place, and keys in the place of texts. */
export function findMisfits(page: Page): Promise<string[]> {
  return page.evaluate(inspect);
}
