import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { none, type Operations } from '../../bench/footprint/counting.js';
import { Meters, steps } from '../../bench/footprint/meters.js';
import { freshDirectory } from '../support/directory.js';

/** The numbers in the rows of docs/scaling.md, by the first cell. */
function documented(): Map<string, number[]> {
  const page = readFileSync(join(import.meta.dirname, '../../docs/scaling.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    rows.map((line) => {
      const [name = '', ...numbers] = line.split('|').slice(1, -1);
      return [name.trim(), numbers.map(Number)];
    }),
  );
}

describe('what a meter costs the store', () => {
  const directory = freshDirectory();

  it('is what docs/scaling.md says, step by step', async () => {
    const meters = await Meters.open({ directory: directory() }, 2);
    try {
      // The first one also fetches the application's token.
      await meters.count(1);
      const counts = await meters.count(1);
      const page = documented();
      for (const step of steps) {
        const byKind = counts.get(step) ?? new Map<string, Operations>();
        const sum = { ...none() };
        for (const operations of byKind.values()) {
          for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += operations[name];
        }
        const limits = byKind.get('rate_buckets') ?? none();
        const ofLimits = limits.reads + limits.safe + limits.quick;
        assert.deepEqual([sum.reads, sum.safe, sum.quick, ofLimits], page.get(step), step);
        assert.equal(sum.finds, 0, step);
      }
    } finally {
      await meters.close();
    }
  });
});
