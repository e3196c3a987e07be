import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runConformance, shared, sharedPresent } from './conformance-run.js';

const system = '8.2.4286_with_3cts_and_battery_split';

interface Expected {
  readonly error?: unknown;
  readonly data: { readonly system_production: { watts_now: number } };
}

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(join(shared, 'envoy-expected', `${name}.json`), 'utf8')) as Expected;
}

/** The shared folder with one expected value changed by 7 W. */
function writeChanged(folder: string): number {
  for (const name of ['envoy-recordings', 'tools']) symlinkSync(join(shared, name), join(folder, name));
  const expected = expectedOf(system);
  const watts = expected.data.system_production.watts_now;
  expected.data.system_production.watts_now = watts + 7;
  mkdirSync(join(folder, 'envoy-expected'));
  writeFileSync(join(folder, 'envoy-expected', `${system}.json`), JSON.stringify(expected));
  return watts;
}

describe('npm run conformance over the recorded systems', function () {
  this.timeout(600_000);
  if (!sharedPresent) {
    console.warn('SKIPPED: the recorded systems (../shared/envoy-recordings) are not here.');
    it('SKIPPED: there is no ../shared/envoy-recordings beside the repository', function () {
      this.skip();
    });
    return;
  }

  const names = readdirSync(join(shared, 'envoy-expected')).map((file) => file.replace(/\.json$/, ''));
  const wanted = Object.fromEntries(
    names.map((name) => [name, expectedOf(name).error === undefined ? 'same' : 'unreadable']),
  );
  const kinds: Record<string, string[]> = {
    'with the tools that come with them': [shared],
    'with the player and the comparer of this repository': [shared, '--own'],
  };
  for (const [kind, given] of Object.entries(kinds)) {
    it(`all are read as the reference reads them, ${kind}`, async () => {
      const { code, text, verdicts, lines } = await runConformance(given);
      assert.deepEqual(verdicts, wanted, text);
      const unreadable = Object.values(wanted).filter((verdict) => verdict === 'unreadable').length;
      assert.equal(lines.at(-1), `${names.length - unreadable} same, 0 different, ${unreadable} unreadable`);
      assert.equal(code, 0);
    });

    it(`one changed value is the one difference, ${kind}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'changed-'));
      try {
        const watts = writeChanged(folder);
        const { code, text, details, lines } = await runConformance([folder, ...given.slice(1), '--only', system]);
        const line = `production.wattsNow: expected ${watts + 7}, got ${watts}`;
        assert.deepEqual(details, { [system]: [line] }, text);
        assert.equal(lines.at(-1), '0 same, 1 different, 0 unreadable');
        assert.equal(code, 1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
