import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const table = join(here, '../../../docs/proxy-conformance.md');
/** Checks of spec/device-flow section 8. */
const checks = 158;

/** Number and last column of every row; that is a link to a test file or a reason. */
function rows(): { check: number; place: string }[] {
  const found = readFileSync(table, 'utf8').matchAll(/^\| +(\d+) +\|.*\|([^|]+)\|$/gm);
  return [...found].map(([, check, place = '']) => ({ check: Number(check), place: place.trim() }));
}

function fileOf(place: string): string | undefined {
  return /\]\(\.\.\/test\/conformance\/proxy\/([a-z-]+\.test\.ts)\)$/.exec(place)?.[1];
}

/** The numbers with which the titles of a file begin: `34 · …` or `34, 35 · …`. */
function titlesOf(file: string): number[] {
  const titles = readFileSync(join(here, file), 'utf8').matchAll(/\bit\(\s*['"`](\d+(?:, \d+)*) · /g);
  return [...titles].flatMap(([, numbers = '']) => numbers.split(', ').map(Number));
}

describe('the table of conformance checks', () => {
  it('has every check once, in order', () => {
    assert.deepEqual(
      rows().map(({ check }) => check),
      Array.from({ length: checks }, (_, index) => index + 1),
    );
  });

  it('names the file of every test, and a reason where there is none', () => {
    const titles = new Map(readdirSync(here).map((file) => [file, new Set(titlesOf(file))]));
    for (const { check, place } of rows()) {
      const file = fileOf(place);
      if (file === undefined) assert.match(place, /^Left out .+:/, `check ${check} has neither test nor reason`);
      else assert.ok(titles.get(file)?.has(check), `check ${check} is no title in ${file}`);
    }
  });

  it('knows every test', () => {
    const known = new Map(rows().map(({ check, place }) => [check, fileOf(place)]));
    for (const file of readdirSync(here)) {
      for (const check of titlesOf(file)) assert.equal(known.get(check), file, `check ${check} of ${file}`);
    }
  });
});
