import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redactedBodies } from './support.js';

const recordings = fileURLToPath(new URL('../../../../../shared/envoy-recordings', import.meta.url));

/** The replies of a recorded system. */
function bodiesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('_log.json') && statSync(join(folder, name)).isFile())
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every number of a document with the place where it stands. */
function numbersOf(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each, index) => numbersOf(each, `${path}/${index}`));
}

/** Serial numbers as the recordings have them; those of ten digits are eids and times. */
function serialsOf(text: string): Set<string> {
  return new Set(
    text.match(/(?<![\d.x]|[0-9a-f])[1-9]\d{11,13}(?!\d|[0-9a-f])/g)?.filter((each) => !/0{10}/.test(each)),
  );
}

describe('redaction of recorded systems', () => {
  if (!existsSync(recordings)) {
    console.warn('SKIPPED: the recorded systems (../shared/envoy-recordings) are not here.');
    it('SKIPPED: there is no ../shared/envoy-recordings beside the repository', function () {
      this.skip();
    });
    return;
  }

  for (const name of readdirSync(recordings)) {
    const folder = join(recordings, name);
    if (!existsSync(join(folder, 'info'))) continue;
    it(`${name}: keeps every number and no serial number`, () => {
      const bodies = bodiesOf(folder);
      const redacted = redactedBodies(bodies);
      for (const [index, body] of bodies.entries()) {
        assert.deepEqual(numbersOf(parsed(redacted[index] ?? '')), numbersOf(parsed(body)));
      }
      const text = redacted.join('\n');
      const serials = serialsOf(bodies.join('\n'));
      assert.deepEqual(
        [...serials].filter((serial) => text.includes(serial)),
        [],
      );
    });
  }
});
