import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { EnergyError } from '../../../../lib/errors.js';
import { openMongoStore, type MongoStore } from '../../../../lib/store/records/mongodb.js';
import type { RecordKind } from '../../../../lib/store/records/store.js';
import { mongoDatabase, ownMongod, withDatabase } from '../../../support/mongodb.js';
import { freePort } from '../../../support/server.js';
import { describeStore, testKinds } from './contract.js';

interface Thing {
  readonly count: number;
  readonly tags: readonly string[];
  readonly expiresAt?: number;
  readonly nested?: { readonly at: number; readonly ratio: number; readonly none: null };
}

const things: RecordKind<Thing> = {
  name: 'things',
  indexes: { tag: ({ tags }) => tags },
  purgeAt: ({ expiresAt }) => expiresAt,
};
const kinds: readonly RecordKind<never>[] = [things];

const expiresAt = Date.UTC(2040, 0, 2, 3, 4, 5, 678);

async function failure(work: Promise<unknown>): Promise<EnergyError> {
  const error: unknown = await work.then(
    () => assert.fail('It did not fail.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof EnergyError);
  return error;
}

describe('with MongoDB', () => {
  const database = mongoDatabase();

  /** Has the database throw away what may go. */
  async function purge({ database: db }: MongoStore): Promise<void> {
    const admin = db.admin();
    const due = { purge_at: { $lte: new Date() } };
    const counts = () => Promise.all(testKinds.map(({ name }) => db.collection(name).countDocuments(due)));
    await admin.command({ setParameter: 1, ttlMonitorEnabled: true });
    while ((await counts()).some((count) => count > 0)) await pause(50);
    await admin.command({ setParameter: 1, ttlMonitorEnabled: false });
  }

  describeStore('mongodb', () =>
    Promise.resolve({
      open: () => openMongoStore({ uri: database().uri, kinds: testKinds }),
      purge: (store) => purge(store as MongoStore),
      remove: () => Promise.resolve(),
    }),
  );
});

describe('the MongoDB store', () => {
  const database = mongoDatabase();
  const stores: MongoStore[] = [];
  let store: MongoStore;
  before(async () => {
    store = await openMongoStore({ uri: database().uri, kinds });
    stores.push(store);
  });
  after(() => Promise.all(stores.map((each) => each.close())));

  it('keeps a record as a document that an operator can read', async () => {
    const value = { count: 3, tags: ['a', 'b', 'a'], expiresAt, nested: { at: expiresAt, ratio: 0.25, none: null } };
    await store.insert(things, { id: 'readable', value, version: 'first' });
    assert.deepEqual(await store.database.collection(things.name).findOne({ version: 'first' }), {
      _id: 'readable',
      version: 'first',
      purge_at: new Date(expiresAt),
      keys: { tag: ['a', 'b'] },
      value: {
        count: 3,
        tags: ['a', 'b', 'a'],
        expiresAt: new Date(expiresAt),
        nested: { at: new Date(expiresAt), ratio: 0.25, none: null },
      },
    });
    assert.deepEqual((await store.get(things, 'readable'))?.value, value);
  });

  it('gives every number back as it was', async () => {
    const numbers = [0, -1, 0.5, 2 ** 31, 1e12 - 1, 1e12, 1e12 + 0.5, 1e13 - 1, 1e13, -1e12, Number.MAX_SAFE_INTEGER];
    const kind: RecordKind<readonly number[]> = { name: 'numbers', purgeAt: () => undefined };
    await store.insert(kind, { id: 'all', value: numbers, version: 'first' });
    assert.deepEqual((await store.get(kind, 'all'))?.value, numbers);
  });

  it('has the database throw records away at their time', async () => {
    const indexes = await store.database.collection(things.name).indexes();
    const purging = indexes.find(({ key }) => key['purge_at'] === 1);
    assert.equal(purging?.expireAfterSeconds, 0);
  });

  it('finds by an index, without reading every record', async () => {
    const plan = await store.database.collection(things.name).find({ 'keys.tag': 'a' }).explain('queryPlanner');
    assert.match(JSON.stringify(plan['queryPlanner']), /"IXSCAN".*"keys_tag"/);
  });

  it('has no unique index besides the one of ids, so that a cluster can be sharded by hashed ids', async () => {
    const indexes = await store.database.collection(things.name).indexes();
    assert.deepEqual(
      indexes.filter(({ unique }) => unique),
      [],
    );
  });

  it('opens ten times at once on an empty database', async () => {
    const uri = withDatabase(database().uri, `${database().name}_race`);
    const ten = await Promise.all(Array.from({ length: 10 }, () => openMongoStore({ uri, kinds })));
    stores.push(...ten);
    const inserted = await Promise.all(
      ten.map((each, number) =>
        each.insert(things, { id: 'same', value: { count: number, tags: [] }, version: `by ${number}` }),
      ),
    );
    assert.equal(inserted.filter(Boolean).length, 1);
    await ten[0]?.database.dropDatabase();
  });

  it('lets one of two instances win a replacement', async () => {
    const other = await openMongoStore({ uri: database().uri, kinds });
    await store.insert(things, { id: 'raced', value: { count: 0, tags: [] }, version: '0' });
    for (let round = 0; round < 20; round++) {
      const replaced = await Promise.all(
        [store, other].map((each, number) => {
          const record = { id: 'raced', value: { count: number, tags: [] }, version: `${round + 1}` };
          return each.replace(things, { ...record, version: `${round + 1}/${number}` }, `${round}`);
        }),
      );
      assert.equal(replaced.filter(Boolean).length, 1);
      const { version = '' } = (await store.get(things, 'raced')) ?? {};
      assert.ok(
        await store.replace(things, { id: 'raced', value: { count: 0, tags: [] }, version: `${round + 1}` }, version),
      );
    }
    await other.close();
  });

  it('takes a write that comes again for the one that was there before', async () => {
    const first = { id: 'again', value: { count: 1, tags: [] }, version: 'first' };
    const second = { id: 'again', value: { count: 2, tags: [] }, version: 'second' };
    assert.deepEqual([await store.insert(things, first), await store.insert(things, first)], [true, true]);
    const replace = () => store.replace(things, second, 'first');
    assert.deepEqual([await replace(), await replace()], [true, true]);
    assert.equal(await store.insert(things, first), false);
    assert.equal((await store.get(things, 'again'))?.value.count, 2);
  });

  it('says which index is in the way', async () => {
    const uri = withDatabase(database().uri, `${database().name}_conflict`);
    const first = await openMongoStore({ uri, kinds: [] });
    await first.database.collection(things.name).createIndexes([{ key: { purge_at: 1 }, name: 'purge_at' }]);
    const error = await failure(openMongoStore({ uri, kinds }));
    assert.equal(error.code, 'storage_failed');
    assert.match(error.message, /collection things has an index/);
    await first.database.dropDatabase();
    await first.close();
  });

  it('does not come back to life after its end', async () => {
    const closed = await openMongoStore({ uri: database().uri, kinds: [] });
    await closed.close();
    await closed.close();
    assert.equal((await failure(closed.get(things, 'any'))).code, 'storage_failed');
    assert.equal((await failure(closed.check())).code, 'storage_failed');
  });
});

describe('the MongoDB store without a database', () => {
  for (const uri of ['http://user:hidden@somewhere/', 'mongodb://', 'mongodb://user:hid/den@somewhere/x']) {
    it(`says which setting is wrong: ${uri}`, async () => {
      const error = await failure(openMongoStore({ uri, kinds }));
      assert.equal(error.code, 'invalid_argument');
      assert.match(error.message, /MONGODB_URI/);
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /hid|somewhere/);
    });
  }

  it('names neither host nor password where nobody answers', async () => {
    const port = await freePort();
    const uri = `mongodb://user:hidden@127.0.0.1:${port}/x?serverSelectionTimeoutMS=300`;
    const error = await failure(openMongoStore({ uri, kinds }));
    assert.equal(error.code, 'storage_failed');
    assert.match(error.message, /cannot be reached/);
    assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /127\.0|hidden|user/);
  });
});

describe('the MongoDB store with a server that dies', () => {
  const server = ownMongod();
  const stores: MongoStore[] = [];
  let store: MongoStore;
  before(async () => {
    store = await openMongoStore({ uri: `mongodb://${server().address}/dying`, kinds });
    stores.push(store);
  });
  after(() => Promise.all(stores.map((each) => each.close())));

  const insert = (number: number): Promise<boolean> =>
    store.insert(things, { id: `record ${number}`, value: { count: number, tags: [] }, version: 'first' });

  it('goes on when the server is back, with everything that was acknowledged', async () => {
    const acknowledged: number[] = [];
    let killing: Promise<void> | undefined;
    const error = await failure(
      (async () => {
        for (let number = 0; ; number++) {
          await insert(number);
          acknowledged.push(number);
          if (number === 50) killing = server().kill();
        }
      })(),
    );
    assert.equal(error.code, 'storage_failed');
    await killing;
    await failure(store.check());
    const restarting = server().restart();
    assert.equal(await insert(-1), true, 'a write that begins while the server starts waits for it');
    await restarting;
    await store.check();
    const found = await Promise.all(acknowledged.map((number) => store.get(things, `record ${number}`)));
    assert.deepEqual(
      found.map((record) => record?.value.count),
      acknowledged,
    );
  });
});
