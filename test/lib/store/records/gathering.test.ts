import assert from 'node:assert/strict';
import { Gathering } from '../../../../lib/store/records/gathering.js';

describe('gathering what is asked for in one turn', () => {
  function doubling(): { readonly gathering: Gathering<number, number>; readonly runs: number[][] } {
    const runs: number[][] = [];
    const gathering = new Gathering<number, number>((items) => {
      runs.push([...items]);
      return Promise.resolve(items.map((item) => 2 * item));
    });
    return { gathering, runs };
  }

  it('runs once for all of them and gives each his own result', async () => {
    const { gathering, runs } = doubling();
    assert.deepEqual(await Promise.all([3, 1, 2].map((item) => gathering.ask(item))), [6, 2, 4]);
    assert.deepEqual(runs, [[3, 1, 2]]);
  });

  it('does not let what comes later wait for what is under way', async () => {
    let release: ((items: number[]) => void) | undefined;
    const under = new Promise<number[]>((resolve) => (release = resolve));
    const gathering = new Gathering<number, number>((items) => (items[0] === 1 ? under : Promise.resolve([...items])));
    const first = gathering.ask(1);
    await new Promise(setImmediate);
    assert.equal(await gathering.ask(2), 2);
    release?.([1]);
    assert.equal(await first, 1);
  });

  it('splits what is too much for one run', async () => {
    const { gathering, runs } = doubling();
    const items = Array.from({ length: 250 }, (_, index) => index);
    const results = await Promise.all(items.map((item) => gathering.ask(item)));
    assert.deepEqual(
      results,
      items.map((item) => 2 * item),
    );
    assert.deepEqual(
      runs.map(({ length }) => length),
      [100, 100, 50],
    );
  });

  it('tells everybody of a run that failed, and goes on', async () => {
    let broken = true;
    const gathering = new Gathering<number, number>((items) =>
      broken ? Promise.reject(new Error('broken')) : Promise.resolve([...items]),
    );
    const outcomes = await Promise.allSettled([gathering.ask(1), gathering.ask(2)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    broken = false;
    assert.equal(await gathering.ask(3), 3);
  });
});
