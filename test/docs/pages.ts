import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '..', '..');

/** The pages for people, as paths from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What stands below a heading, as it is written with its hashes, up to the next one of its level or above. */
export function section(text: string, heading: string): string {
  const level = heading.indexOf(' ');
  const [, below = ''] = text.split(`\n${heading}\n`);
  assert.notEqual(below, '', `There is no section "${heading}".`);
  return below.split(new RegExp(`\\n#{1,${level}} `))[0] ?? '';
}

/** The cells of each row of the tables in a text, heads included. */
export function rows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.trimStart().startsWith('|'));
  return lines.map((line) =>
    line
      .trim()
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What the first cell of each row names in code style and nothing else. */
export function named(text: string): string[] {
  return rows(text).flatMap(([first = '']) => /^`([^`]+)`$/.exec(first)?.[1] ?? []);
}

/** Everything that a text has in code style, fenced blocks aside. */
export function codes(text: string): string[] {
  return [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** `json` and the like; empty for commands and everything else. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of all pages. */
export function blocks(): Block[] {
  return pages.flatMap((page) =>
    [...textOf(page).matchAll(/^( *)```(\w*)\n([^]*?)^ *```/gm)].map(([, indent = '', language = '', text = '']) => ({
      page,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim(),
    })),
  );
}

/** The places in a page that a link can lead to, as GitHub names them. */
export function anchors(text: string): string[] {
  const headings = text.split('\n').filter((line) => /^#{1,6} /.test(line));
  return headings.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/(?<!\w)_|_(?!\w)|[*`]/g, '')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
