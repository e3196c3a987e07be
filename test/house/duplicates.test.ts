import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../support/modules.js';
import { duplicatesBelow, withPlanted } from './tools.js';

/** A function that is long enough to be missed; nothing but its name differs. */
const twice = (name: string): string => `
export function ${name}(values: readonly number[], limit: number): string {
  const kept = values.filter((value) => value > 0 && value < limit).sort((one, other) => one - other);
  const sum = kept.reduce((total, value) => total + value, 0);
  const mean = kept.length === 0 ? 0 : sum / kept.length;
  const middle = kept[Math.floor(kept.length / 2)] ?? 0;
  const spread = kept.length === 0 ? 0 : (kept.at(-1) ?? 0) - (kept[0] ?? 0);
  const words = [\`mean \${mean.toFixed(1)}\`, \`middle \${middle}\`, \`spread \${spread}\`];
  if (kept.length < values.length) words.push(\`\${values.length - kept.length} left out\`);
  if (spread > limit / 2) words.push('wide');
  return words.join(', ');
}
`;

const page = `<script type="text/html">\n${'  <div class="form-row"><label for="a">b</label></div>\n'.repeat(30)}</script>\n`;

describe('duplicate code', () => {
  it('is not in the product; the html of nodes is left out, since each must register its type literally', async () => {
    const { files, clones } = await duplicatesBelow(root);
    assert.ok(files > 400, `looked at ${files} files only`);
    assert.deepEqual(clones, []);
  });

  it('is not in the tests, which may look more alike than the product, each telling all it does', async () => {
    const { files, clones } = await duplicatesBelow(join(root, 'test'));
    assert.ok(files > 300, `looked at ${files} files only`);
    assert.deepEqual(clones, []);
  });

  it('is found where it is, in every folder of the product', async () => {
    const folders = ['bench', 'demo/source', 'lib', 'nodes', 'scripts', 'simulator'];
    const copies = folders.map((folder) => [`${folder}/copy.ts`, twice('copy')]);
    const pages = { 'nodes/a/a.html': page, 'nodes/b/b.html': page };
    const both = twice('one') + twice('other');
    const tests = { 'test/one.test.ts': both, 'test/other.test.ts': both };
    const planted = { ...(Object.fromEntries(copies) as Record<string, string>), ...pages, ...tests };
    await withPlanted(['.jscpd.json', 'test/.jscpd.json'], planted, async (folder) => {
      const product = await duplicatesBelow(folder);
      assert.equal(product.files, folders.length);
      assert.equal(product.clones.length, folders.length - 1);
      for (const each of folders) assert.match(product.clones.join(), new RegExp(`(^|[ ,])${each}/copy\\.ts:`));
      const { clones } = await duplicatesBelow(join(folder, 'test'));
      assert.match(clones.join(), /^\w+\.test\.ts:\d+-\d+ = \w+\.test\.ts:\d+-\d+$/);
    });
  });
});
