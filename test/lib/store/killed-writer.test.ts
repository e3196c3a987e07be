import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealer, deriveKey } from '../../../lib/store/sealing.js';
import { SealedFile } from '../../../lib/store/sealed-file.js';
import { buildProgram, type Program } from '../../support/child.js';
import { freshDirectory } from '../../support/directory.js';

const secret = 'a secret of the user';
const size = 20_000;
const kills = 40;

/** Lets the writer write, kills it at a random line of its output, and says what it had begun and finished by then. */
async function killed(program: Program, args: string[]): Promise<{ begun: number; safe: number | undefined }> {
  const child = program.start(args);
  const lifetime = randomInt(1, 12);
  let seen = 0;
  let begun = -1;
  let safe: number | undefined;
  for await (const line of child.lines) {
    const [what, count] = line.split(' ');
    if (what === 'begun') begun = Number(count);
    else safe = Number(count);
    if (++seen === lifetime) child.process.kill('SIGKILL');
  }
  const { signal, errors } = await child.ended;
  assert.deepEqual([signal, errors], ['SIGKILL', '']);
  return { begun, safe };
}

describe('a sealed file whose writer is killed', () => {
  const directory = freshDirectory();
  let program: Program;
  before(async () => {
    program = await buildProgram(new URL('endless-writer.ts', import.meta.url));
  });
  after(() => program.remove());

  it(`holds the old value or the new one, whole, after each of ${kills} kills`, async () => {
    const path = join(directory(), 'value.sealed');
    const sealer = createSealer([deriveKey(secret, 'test')]);
    let safe = -1;
    for (let round = 0; round < kills; round++) {
      const start = safe + 1;
      const last = await killed(program, [path, secret, `${start}`, `${size}`]);
      safe = last.safe ?? safe;
      const file = new SealedFile<{ count: number; filling: string }>(path, () => Promise.resolve(sealer));
      const value = await file.read();
      if (!value) {
        assert.equal(safe, -1, 'a value that was safe is gone');
        continue;
      }
      assert.ok(value.count >= safe && value.count <= last.begun, `${value.count} of ${safe} to ${last.begun}`);
      assert.equal(value.filling, `${value.count},`.repeat(size));
      assert.deepEqual(await readdir(directory()), ['value.sealed']);
      safe = value.count;
    }
    assert.ok(safe > 0);
  });
});
