import assert from 'node:assert/strict';
import { tokenFamilies } from '../../../../lib/proxy/records/kinds.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import { worlds } from '../routes/world.js';
import { failingStore } from './failing-store.js';

/** Counts the token families that come and go. */
function counting(store: RecordStore): { readonly store: RecordStore; families(): number } {
  let families = 0;
  return {
    families: () => families,
    store: {
      ...failingStore(store, 0, 'before').store,
      insert: async (kind, record, durability) => {
        const done = await store.insert(kind, record, durability);
        if (done && kind.name === tokenFamilies.name) families += 1;
        return done;
      },
      delete: async (kind, id, expected) => {
        const done = await store.delete(kind, id, expected);
        if (done && kind.name === tokenFamilies.name) families -= 1;
        return done;
      },
    },
  };
}

describe('parallel redeems', () => {
  const open = worlds();

  it('98: of twenty on two instances exactly one is given tokens, and nothing of the others stays', async () => {
    const world = await open();
    const { deviceCode } = await world.begin();
    await world.consent(deviceCode);
    const counted = counting(world.store);
    const instances = [0, 1].map(() => world.beside({ wrap: () => counted.store }));
    const answers = await Promise.all(
      Array.from({ length: 10 }).flatMap(() => instances.map((instance) => instance.poll(deviceCode))),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [200, 400]);
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const { status, body } of answers) if (status !== 200) assert.equal(body['error'], 'invalid_grant');
    assert.equal(counted.families(), 1);
    assert.equal((await world.read(String(won[0]?.body['access_token']))).status, 200);
  });
});
