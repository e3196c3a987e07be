import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { EnergyError } from '../../../../lib/errors.js';
import { openEmbeddedStore, type EmbeddedStore, type Repair } from '../../../../lib/store/records/embedded.js';
import { freshDirectory } from '../../../support/directory.js';
import { buildChildProgram } from './child-program.js';
import { describeStore, notes, otherNotes, stored } from './contract.js';
import { ids } from './note.js';

describeStore('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
  return {
    open: () => openEmbeddedStore({ directory }),
    purge: async (store) => {
      await (store as EmbeddedStore).collectGarbage();
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
});

function failsWith(reason: string, text: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof EnergyError);
    assert.equal(error.code, 'storage_failed');
    assert.equal(error.parameters['reason'], reason);
    assert.match(error.message, text);
    return true;
  };
}

/** What a process says that writes 3 MB where no file may grow beyond 1 or 2 MB; it is killed in the end. */
async function writtenWithSmallFiles(directory: string): Promise<string[]> {
  const program = await buildChildProgram(new URL('stubborn-writer.ts', import.meta.url));
  try {
    const script = `trap '' XFSZ; ulimit -f 2048; exec "$@"`;
    const args = ['-c', script, 'sh', process.execPath, program.file, directory, '150'];
    const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) lines.push(line);
    return lines;
  } finally {
    await program.remove();
  }
}

describe('the embedded store', () => {
  const parent = freshDirectory();
  const path = () => join(parent(), 'deep', 'store');
  const opened: EmbeddedStore[] = [];
  const repairs: Repair[] = [];
  let time = 0;

  async function open(directory = path()): Promise<EmbeddedStore> {
    const onRepaired = (repair: Repair) => repairs.push(repair);
    const store = await openEmbeddedStore({ directory, now: () => time, onRepaired });
    opened.push(store);
    return store;
  }

  beforeEach(() => {
    time = 0;
    repairs.length = 0;
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  it('makes its directory, for its owner only, also where it was there before', async () => {
    await open();
    assert.equal((await stat(path())).mode & 0o777, 0o700);
    const wide = join(parent(), 'wide');
    await mkdir(wide, { mode: 0o755 });
    await open(wide);
    assert.equal((await stat(wide)).mode & 0o777, 0o700);
  });

  it('says who is in the way when the directory is in use', async () => {
    const first = await open();
    await assert.rejects(open(), failsWith('locked', /another process uses it.*own directory/s));
    await first.close();
    await (await open()).check();
  });

  it('says so when the directory is a file', async () => {
    const file = join(parent(), 'file');
    await writeFile(file, '');
    await assert.rejects(open(file), failsWith('failed', /store in .*file cannot be opened/));
  });

  it('says so when it may not write there', async function () {
    if (process.getuid?.() === 0) this.skip();
    const closed = join(parent(), 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    await assert.rejects(open(join(closed, 'store')), failsWith('forbidden', /owner/));
  });

  it('throws away thousands of records at their time, and not before', async () => {
    const store = await open();
    const records = Array.from({ length: 3000 }, (_, index) =>
      stored(`n${index}`, { tags: ['all'], purgeAt: 1000 + index }),
    );
    await Promise.all(records.map((record) => store.insert(notes, record, 'quick')));
    time = 999;
    assert.equal(await store.collectGarbage(), 0);
    time = 2500;
    assert.equal(await store.collectGarbage(), 1501);
    assert.equal((await store.find(notes, 'tag', 'all', 5000)).length, 1499);
    await store.insert(notes, stored('late', { tags: ['all'], purgeAt: 10 }), 'quick');
    assert.equal(await store.collectGarbage(), 1);
    time = 5000;
    assert.equal(await store.collectGarbage(), 1499);
    assert.deepEqual(await store.find(notes, 'tag', 'all', 5000), []);
  });

  it('keeps what is postponed while it throws away', async () => {
    const store = await open();
    time = 10;
    const due = Array.from({ length: 400 }, (_, index) => stored(`n${index}`, { purgeAt: 5 }));
    await Promise.all(due.map((record) => store.insert(notes, record, 'quick')));
    const collecting = store.collectGarbage();
    const postponed = await Promise.all(
      due.map(async ({ id, version }, index) => {
        if (index % 20 === 0) await setImmediate();
        return store.replace(notes, stored(id, { purgeAt: 50 }), version, 'quick');
      }),
    );
    await collecting;
    const present = await Promise.all(due.map(async ({ id }) => (await store.get(notes, id)) !== undefined));
    assert.deepEqual(present, postponed);
  });

  it('throws away by itself, at the time, what is there at the start and what comes later', async () => {
    const first = await open();
    await first.insert(notes, stored('early', { purgeAt: 3_000_000 }));
    await first.close();
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const store = await open();
      await store.insert(notes, stored('late', { purgeAt: 1_000_000 }));
      for (const [id, at] of [['late', 1_000_000] as const, ['early', 3_000_000] as const]) {
        mock.timers.tick(at - 1 - time);
        await store.check();
        assert.ok(await store.get(notes, id), `${id} is gone too early`);
        time = at;
        while (await store.get(notes, id)) {
          mock.timers.tick(3_600_000);
          await setImmediate();
        }
      }
    } finally {
      mock.timers.reset();
    }
  });

  it('throws away what a record of a kind that no program knows any more left behind', async () => {
    const store = await open();
    const former = { name: 'former_kind', purgeAt: () => 5 };
    await store.insert(former, stored('old'));
    await store.close();
    time = 6;
    const again = await open();
    assert.equal(await again.collectGarbage(), 1);
    assert.equal(await again.get(former, 'old'), undefined);
  });

  it('forgets the keys that a record had under earlier rules', async () => {
    const store = await open();
    const earlier = { ...notes, indexes: { tag: () => ['by the old rule'] } };
    const first = stored('a', { tags: ['new'] });
    await store.insert(earlier, first);
    assert.equal((await store.find(notes, 'tag', 'by the old rule', 5)).length, 1);
    await store.replace(notes, stored('a', { tags: ['new'] }), first.version);
    assert.deepEqual(await store.find(notes, 'tag', 'by the old rule', 5), []);
    assert.equal((await store.find(notes, 'tag', 'new', 5)).length, 1);
  });

  const damages: Record<string, (directory: string, names: string[]) => Promise<void>> = {
    'the file CURRENT gone': (directory) => rm(join(directory, 'CURRENT')),
    'the file CURRENT empty': (directory) => truncate(join(directory, 'CURRENT')),
    'the manifest gone': async (directory, names) => {
      for (const name of names.filter((each) => each.startsWith('MANIFEST'))) await rm(join(directory, name));
    },
    'the manifest empty': async (directory, names) => {
      for (const name of names.filter((each) => each.startsWith('MANIFEST'))) await truncate(join(directory, name));
    },
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`repairs itself and tells so: ${name}`, async () => {
      const first = await open();
      const records = Array.from({ length: 20 }, (_, index) => stored(`n${index}`, { tags: ['all'], purgeAt: 7 }));
      await Promise.all(records.map((record) => first.insert(notes, record)));
      await first.insert(otherNotes, stored('n0'));
      await first.close();
      await damage(path(), await readdir(path()));
      const store = await open();
      assert.deepEqual([repairs.length, repairs[0]?.directory], [1, path()]);
      assert.deepEqual((await store.find(notes, 'tag', 'all', 50)).length, 20);
      for (const record of records) assert.deepEqual(await store.get(notes, record.id), record);
      time = 8;
      assert.equal(await store.collectGarbage(), 20);
      await store.close();
      await open();
      assert.equal(repairs.length, 1);
    });
  }

  it('opens without ado when a power cut tore the end off its log, and has lost the last write at most', async () => {
    const first = await open();
    const records = Array.from({ length: 20 }, (_, index) => stored(`n${index}`, { tags: ['all'] }));
    for (const record of records) await first.insert(notes, record);
    const logs = (await readdir(path())).filter((name) => name.endsWith('.log'));
    const torn = join(parent(), 'torn');
    await cp(path(), torn, { recursive: true });
    const log = join(torn, logs[0] ?? '');
    await truncate(log, (await stat(log)).size - 10);
    const store = await open(torn);
    assert.deepEqual(repairs, []);
    assert.deepEqual(ids(await store.find(notes, 'tag', 'all', 50)), ids(records.slice(0, -1)));
    assert.equal(await store.get(notes, 'n19'), undefined);
  });

  it('goes on by itself when a write failed, and has lost nothing that was acknowledged', async function () {
    if (process.platform !== 'linux') this.skip();
    const lines = await writtenWithSmallFiles(path());
    const failed = lines.flatMap((line, index) => (line.startsWith('failed') ? [index] : []));
    assert.ok(failed.length > 1 && failed.length < 10 && lines.length === 150, `failures: ${failed.join()}`);
    assert.ok(failed.every((index) => lines[index] === 'failed full'));
    const store = await open();
    for (const line of lines.filter((each) => each.startsWith('written'))) {
      assert.ok(await store.get(notes, line.slice('written '.length)), `${line}, and lost`);
    }
    assert.deepEqual(repairs, []);
  });

  it('finds what a lost table left, whichever it is, without entries that lead nowhere', async () => {
    const names = Array.from({ length: 8000 }, (_, index) => `n${index}`);
    // Whenever it is opened, what lies in its log becomes a table; few of them are not merged.
    for (let begin = 0; begin < names.length; begin += 4000) {
      const store = await open();
      await Promise.all(
        names.slice(begin, begin + 4000).map((id, place) => {
          const tags = [`t${(begin + place) % 40}`];
          return store.insert(notes, stored(id, { tags, text: randomBytes(400).toString('hex') }), 'quick');
        }),
      );
      await store.close();
    }
    await (await open()).close();
    const tables = (await readdir(path())).filter((name) => name.endsWith('.ldb'));
    assert.ok(tables.length > 1, 'there is too little to lose');
    for (const table of tables) {
      const damaged = join(parent(), table);
      await cp(path(), damaged, { recursive: true });
      await rm(join(damaged, table));
      const store = await open(damaged);
      const tags = Array.from({ length: 40 }, (_, index) => `t${index}`);
      const found = await Promise.all(tags.map((tag) => store.find(notes, 'tag', tag, 1000)));
      const present = await Promise.all(names.map(async (id) => (await store.get(notes, id))?.id));
      assert.deepEqual(ids(found.flat()), present.filter((id) => id !== undefined).sort());
      await store.close();
    }
    assert.equal(repairs.length, tables.length);
  });
});
