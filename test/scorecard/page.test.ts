import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/modules.js';
import { heldBack } from './held-back.js';
import { packageFile } from './package-file.js';

const rules = ['P01', 'P02', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08', 'N01', 'N02', 'D01', 'D02', 'D03'];

const page = readFileSync(join(root, 'docs/scorecard.md'), 'utf8');

/** The rows of the first table after a text, without its head; cells without code style. */
function tableAfter(text: string): string[][] {
  const [, rest = ''] = page.split(text);
  const [table = ''] = /^\|[\s\S]*?(?=\n\n)/m.exec(rest) ?? [];
  const [, , ...lines] = table.split('\n');
  assert.ok(lines.length > 0, `There is no table after "${text}".`);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('docs/scorecard.md', () => {
  const standing = tableAfter('# The scorecard of the flow library');

  it('tells of every rule, once, in order', () => {
    assert.deepEqual(
      standing.map(([rule]) => rule),
      rules,
    );
  });

  it('names for every rule the file that tests it', () => {
    for (const [rule = '', , , file = ''] of standing) {
      const tests = readFileSync(join(root, file), 'utf8').match(/\bit\([`'"][^`'"]*/g) ?? [];
      assert.ok(
        tests.some((test) => test.includes(rule)),
        `${file} has no test of ${rule}`,
      );
    }
  });

  it('calls red what is red, and nothing else', () => {
    assert.deepEqual(
      standing.flatMap(([rule, , state]) => (state === 'green' ? [] : [[rule, state]])),
      heldBack.length > 0 ? [['D03', 'red']] : [],
    );
  });

  it('gives for every dependency that is held back the reason that the tests have', () => {
    assert.deepEqual(
      tableAfter('## Why D03 is red'),
      heldBack.map(({ name, range, newer, reason }) => [name, range, newer, reason]),
    );
  });

  it('tells what each optional package is for', () => {
    assert.deepEqual(
      tableAfter('## Why D01 is green').map(([name]) => name),
      Object.keys(packageFile.optionalDependencies),
    );
  });
});
