import assert from 'node:assert/strict';
import { openMongoStore, type MongoStore } from '../../../../lib/store/records/mongodb.js';
import { Records } from '../../../../lib/store/records/records.js';
import type { RecordKind } from '../../../../lib/store/records/store.js';
import { mongoDatabase } from '../../../support/mongodb.js';

interface Count {
  readonly count: number;
}

const counts: RecordKind<Count> = { name: 'counts', purgeAt: () => undefined };

describe('what is asked of MongoDB at the same time', () => {
  const database = mongoDatabase();
  let store: MongoStore;

  before(async () => {
    store = await openMongoStore({ uri: database().uri, kinds: [counts] });
  });

  after(() => store.close());

  function put(id: string, version: string): Promise<boolean> {
    return store.insert(counts, { id, version, value: { count: 0 } });
  }

  function quick(id: string, expected: string, version: string): Promise<boolean> {
    return store.replace(counts, { id, version, value: { count: 1 } }, expected, 'quick');
  }

  it('is read each for itself, also the same one twice and one that is missing', async () => {
    await Promise.all([put('read-a', 'a1'), put('read-b', 'b1')]);
    const found = await Promise.all(['read-a', 'none', 'read-b', 'read-a'].map((id) => store.get(counts, id)));
    assert.deepEqual(
      found.map((record) => record?.version),
      ['a1', undefined, 'b1', 'a1'],
    );
  });

  it('is written each for itself: whoever expected another version is told so, and only he', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => put(`write-${name}`, `${name}1`)));
    const writes = [
      quick('write-a', 'a1', 'a2'),
      quick('write-b', 'of-somebody-else', 'b2'),
      quick('none', 'x1', 'x2'),
      quick('write-c', 'c1', 'c2'),
    ];
    assert.deepEqual(await Promise.all(writes), [true, false, false, true]);
    const found = await Promise.all(['a', 'b', 'c'].map((name) => store.get(counts, `write-${name}`)));
    assert.deepEqual(
      found.map((record) => record?.version),
      ['a2', 'b1', 'c2'],
    );
  });

  it('has one winner among those who replace the same version', async () => {
    await put('race', 'r0');
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => quick('race', 'r0', `race${index}`)));
    assert.equal(outcomes.filter((written) => written).length, 1);
    assert.equal((await store.get(counts, 'race'))?.version, `race${outcomes.indexOf(true)}`);
  });

  it('counts every quick change of one record by two instances', async () => {
    const other = await openMongoStore({ uri: database().uri, kinds: [counts] });
    try {
      const instances = [store, other].map((each) => new Records(each, counts, { remembered: 10 }));
      const increase = (value: Count | undefined) => ({ next: { count: (value?.count ?? 0) + 1 }, answer: undefined });
      const changes = instances.flatMap((records) =>
        Array.from({ length: 15 }, () => records.change('shared', increase, { durability: 'quick' })),
      );
      await Promise.all(changes);
      assert.equal((await store.get(counts, 'shared'))?.value.count, 30);
    } finally {
      await other.close();
    }
  });

  it('fails for everybody where the store is closed meanwhile', async () => {
    const closing = await openMongoStore({ uri: database().uri, kinds: [counts] });
    const reading = ['x', 'y'].map((id) => closing.get(counts, id));
    await Promise.all([...reading.map((each) => assert.rejects(each, { code: 'storage_failed' })), closing.close()]);
  });
});
