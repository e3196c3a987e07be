import assert from 'node:assert/strict';
import { openMongoStore, type MongoStore } from '../../../../lib/store/records/mongodb.js';
import { Records } from '../../../../lib/store/records/records.js';
import type { RecordKind } from '../../../../lib/store/records/store.js';
import { mongoReplicaSet, withDatabase } from '../../../support/mongodb.js';

interface Counter {
  readonly count: number;
}

const counters: RecordKind<Counter> = { name: 'counters', purgeAt: () => undefined };
const increments = 200;

describe('the MongoDB store on a replica set', () => {
  const set = mongoReplicaSet();
  const stores: MongoStore[] = [];
  before(async () => {
    const uri = withDatabase(set().uri, 'counting');
    stores.push(...(await Promise.all([1, 2].map(() => openMongoStore({ uri, kinds: [counters] })))));
  });
  after(() => Promise.all(stores.map((store) => store.close())));

  it('loses no acknowledged change and makes none twice when the primary is killed', async function () {
    this.timeout(120_000);
    let begun = 0;
    let acknowledged = 0;
    let killed: Promise<string> | undefined;
    const count = async (records: Records<Counter>): Promise<void> => {
      while (begun++ < increments) {
        await records.change('one', (counter) => ({ next: { count: (counter?.count ?? 0) + 1 }, answer: undefined }));
        if (++acknowledged === increments / 4) killed = set().killPrimary();
      }
    };
    await Promise.all(
      stores.flatMap((store) => {
        const records = new Records(store, counters);
        return [count(records), count(records)];
      }),
    );
    assert.ok(killed);
    const member = await killed;
    const read = async (): Promise<number | undefined> => (await stores[0]?.get(counters, 'one'))?.value.count;
    assert.equal(acknowledged, increments);
    assert.equal(await read(), increments);
    await set().restart(member);
    await set().killPrimary();
    assert.equal(await read(), increments, 'the member that came back has everything');
  });
});
