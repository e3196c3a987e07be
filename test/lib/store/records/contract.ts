import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { EnergyError } from '../../../../lib/errors.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import { describeModel } from './model.js';
import { ids, notes, otherNotes, stored, unique } from './note.js';

export { notes, otherNotes, stored, testKinds, unique, type Note } from './note.js';

const day = 86_400_000;

/** A place where a store keeps its records. */
export interface StorePlace {
  /** Opens the store on what the place holds; it is closed before it is opened again. */
  open(): Promise<RecordStore>;
  /** Makes a store throw away at once what may go, or waits until it has. */
  purge(store: RecordStore): Promise<void>;
  /** Removes the place. */
  remove(): Promise<void>;
}

function isStorageFailure(error: unknown): boolean {
  return error instanceof EnergyError && error.code === 'storage_failed';
}

function single(current: () => RecordStore): void {
  it('finds nothing under an id that was never used', async () => {
    assert.equal(await current().get(notes, unique()), undefined);
    assert.deepEqual(await current().find(notes, 'tag', unique(), 10), []);
    assert.equal(await current().delete(notes, unique()), false);
    assert.equal(await current().replace(notes, stored(unique()), 'any'), false);
  });

  it('gives back a record as it was put there', async () => {
    const more = {
      nothing: null,
      list: [1, -1.5, '', [{}], false],
      'a key.with $dots': { n: 2 ** 53 - 1, small: 1e-9 },
    };
    const record = stored(unique(), { text: 'é 漢字 \u{1F600} \u0000 \n "', tags: ['a', 'b'], purgeAt: 9e12, more });
    assert.equal(await current().insert(notes, record), true);
    assert.deepEqual(await current().get(notes, record.id), record);
  });

  it('gives back any JSON value and any text, also as an id and as the key of an index', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    // Written and read once, since JSON has no -0.
    const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(text, text, json, async (id, tag, more) => {
        const record = stored(unique() + id, { text: tag, tags: [unique() + tag], more });
        assert.equal(await current().insert(notes, record, 'quick'), true);
        assert.deepEqual(await current().get(notes, record.id), record);
        assert.deepEqual(await current().find(notes, 'tag', record.value.tags[0] ?? '', 10), [record]);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a value of a megabyte', async () => {
    const record = stored(unique(), { text: randomBytes(750_000).toString('base64') });
    assert.equal(await current().insert(notes, record), true);
    assert.deepEqual(await current().get(notes, record.id), record);
  });

  it('does not put a second record under an id', async () => {
    const first = stored(unique(), { text: 'first' });
    assert.equal(await current().insert(notes, first), true);
    assert.equal(await current().insert(notes, stored(first.id, { text: 'second' })), false);
    assert.deepEqual(await current().get(notes, first.id), first);
  });

  it('keeps kinds apart', async () => {
    const record = stored(unique());
    const other = stored(record.id, { text: 'another' });
    assert.equal(await current().insert(notes, record), true);
    assert.equal(await current().insert(otherNotes, other), true);
    assert.equal(await current().delete(notes, record.id), true);
    assert.deepEqual(await current().get(otherNotes, record.id), other);
  });

  it('replaces the expected version only', async () => {
    const first = stored(unique(), { text: 'first' });
    const second = stored(first.id, { text: 'second' });
    await current().insert(notes, first);
    assert.equal(await current().replace(notes, second, unique()), false);
    assert.deepEqual(await current().get(notes, first.id), first);
    assert.equal(await current().replace(notes, second, first.version), true);
    assert.equal(await current().replace(notes, stored(first.id), first.version), false);
    assert.deepEqual(await current().get(notes, first.id), second);
  });

  it('removes the expected version only, and any version when none is expected', async () => {
    const first = stored(unique());
    await current().insert(notes, first);
    assert.equal(await current().delete(notes, first.id, unique()), false);
    assert.deepEqual(await current().get(notes, first.id), first);
    assert.equal(await current().delete(notes, first.id, first.version), true);
    assert.equal(await current().get(notes, first.id), undefined);
    assert.equal(await current().insert(notes, first), true);
    assert.equal(await current().delete(notes, first.id), true);
    assert.equal(await current().delete(notes, first.id), false);
  });
}

function parallel(current: () => RecordStore): void {
  const many = Array.from({ length: 50 }, (_, index) => index);

  it('lets one of 50 parallel inserts win', async () => {
    const id = unique();
    const records = many.map(() => stored(id));
    const answers = await Promise.all(records.map((record) => current().insert(notes, record)));
    const winner = records[answers.indexOf(true)];
    assert.equal(answers.filter((won) => won).length, 1);
    assert.deepEqual(await current().get(notes, id), winner);
  });

  it('lets one of 50 parallel replacements and removals of one version win', async () => {
    for (let round = 0; round < 5; round++) {
      const first = stored(unique(), { tags: [unique()] });
      await current().insert(notes, first, 'quick');
      const records = many.map(() => stored(first.id, { tags: [unique()] }));
      const answers = await Promise.all(
        records.map((record, index) =>
          index % 10 === round
            ? current().delete(notes, first.id, first.version)
            : current().replace(notes, record, first.version, index % 2 === 0 ? 'safe' : 'quick'),
        ),
      );
      const winner = answers.indexOf(true);
      assert.equal(answers.filter((won) => won).length, 1);
      assert.deepEqual(await current().get(notes, first.id), winner % 10 === round ? undefined : records[winner]);
    }
  });

  it('keeps all of 200 records that are written at once', async () => {
    const tag = unique();
    const records = Array.from({ length: 200 }, () => stored(unique(), { tags: [tag] }));
    const answers = await Promise.all(records.map((record) => current().insert(notes, record)));
    assert.ok(answers.every((done) => done));
    assert.deepEqual(ids(await current().find(notes, 'tag', tag, 1000)), records.map(({ id }) => id).sort());
  });
}

function indexes(current: () => RecordStore): void {
  it('finds a record under each of its keys, once under a key that it names twice', async () => {
    const [a, b] = [unique(), unique()];
    const record = stored(unique(), { tags: [a, b, a], owner: 'me' });
    await current().insert(notes, record);
    assert.deepEqual(await current().find(notes, 'tag', a, 10), [record]);
    assert.deepEqual(await current().find(notes, 'tag', b, 10), [record]);
  });

  it('keeps indexes apart, and keys of which one begins like the other', async () => {
    const key = unique();
    const byTag = stored(unique(), { tags: [key] });
    const byOwner = stored(unique(), { owner: key });
    const longer = stored(unique(), { tags: [`${key}:`, `${key};`, `${key}x`] });
    for (const record of [byTag, byOwner, longer]) await current().insert(notes, record);
    assert.deepEqual(await current().find(notes, 'tag', key, 10), [byTag]);
    assert.deepEqual(await current().find(notes, 'owner', key, 10), [byOwner]);
    assert.deepEqual(await current().find(notes, 'tag', `${key}:`, 10), [longer]);
  });

  it('lets the keys follow a value that is replaced, and forgets those of a removed record', async () => {
    const [before, both, after] = [unique(), unique(), unique()];
    const first = stored(unique(), { tags: [before, both] });
    const second = stored(first.id, { tags: [both, after] });
    await current().insert(notes, first);
    await current().replace(notes, second, first.version);
    const find = (tag: string) => current().find(notes, 'tag', tag, 10);
    assert.deepEqual([await find(before), await find(both), await find(after)], [[], [second], [second]]);
    await current().delete(notes, first.id);
    assert.deepEqual([await find(both), await find(after)], [[], []]);
  });

  it('gives no more records than the limit', async () => {
    const tag = unique();
    const all = Array.from({ length: 5 }, () => stored(unique(), { tags: [tag] }));
    for (const record of all) await current().insert(notes, record, 'quick');
    const some = await current().find(notes, 'tag', tag, 3);
    assert.equal(new Set(ids(some)).size, 3);
    assert.ok(ids(some).every((id) => all.some((record) => record.id === id)));
  });
}

function lasting(current: () => RecordStore, place: () => StorePlace, reopen: () => Promise<void>): void {
  it('throws away what may go, and its entries, and nothing else', async () => {
    const tag = unique();
    const gone = stored(unique(), { tags: [tag], purgeAt: Date.now() - day });
    const later = stored(unique(), { tags: [tag], purgeAt: Date.now() + day });
    const never = stored(unique(), { tags: [tag] });
    const postponed = stored(unique(), { tags: [tag], purgeAt: Date.now() - day });
    for (const record of [postponed, gone, later, never]) await current().insert(notes, record);
    const kept = stored(postponed.id, { tags: [tag], purgeAt: Date.now() + day });
    // A store may be quicker than this test; then the record is gone already.
    const postponedInTime = await current().replace(notes, kept, postponed.version);
    await place().purge(current());
    assert.equal(await current().get(notes, gone.id), undefined);
    const remaining = [later, never, ...(postponedInTime ? [kept] : [])];
    assert.deepEqual(ids(await current().find(notes, 'tag', tag, 10)), ids(remaining));
    for (const record of remaining) assert.deepEqual(await current().get(notes, record.id), record);
  });

  it('works according to its own check', async () => {
    await current().check();
  });

  it('keeps everything when it is closed and opened again', async () => {
    const tag = unique();
    const records = Array.from({ length: 20 }, () => stored(unique(), { tags: [tag] }));
    await Promise.all(records.map((each, index) => current().insert(notes, each, index % 2 ? 'quick' : 'safe')));
    await reopen();
    assert.deepEqual(ids(await current().find(notes, 'tag', tag, 100)), ids(records));
    for (const record of records) assert.deepEqual(await current().get(notes, record.id), record);
  });

  it('finishes what is under way when it is closed, and refuses everything afterwards', async () => {
    const record = stored(unique());
    const closing = current();
    const writing = closing.insert(notes, record);
    const closed = reopen();
    const done = await writing.catch((error: unknown) => {
      assert.ok(isStorageFailure(error), String(error));
      return undefined;
    });
    await closed;
    if (done === true) assert.deepEqual(await current().get(notes, record.id), record);
    await assert.rejects(closing.get(notes, record.id), isStorageFailure);
    await assert.rejects(closing.insert(notes, stored(unique())), isStorageFailure);
    await assert.rejects(closing.replace(notes, stored(record.id), record.version), isStorageFailure);
    await assert.rejects(closing.find(notes, 'tag', 'any', 1), isStorageFailure);
    await assert.rejects(closing.delete(notes, record.id), isStorageFailure);
    await assert.rejects(closing.check(), isStorageFailure);
    await closing.close();
  });
}

/** What every store must do; `prepare` makes a place for all tests together. */
export function describeStore(name: string, prepare: () => Promise<StorePlace>): void {
  describe(`the contract of stores: ${name}`, () => {
    let place: StorePlace;
    let store: RecordStore;
    before(async () => {
      place = await prepare();
      store = await place.open();
    });
    after(async () => {
      await store.close();
      await place.remove();
    });
    const current = () => store;
    const reopen = async () => {
      await store.close();
      store = await place.open();
    };
    single(current);
    parallel(current);
    indexes(current);
    describeModel(current);
    lasting(current, () => place, reopen);
  });
}
