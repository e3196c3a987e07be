import assert from 'node:assert/strict';
import { EnergyError } from '../../../../lib/errors.js';
import type { LimitRule, Limits } from '../../../../lib/proxy/limits/limits.js';
import { createLimits } from '../../../../lib/proxy/limits/store-limits.js';
import { rateBuckets } from '../../../../lib/proxy/records/kinds.js';
import type { RateBucket } from '../../../../lib/proxy/records/types.js';
import { openEmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { Records } from '../../../../lib/store/records/records.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import { freshDirectory } from '../../../support/directory.js';

const start = Date.UTC(2026, 10, 1);
const minute: LimitRule = { name: 'minute', limit: 10, window: 60_000 };
const hour: LimitRule = { name: 'hour', limit: 15, window: 3600_000 };

/** The store, with its writes counted, and refused where it is told to. */
function watched(store: RecordStore): RecordStore & { writes: number; broken: boolean } {
  const state = { writes: 0, broken: false };
  const write = <R>(operation: () => Promise<R>): Promise<R> => {
    state.writes += 1;
    return state.broken ? Promise.reject(new EnergyError('storage_failed', 'The store is away.')) : operation();
  };
  return Object.assign(state, {
    get: store.get.bind(store),
    insert: <T>(...given: Parameters<typeof store.insert<T>>) => write(() => store.insert(...given)),
    replace: <T>(...given: Parameters<typeof store.replace<T>>) => write(() => store.replace(...given)),
    find: store.find.bind(store),
    delete: store.delete.bind(store),
    check: store.check.bind(store),
    close: store.close.bind(store),
  });
}

describe('limits in a store', () => {
  const directory = freshDirectory();
  let store: ReturnType<typeof watched>;
  let now = start;
  let limits: Limits;

  beforeEach(async () => {
    now = start;
    store = watched(await openEmbeddedStore({ directory: directory(), now: () => now }));
    limits = createLimits(new Records<RateBucket>(store, rateBuckets, { patience: 50 }), () => now);
  });
  afterEach(() => store.close());

  async function allowedOf(count: number, rules: readonly LimitRule[], subject = 'one', by = limits): Promise<number> {
    const answers = await Promise.all(Array.from({ length: count }, () => by.take(rules, subject)));
    return answers.filter(({ allowed }) => allowed).length;
  }

  it('allow exactly so many of those that come at once, and each subject its own', async () => {
    assert.equal(await allowedOf(50, [minute]), 10);
    assert.equal(await allowedOf(50, [minute], 'two'), 10);
    assert.equal(await allowedOf(1, [{ ...minute, name: 'another' }]), 1);
  });

  it('count over all instances', async () => {
    const others = createLimits(new Records<RateBucket>(store, rateBuckets), () => now);
    const counts = await Promise.all([allowedOf(30, [minute]), allowedOf(30, [minute], 'one', others)]);
    assert.equal(counts[0] + counts[1], 10);
  });

  it('write once for all that come while a write is under way', async () => {
    assert.equal(await allowedOf(1000, [{ ...minute, limit: 1000 }]), 1000);
    assert.ok(store.writes <= 3, `${store.writes} writes`);
  });

  it('do not write for a request that is refused', async () => {
    await allowedOf(10, [minute]);
    const before = store.writes;
    assert.equal(await allowedOf(20, [minute]), 0);
    assert.equal(await allowedOf(20, [hour, minute]), 0);
    assert.equal(store.writes, before);
  });

  it('take under all rules or under none', async () => {
    assert.equal(await allowedOf(30, [minute, hour]), 10);
    // Those that were refused by the first rule must not have used up the second.
    now += 60_000;
    now += 60_000;
    assert.equal(await allowedOf(30, [minute, hour]), 5);
    assert.equal((await limits.look([minute], 'one')).allowed, true);
    assert.equal(await allowedOf(30, [hour, minute]), 0);
    assert.equal(await allowedOf(30, [minute]), 5);
  });

  it('tell how long to wait, which is enough', async () => {
    await allowedOf(10, [minute]);
    now += 1000;
    const refused = await limits.take([minute, hour], 'one');
    assert.equal(refused.allowed, false);
    assert.ok(refused.wait > 0 && refused.wait <= 60_000);
    assert.deepEqual(await limits.look([minute, hour], 'one'), refused);
    now += refused.wait;
    assert.deepEqual(await limits.look([minute, hour], 'one'), { allowed: true, wait: 0 });
    assert.equal(await allowedOf(1, [minute, hour]), 1);
  });

  it('raise where the store is away, and go on when it is back', async () => {
    store.broken = true;
    const outcomes = await Promise.allSettled([limits.take([minute], 'one'), limits.take([minute, hour], 'one')]);
    for (const outcome of outcomes) {
      assert.equal(outcome.status, 'rejected');
      assert.equal((outcome.reason as EnergyError).code, 'storage_failed');
    }
    store.broken = false;
    assert.equal(await allowedOf(20, [minute]), 10);
  });
});
