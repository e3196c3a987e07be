import { strict as assert } from 'node:assert';
import { catalog, help, helpFile, languages, translations, types } from './support/locales.js';

/** How the editor finds a definition inside a line: whatever stands before its last colon is lost elsewhere. */
const takenForDefinition = /:([^:\n]+)\(([^:\n]+)\).*?:([^:\n]*)$/;

function lines(text: string, start: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(start));
}

/** What is defined below each heading: names without the marks of what may be left out. */
function definitions(section: string): string[] {
  return lines(section, ': ').map((line) => (/^: (.*?) \([^()]*\) : /.exec(line)?.[1] ?? '').replaceAll('*', ''));
}

function sections(text: string): string[] {
  return text.split(/^### .*$/m).slice(1);
}

/** What stands in code style, with translated parts such as `<path>` left open. */
function codes(text: string): string[] {
  const found = [...text.replace(/\s+/g, ' ').matchAll(/`([^`]+)`/g)];
  return found.map((match) => (match[1] ?? '').replace(/<[^>]*>/g, '<>')).sort();
}

describe('the help', () => {
  for (const type of types) {
    describe(type, () => {
      const english = help('en-US', type);

      it('is there in every language, in the form that the editor reads', () => {
        for (const language of languages) {
          const file = helpFile(language, type);
          assert.ok(file.includes(`<script type="text/markdown" data-help-name="${type}">`), language);
          // A definition is one line, and its text has no colon: the editor cuts it there.
          for (const line of lines(file, ': ')) assert.match(line, /^: [^:]+ \([^:()]+\) : [^:]+$/, language);
          const others = file.split('\n').filter((line) => !line.startsWith(': '));
          for (const line of others) assert.doesNotMatch(line, takenForDefinition, language);
        }
      });

      it('says as much in every language: headings, definitions, lists, paragraphs, links, code', () => {
        for (const language of translations) {
          const text = help(language, type);
          for (const start of ['### ', ': ', '- ', '1. ', '2. ', '3. ']) {
            assert.equal(lines(text, start).length, lines(english, start).length, `${language} lines with "${start}"`);
          }
          assert.equal(text.split('\n\n').length, english.split('\n\n').length, `${language} paragraphs`);
          assert.equal(text.split('](').length, english.split('](').length, `${language} links`);
          assert.deepEqual(codes(text), codes(english), language);
        }
      });

      it('is translated', () => {
        const known = new Set(english.split('\n'));
        for (const language of translations) {
          const same = help(language, type)
            .split('\n')
            .filter((line) => known.has(line) && /\w+ \w+ \w+/.test(line.replace(/`[^`]*`/g, '')));
          assert.deepEqual(same, [], language);
        }
      });

      it('calls the fields of the dialog as the dialog does, and the properties of messages by their names', () => {
        const [, ...ofMessages] = sections(english).map(definitions);
        for (const language of languages) {
          const labels = [...catalog(language, type)].flatMap(([key, text]) => (key.startsWith('label.') ? text : []));
          const [fields = [], ...messages] = sections(help(language, type)).map(definitions);
          for (const field of fields.flatMap((each) => each.split(', '))) {
            assert.ok(
              labels.some((label) => label.includes(field)),
              `${language} "${field}"`,
            );
          }
          assert.deepEqual(messages, ofMessages, language);
        }
      });
    });
  }
});
