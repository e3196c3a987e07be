import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RecordStore, StoredRecord } from '../../../../lib/store/records/store.js';
import { ids, notes, stored, unique, type Note } from './note.js';

type Operation =
  | { readonly kind: 'insert' | 'replace' | 'replace-stale'; readonly id: number; readonly tags: number[] }
  | { readonly kind: 'delete' | 'delete-stale' | 'delete-any'; readonly id: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('insert', 'replace', 'replace-stale'),
    id: fc.nat(3),
    tags: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('delete', 'delete-stale', 'delete-any'), id: fc.nat(3) }),
);

/** Carries an operation out on the store and on the map that models it; both must say the same. */
async function step(store: RecordStore, model: Map<string, StoredRecord<Note>>, run: string, given: Operation) {
  const id = `${run}-${given.id}`;
  const present = model.get(id);
  const expected = given.kind.endsWith('-stale') ? unique() : (present?.version ?? unique());
  const fits = present?.version === expected;
  if ('tags' in given) {
    const record = stored(id, { tags: given.tags.map((tag) => `${run}-${tag}`) });
    const answer =
      given.kind === 'insert'
        ? await store.insert(notes, record, 'quick')
        : await store.replace(notes, record, expected, 'quick');
    assert.equal(answer, given.kind === 'insert' ? present === undefined : fits);
    if (answer) model.set(id, record);
    return;
  }
  const any = given.kind === 'delete-any';
  const answer = await (any ? store.delete(notes, id) : store.delete(notes, id, expected));
  assert.equal(answer, any ? present !== undefined : fits);
  if (answer) model.delete(id);
}

/** The test against a map as model. */
export function describeModel(current: () => RecordStore): void {
  it('does what a map would, whatever is done in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
        const [run, map] = [unique(), new Map<string, StoredRecord<Note>>()];
        for (const each of operations) await step(current(), map, run, each);
        for (const number of [0, 1, 2, 3]) {
          const id = `${run}-${number}`;
          assert.deepEqual(await current().get(notes, id), map.get(id));
          const tagged = [...map.values()].filter(({ value }) => value.tags.includes(id));
          assert.deepEqual(ids(await current().find(notes, 'tag', id, 10)), ids(tagged));
        }
      }),
      { numRuns: 50 },
    );
  });
}
