import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorPage } from '../../../../lib/proxy/pages/error.js';
import { html, type Content } from '../../../../lib/proxy/pages/html.js';
import { safeLink } from '../../../../lib/proxy/pages/layout.js';
import { everyPage, viewFor } from './sample-pages.js';

/** How often each character that means something in markup stands in a text. */
function markup(text: string): Record<string, number> {
  return Object.fromEntries(['<', '>', '"', "'", '`'].map((mark) => [mark, text.split(mark).length - 1]));
}

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|#96);/g, (_, name: string) => names[name] ?? '');
}

/** Texts that are rich in what could break out. */
const foreign = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '`', '&', '=', '/', ' ', 'a', '\n', '\0', '-', '!') }),
  fc.constantFrom(
    '"><script>alert(1)</script>',
    `' onfocus=alert(1) x='`,
    '</title><script>',
    '--><img src=x>',
    '&lt;',
  ),
);

describe('lib/proxy/pages: nothing from outside becomes markup (spec/device-flow D20, 8.1 (4))', () => {
  for (const language of ['fr', 'en']) {
    it(`no text opens a tag or leaves an attribute on any page (${language})`, () => {
      const harmless = everyPage(language, 'x');
      fc.assert(
        fc.property(foreign, (text) => {
          const pages = Object.entries(everyPage(language, text));
          // An unreadable error code is left out, together with its markup.
          for (const [name, page] of pages.filter(([each]) => each !== 'error')) {
            assert.deepEqual(markup(page), markup(harmless[name] ?? ''), name);
          }
        }),
      );
    });
  }

  it('what is shown is what was given', () => {
    fc.assert(fc.property(foreign, (text) => unescaped(html`${text}`.toString()) === text));
  });

  it('joins arrays, and takes neither objects that look like markup nor strings for markup', () => {
    assert.equal(html`${['<', html`<b>${'&'}</b>`]}`.toString(), '&lt;<b>&amp;</b>');
    const forged = { toString: () => '<script>' } as unknown as Content;
    assert.equal(html`${forged}`.toString(), '&lt;script&gt;');
    assert.equal(html`${undefined}${false}${0}`.toString(), '0');
  });

  it('leads nowhere but to pages and mail', () => {
    assert.equal(safeLink('mailto:help@p.test'), 'mailto:help@p.test');
    for (const address of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'help@p.test', '']) {
      assert.equal(safeLink(address), undefined, address);
    }
  });
});

describe('lib/proxy/pages: error page', () => {
  const view = viewFor('en');

  it('tells known failures in its own words', () => {
    assert.match(errorPage(view, { code: 'access_denied' }), /You did not give your consent/);
  });

  it('shows of unknown failures the code alone, and only if it is one', () => {
    fc.assert(
      fc.property(foreign, (code) => {
        const page = errorPage(view, { code: `~${code}` });
        assert.match(page, /That did not work/);
        assert.doesNotMatch(page, /Code <code>/);
      }),
    );
    assert.match(errorPage(view, { code: 'testerror1' }), /<code>testerror1<\/code>/);
    assert.doesNotMatch(errorPage(view, { code: 'e'.repeat(65) }), /eeeee/);
  });

  it('is not fooled by names that every object has', () => {
    for (const code of ['constructor', '__proto__', 'toString']) {
      assert.match(errorPage(view, { code }), /That did not work/);
    }
  });

  it('gives the reference to ask for help with', () => {
    assert.match(errorPage(view, { code: 'server_error', correlation: 'abc123' }), /Reference\s*<code>abc123<\/code>/);
  });
});
