import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnergyError } from '../../../../lib/errors.js';
import { openEmbeddedStore, type EmbeddedStore, type Repair } from '../../../../lib/store/records/embedded.js';
import { freshDirectory } from '../../../support/directory.js';
import { describeStore, notes, otherNotes, stored, testKinds } from './contract.js';

describeStore('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
  return {
    open: () => openEmbeddedStore({ directory, kinds: testKinds }),
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

describe('the embedded store', () => {
  const parent = freshDirectory();
  const path = () => join(parent(), 'deep', 'store');
  const opened: EmbeddedStore[] = [];
  const repairs: Repair[] = [];
  let time = 0;

  async function open(directory = path()): Promise<EmbeddedStore> {
    const onRepaired = (repair: Repair) => repairs.push(repair);
    const store = await openEmbeddedStore({ directory, kinds: testKinds, now: () => time, onRepaired });
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

  it('finds what a lost table left, without entries that lead nowhere', async () => {
    const first = await open();
    for (let part = 0; part < 3; part++) {
      const records = Array.from({ length: 4000 }, (_, index) =>
        stored(`${part}-${index}`, { tags: [`t${index % 40}`], text: `${index}`.repeat(150) }),
      );
      await Promise.all(records.map((record) => first.insert(notes, record, 'quick')));
    }
    await first.close();
    await (await open()).close();
    const tables = (await readdir(path())).filter((name) => name.endsWith('.ldb'));
    assert.ok(tables.length > 1, 'there is too little to lose');
    await rm(join(path(), tables[0] ?? ''));
    const store = await open();
    assert.equal(repairs.length, 1);
    let found = 0;
    for (let tag = 0; tag < 40; tag++) {
      const tagged = await store.find(notes, 'tag', `t${tag}`, 1000);
      assert.ok(tagged.every(({ value }) => value.tags.includes(`t${tag}`)));
      found += tagged.length;
    }
    let present = 0;
    for (let part = 0; part < 3; part++) {
      for (let index = 0; index < 4000; index++) if (await store.get(notes, `${part}-${index}`)) present++;
    }
    assert.equal(found, present);
    assert.ok(present < 12_000, 'nothing was lost');
  });
});
