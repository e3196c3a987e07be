import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programVariables } from '../../lib/program/settings.js';
import { createMetrics } from '../../lib/proxy/metrics.js';
import { recordKinds } from '../../lib/proxy/records/kinds.js';
import { usualLimits } from '../../lib/proxy/settings/defaults.js';
import { variables } from '../../lib/proxy/settings/environment.js';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs/proxy.md'), 'utf8');

/** The text between a heading of the second level and the next one. */
function section(heading: string): string {
  const [, text = ''] = page.split(`\n## ${heading}\n`);
  assert.notEqual(text, '', `There is no section "${heading}".`);
  return text.split('\n## ')[0] ?? '';
}

/** The cells of each row of the tables in a text, heads included. */
function rows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What the first cell of each row names in code style. */
function named(text: string): string[] {
  return rows(text).flatMap(([first = '']) => /^`([^`]+)`$/.exec(first)?.[1] ?? []);
}

/** Places in a page that a link can lead to, as GitHub names them. */
function anchors(text: string): string[] {
  const headings = text.split('\n').filter((line) => /^#{1,6} /.test(line));
  return headings.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('docs/proxy.md', () => {
  it('explains every variable of the proxy, once, and no other', () => {
    const known = [...Object.values(variables).map(([name]) => name), ...programVariables];
    assert.deepEqual(named(section('Settings')).sort(), known.sort());
  });

  it('mentions the further names of variables', () => {
    for (const [, ...others] of Object.values(variables)) for (const name of others) assert.ok(page.includes(name));
  });

  it('has the limits that hold by default', () => {
    const defaults = new Map(rows(section('Settings')).map(([name = '', usual]) => [name.replaceAll('`', ''), usual]));
    for (const [field, limit] of Object.entries(usualLimits)) {
      assert.equal(defaults.get(variables[field]?.[0] ?? ''), String(limit), field);
    }
  });

  it('names every figure', async () => {
    const { text } = await (await createMetrics()).read();
    const figures = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => `${name} ${type}`);
    assert.ok(figures.length > 5);
    const told = rows(section('Health, figures, log')).flatMap(([name = '', type = '']) =>
      name.startsWith('`') ? [`${name.replaceAll('`', '')} ${type}`] : [],
    );
    assert.deepEqual(told.sort(), figures.sort());
  });

  it('says of every kind of record what it holds and how long', () => {
    const kinds = recordKinds.map(({ name }) => name);
    assert.deepEqual(named(section('What is stored, and how long')).sort(), kinds.sort());
  });
});

describe('links in the pages', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  for (const name of pages.filter((each) => each.endsWith('.md'))) {
    it(`${name}: lead somewhere`, () => {
      const text = readFileSync(join(root, name), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? join(root, name) : join(root, name, '..', file);
        assert.ok(existsSync(path), `${target} is not there`);
        if (anchor !== undefined) assert.ok(anchors(readFileSync(path, 'utf8')).includes(anchor), target);
      }
    });
  }
});
