import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOwnSystems } from './own-systems.js';
import { runConformance } from './conformance-run.js';

describe('npm run conformance with the player and the comparer of this repository', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'recordings-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('says same of each system that is read as expected, and why one cannot be read', async () => {
    writeOwnSystems(folder, { watts: 419, expected: 419 });
    const { code, text, verdicts, details, lines } = await runConformance([folder, '--own']);
    assert.deepEqual(verdicts, { legacy: 'same', standard: 'same', silent: 'unreadable' }, text);
    assert.match(details['silent']?.[0] ?? '', /^no_production_source: /);
    assert.equal(details['silent']?.[1], 'the reference: no production');
    assert.equal(lines.at(-1), '2 same, 0 different, 1 unreadable');
    assert.equal(code, 0);
  });

  it('names what differs and ends with status 1', async () => {
    writeOwnSystems(folder, { watts: 419, expected: 425 });
    const recordings = join(folder, 'envoy-recordings');
    const { code, text, details, lines } = await runConformance([recordings, '--own', '--only', 'legacy,standard']);
    const line = 'production.wattsNow: expected 425, got 419';
    assert.deepEqual(details, { legacy: [line], standard: [line] }, text);
    assert.equal(lines.at(-1), '0 same, 2 different, 0 unreadable');
    assert.equal(code, 1);
  });

  it('counts a system that the reference reads and we cannot as different', async () => {
    writeOwnSystems(folder, { watts: 419, expected: 419 });
    rmSync(join(folder, 'envoy-recordings/standard/api_v1_production'));
    const { code, text, verdicts, details } = await runConformance([folder, '--own', '--only', 'standard']);
    assert.deepEqual(verdicts, { standard: 'different' }, text);
    assert.match(details['standard']?.[0] ?? '', /^not read: \w+: /);
    assert.equal(code, 1);
  });

  it('says which system could not be compared', async () => {
    writeOwnSystems(folder, { watts: 419, expected: 419 });
    rmSync(join(folder, 'envoy-expected/legacy.json'));
    rmSync(join(folder, 'envoy-recordings/silent'), { recursive: true });
    const { text, lines } = await runConformance([folder, '--own']);
    assert.match(text, /^legacy: NOT COMPARED, it has no expected values$/m);
    assert.match(text, /^silent: NOT COMPARED, it has no recording$/m);
    assert.equal(lines.at(-1), '1 same, 0 different, 0 unreadable');
  });

  it('asks for a folder with recordings where there are none', async () => {
    const { code, text } = await runConformance([folder]);
    assert.match(text, /There are no recordings in /);
    assert.equal(code, 1);
  });
});
