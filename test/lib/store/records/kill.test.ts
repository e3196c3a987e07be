import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openEmbeddedStore } from '../../../../lib/store/records/embedded.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import { freshDirectory } from '../../../support/directory.js';
import { buildChildProgram } from './child-program.js';
import { notes, type Note } from './note.js';

const kills = 20;

/** Starts the writer, kills it when it has acknowledged a random number of writes, and says what it acknowledged. */
async function killed(program: string, directory: string, start: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [program, directory, `${start}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lifetime = randomInt(1, 600);
  const acknowledged = new Map<string, number>();
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', step] = line.split(' ');
    acknowledged.set(id, Number(step));
    if (++seen === lifetime) child.kill('SIGKILL');
  }
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  return acknowledged;
}

/** The records under each key of the index that the writer uses, as `key id`. */
async function entries(store: RecordStore): Promise<string[]> {
  const keys = [0, 1, 2, 3, 4, 5, 6].flatMap((number) => [`made-${number}`, `changed-${number}`]);
  const found = await Promise.all(
    keys.map(async (key) => (await store.find(notes, 'tag', key, 1e6)).map(({ id }) => `${key} ${id}`)),
  );
  return found.flat().sort();
}

describe('the embedded store whose process is killed', () => {
  const directory = freshDirectory();
  let program: Awaited<ReturnType<typeof buildChildProgram>>;
  before(async () => {
    program = await buildChildProgram(new URL('record-writer.ts', import.meta.url));
  });
  after(() => program.remove());

  it(`holds all that was acknowledged, and indexes that agree, after each of ${kills} kills`, async () => {
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < kills; round++) {
      const start = round * 100_000;
      const written = await killed(program.file, directory(), start);
      for (const [id, step] of written) acknowledged.set(id, step);
      const store = await openEmbeddedStore({ directory: directory() });
      const expected: string[] = [];
      // Some more may be there than was acknowledged.
      const last = Math.max(...[...written.keys()].map((id) => Number(id.slice(1)))) + 20;
      const others = Array.from({ length: last - start + 1 }, (_, index) => `n${start + index}`);
      for (const id of new Set([...acknowledged.keys(), ...others])) {
        const note: Note | undefined = (await store.get(notes, id))?.value;
        assert.ok(Number(note?.text ?? 0) >= (acknowledged.get(id) ?? 0), `${id} is lost or older than it was`);
        if (!note) continue;
        expected.push(...note.tags.map((tag) => `${tag} ${id}`));
        acknowledged.set(id, Number(note.text));
      }
      assert.deepEqual(await entries(store), expected.sort());
      await store.close();
    }
  });
});
