import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { help, languages, types } from '../../support/locales.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';

/** What the editor makes of a help text. */
interface Rendered {
  readonly headings: number;
  readonly definitions: number;
  readonly items: number;
  readonly links: number;
  /** With a text for those who do not see them. */
  readonly pictures: number;
  readonly codes: readonly string[];
}

/** What a help text consists of. */
function written(text: string): Rendered {
  const starting = (mark: RegExp): number => text.split('\n').filter((line) => mark.test(line)).length;
  return {
    headings: starting(/^### /),
    definitions: starting(/^: /),
    items: starting(/^(?:- |\d\. )/),
    links: [...text.matchAll(/(?<!!)\[[^\]]*\]\(/g)].length,
    pictures: [...text.matchAll(/!\[[^\]]+\]\(/g)].length,
    codes: [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  };
}

describe('the help in the editor', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    nodeRed = await startNodeRed();
    browser = await launchBrowser();
    editor = await Editor.open(browser, nodeRed.url);
  });
  after(async () => {
    await editor.close();
    await browser.close();
    await nodeRed.stop();
  });

  /** Renders a text as the help tab does. */
  function rendered(text: string): Promise<Rendered> {
    return editor.page.evaluate((markdown) => {
      const { RED } = globalThis as unknown as { RED: { utils: { renderMarkdown: (text: string) => string } } };
      const page = document.createElement('div');
      page.innerHTML = RED.utils.renderMarkdown(markdown);
      return {
        headings: page.querySelectorAll('h3').length,
        definitions: page.querySelectorAll('dl.message-properties > dt').length,
        items: page.querySelectorAll('li').length,
        links: page.querySelectorAll('a[href^="https://"]').length,
        pictures: page.querySelectorAll('img[src^="resources/"][alt]').length,
        codes: [...page.querySelectorAll('code')].map((code) => code.textContent),
      };
    }, text);
  }

  it('shows every definition, list and example of every text, in all languages', async () => {
    for (const language of languages) {
      for (const type of types) {
        const text = help(language, type);
        assert.deepEqual(await rendered(text), written(text), `${language} ${type}`);
      }
    }
    editor.assertQuiet();
  });
});
