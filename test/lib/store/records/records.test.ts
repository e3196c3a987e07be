import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EnergyError } from '../../../../lib/errors.js';
import { openEmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { Records, type Change, type RecordsOptions } from '../../../../lib/store/records/records.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import { freshDirectory } from '../../../support/directory.js';
import { notes, unique, type Note } from './contract.js';
import { TroubledStore, type Trouble } from './troubled-store.js';

const note = (text: string): Note => ({ text, tags: ['all'] });
const counted = (value: Note | undefined): number => Number(value?.text ?? 0);

/** Counts one up, and says the number. */
function increment(value: Note | undefined): Change<Note, number> {
  const number = counted(value) + 1;
  return { next: note(`${number}`), answer: number };
}

/** Takes the note: `true` for the first who does. */
function take(value: Note | undefined): Change<Note, boolean> {
  return value?.text === 'free' ? { next: note('taken'), answer: true } : { answer: false };
}

function failedWith(reason: string) {
  return (error: unknown) => error instanceof EnergyError && error.parameters['reason'] === reason;
}

describe('records', () => {
  const directory = freshDirectory();
  let real: RecordStore;
  let store: TroubledStore;
  beforeEach(async () => {
    real = await openEmbeddedStore({ directory: directory() });
    store = new TroubledStore(real);
  });
  afterEach(() => real.close());

  const over = (given: RecordStore, options?: RecordsOptions) => new Records(given, notes, options);

  describe('in a store that works', () => {
    it('are made once, read, found, changed and removed', async () => {
      const records = over(real);
      assert.equal(await records.get('a'), undefined);
      assert.equal(await records.create('a', note('1')), true);
      assert.equal(await records.create('a', note('2'), 'quick'), false);
      assert.equal(await records.change('a', increment, { durability: 'quick' }), 2);
      assert.deepEqual(await records.get('a'), note('2'));
      assert.deepEqual(await records.find('tag', 'all'), [{ id: 'a', value: note('2') }]);
      assert.deepEqual(await records.find('tag', 'all', 0), []);
      assert.equal(await records.delete('a'), true);
      assert.equal(await records.delete('a'), false);
      assert.equal(await records.change('a', increment), 1);
    });

    it('keep the version where a change decides on none', async () => {
      const records = over(real);
      await records.create('a', note('taken'));
      const before = await real.get(notes, 'a');
      assert.equal(await records.change('a', take), false);
      assert.equal(await records.change('none', take), false);
      assert.deepEqual(await real.get(notes, 'a'), before);
      assert.equal(await real.get(notes, 'none'), undefined);
    });

    it('raise what a transition throws, and stay as they are', async () => {
      const records = over(real, { remembered: 5 });
      await records.create('a', note('1'));
      const refuse = (): Change<Note, never> => {
        throw new RangeError('not like this');
      };
      await assert.rejects(records.change('a', refuse), RangeError);
      assert.deepEqual(await records.get('a'), note('1'));
    });

    for (const remembered of [0, 10]) {
      it(`count every one of parallel changes by three parties, ${remembered} remembered`, async () => {
        const parties = [1, 2, 3].map(() => over(real, { remembered }));
        const changes = parties.flatMap((records) =>
          Array.from({ length: 40 }, () => records.change('a', increment, { durability: 'quick' })),
        );
        const answers = await Promise.all(changes);
        assert.deepEqual(
          answers.sort((a, b) => a - b),
          Array.from({ length: 120 }, (_, index) => index + 1),
        );
        assert.equal(counted(await parties[0]?.get('a')), 120);
      });

      it(`give what there is once to exactly one of 60, ${remembered} remembered`, async () => {
        const parties = [1, 2, 3].map(() => over(real, { remembered }));
        await parties[0]?.create('a', note('free'));
        const takers = parties.flatMap((records) => Array.from({ length: 20 }, () => records.change('a', take)));
        assert.equal((await Promise.all(takers)).filter((won) => won).length, 1);
      });
    }

    it('pass on how safe a write is to be', async () => {
      const records = over(store);
      await records.create('a', note('1'));
      await records.create('b', note('1'), 'quick');
      await records.change('a', increment);
      await records.change('a', increment, { durability: 'quick' });
      assert.deepEqual(store.durabilities, ['safe', 'quick', 'safe', 'quick']);
    });
  });

  describe('that are remembered', () => {
    it('cost a single write to change', async () => {
      const records = over(store, { remembered: 2 });
      await records.create('a', note('0'));
      store.calls.length = 0;
      for (let times = 0; times < 3; times++) await records.change('a', increment);
      assert.deepEqual(store.calls, ['replace', 'replace', 'replace']);
    });

    it('are read again before anybody is told that nothing changes', async () => {
      const [here, elsewhere] = [over(store, { remembered: 2 }), over(real)];
      await here.create('a', note('taken'));
      await elsewhere.change('a', () => ({ next: note('free'), answer: 0 }));
      assert.equal(await here.change('a', take), true);
      await elsewhere.delete('a');
      assert.equal(await here.change('a', take), false);
      assert.equal(await here.get('a'), undefined);
    });

    it('do not outlive a change made elsewhere', async () => {
      const [here, elsewhere] = [over(store, { remembered: 2 }), over(real)];
      await here.change('a', increment);
      await elsewhere.change('a', increment);
      assert.equal(await here.change('a', increment), 3);
      await elsewhere.delete('a');
      assert.equal(await here.change('a', increment), 1);
    });

    it('are the last used ones', async () => {
      const records = over(store, { remembered: 2 });
      for (const id of ['a', 'b', 'a', 'c']) await records.change(id, increment);
      store.calls.length = 0;
      for (const id of ['a', 'c', 'b']) await records.change(id, increment);
      assert.deepEqual(store.calls, ['replace', 'replace', 'get', 'replace']);
    });
  });

  describe('in a store that fails', () => {
    const troubles: Trouble[] = ['lost', 'answer lost', 'late'];
    for (const trouble of troubles) {
      it(`are made, changed and removed once all the same: ${trouble}`, async () => {
        const records = over(store, { remembered: 1 });
        store.trouble('write', trouble);
        assert.equal(await records.create('a', note('0')), true);
        store.trouble('write', trouble);
        assert.equal(await records.change('a', increment), 1);
        store.trouble('write', trouble);
        assert.equal(await records.change('b', increment), 1);
        store.trouble('read', trouble);
        assert.deepEqual(await records.get('a'), note('1'));
        store.trouble('read', trouble);
        assert.equal((await records.find('tag', 'all')).length, 2);
        store.trouble('write', trouble);
        assert.equal(await records.delete('a'), true);
        assert.equal(await real.get(notes, 'a'), undefined);
      });
    }

    it('are not taken for made where somebody else made them while the store failed', async () => {
      const records = over(store);
      store.trouble('write', 'lost', () => over(real).create('a', note('of another')));
      assert.equal(await records.create('a', note('mine')), false);
      assert.deepEqual(await records.get('a'), note('of another'));
    });

    it('are decided on anew where somebody else changed them while the store failed', async () => {
      const records = over(store);
      await records.create('a', note('free'));
      store.trouble('write', 'lost', () => over(real).change('a', take));
      assert.equal(await records.change('a', take), false);
    });

    it('are decided on anew where somebody else was faster, many times', async () => {
      const records = over(store, { remembered: 1 });
      await records.create('a', note('0'));
      for (let times = 0; times < 12; times++) {
        store.trouble('write', 'none', () => over(real).change('a', increment));
      }
      assert.equal(await records.change('a', increment), 13);
    });

    it('give the error of the store when patience ends', async () => {
      const records = over(store, { patience: 120 });
      store.broken = true;
      await assert.rejects(records.get('a'), failedWith('test'));
      await assert.rejects(records.find('tag', 'all'), failedWith('test'));
      await assert.rejects(records.create('a', note('1')), failedWith('test'));
      await assert.rejects(records.change('a', increment), failedWith('test'));
      await assert.rejects(records.delete('a'), failedWith('test'));
    });

    it('are given up where others change them all the time', async () => {
      const records = over(store, { contention: 50 });
      store.always = () => over(real).change('a', increment);
      await assert.rejects(records.change('a', increment), failedWith('contention'));
    });

    it('do not wait for a store that was closed', async () => {
      await real.close();
      const records = over(real, { patience: 3_600_000 });
      await assert.rejects(records.get('a'), failedWith('closed'));
      await assert.rejects(records.change('a', increment), failedWith('closed'));
    });

    it('raise at once what is no failure of the store', async () => {
      const records = over(real, { patience: 3_600_000 });
      const circle: { self?: unknown } = {};
      circle.self = circle;
      await assert.rejects(records.create('a', { ...note('1'), more: circle }), TypeError);
    });

    it('count each change exactly once, whatever goes wrong', async () => {
      const kinds = fc.array(fc.constantFrom<Trouble>('none', 'lost', 'answer lost', 'late'), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(kinds, fc.integer({ min: 1, max: 4 }), fc.nat(1), async (given, changes, remembered) => {
          const id = unique();
          const records = over(store, { remembered });
          given.forEach((trouble) => store.trouble('write', trouble));
          const answers = await Promise.all(Array.from({ length: changes }, () => records.change(id, increment)));
          store.clear();
          assert.deepEqual(
            [...answers].sort(),
            Array.from({ length: changes }, (_, index) => index + 1),
          );
          assert.equal(counted(await records.get(id)), changes);
        }),
        { numRuns: 25 },
      );
    });
  });
});
