import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';

/** All texts of a catalog by their full key. */
export type Texts = ReadonlyMap<string, string>;

/** The languages of this package, as Node-RED names them. */
export const languages: readonly string[] = readdirSync('locales');

/** The languages that the texts are translated into. */
export const translations = languages.filter((language) => language !== 'en-US');

/** The node types that have a dialog. */
export const types: readonly string[] = readdirSync('nodes').filter((name) =>
  readdirSync(`nodes/${name}`).includes(`${name}.html`),
);

function flatten(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  assert.ok(typeof value === 'object' && value !== null, `${prefix} is no text`);
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, prefix ? `${prefix}.${key}` : key));
}

const catalogs = new Map<string, Texts>();

/** The texts of a node type in a language. */
export function catalog(language: string, type: string): Texts {
  const file = `locales/${language}/${type}.json`;
  const texts = catalogs.get(file) ?? new Map(flatten(JSON.parse(readFileSync(file, 'utf8'))));
  catalogs.set(file, texts);
  return texts;
}

/** The help of a node type in a language: the file, with the element around the text. */
export function helpFile(language: string, type: string): string {
  return readFileSync(`locales/${language}/${type}.html`, 'utf8');
}

/** The help of a node type in a language: the Markdown alone. */
export function help(language: string, type: string): string {
  return /<script[^>]*>\n(.*)<\/script>/s.exec(helpFile(language, type))?.[1] ?? '';
}

/** The names of the values that a text wants, in alphabetical order. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(/__(\w+?)__/g)].map((match) => match[1] ?? '').sort();
}

/** A text as it is shown: placeholders stand for three characters each. */
export function filled(text: string): string {
  return text.replace(/__\w+?__/g, '123');
}
