import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { anchors, codes, pages, root, textOf } from './pages.js';

/** What a reader makes. */
const made = new Set(['docker/.env']);

const folders = ['lib', 'nodes', 'test', 'simulator', 'bench', 'demo', 'scripts', 'docker', 'docs', 'locales'];

/** A picture in a page: where it lies and what it says to somebody who does not see it. */
interface Picture {
  readonly target: string;
  readonly description: string;
}

function picturesOf(text: string): Picture[] {
  const written = [...text.matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)];
  const tags = [...text.matchAll(/<img\s([^>]*)>/g)].map(([, attributes = '']) => ({
    target: /src="([^"]*)"/.exec(attributes)?.[1] ?? '',
    description: /alt="([^"]*)"/.exec(attributes)?.[1] ?? '',
  }));
  return [...written.map(([, description = '', target = '']) => ({ target, description })), ...tags];
}

describe('links in the pages', () => {
  for (const name of pages) {
    const text = textOf(name);

    it(`${name}: lead somewhere`, () => {
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? name : join(name, '..', file);
        assert.ok(existsSync(join(root, path)), `${target} is not there`);
        if (anchor !== undefined) assert.ok(anchors(textOf(path)).includes(anchor), target);
      }
    });

    it(`${name}: pictures are there, and say what they show`, () => {
      for (const { target, description } of picturesOf(text)) {
        assert.doesNotMatch(target, /^https?:/, 'a picture from elsewhere');
        assert.ok(existsSync(join(root, name, '..', target)), `${target} is not there`);
        assert.ok(description.length > 20, `${target} says nothing`);
      }
    });

    it(`${name}: files and folders that it names are there`, () => {
      const named = codes(text).filter((code) => folders.includes(code.split('/')[0] ?? '') && code.includes('/'));
      const paths = named.filter((code) => /^[\w./-]+$/.test(code));
      assert.deepEqual(
        paths.filter((path) => !made.has(path) && !existsSync(join(root, path))),
        [],
      );
    });
  }

  it('are found where they are', () => {
    assert.ok(picturesOf(textOf('README.md')).length >= 2);
    assert.deepEqual(anchors('# A\n\n### _envoy read_ (b), c!\n'), ['a', 'envoy-read-b-c']);
  });

  it('every page of docs/ can be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      if (!existsSync(join(root, page))) continue;
      for (const [, target = ''] of textOf(page).matchAll(/\]\(([\w./-]+\.md)/g)) reached.add(join(page, '..', target));
    }
    assert.deepEqual(
      pages.filter((page) => !reached.has(page)),
      [],
    );
  });
});
