import assert from 'node:assert/strict';
import { Serial } from '../../../lib/async/serial.js';
import { SingleFlight } from '../../../lib/async/single-flight.js';

describe('tasks that run one after another', () => {
  it('start in the order of their arrival, each when the one before has ended', async () => {
    const serial = new Serial();
    const log: string[] = [];
    const task = (name: string) => async (): Promise<string> => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      return name;
    };
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((name) => serial.run(task(name)))), ['a', 'b', 'c']);
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('go on after one that fails, whose failure is told to who asked for it', async () => {
    const serial = new Serial();
    const failing = assert.rejects(
      serial.run(() => Promise.reject(new Error('first'))),
      /first/,
    );
    const thrown = assert.rejects(
      serial.run(() => {
        throw new Error('second');
      }),
      /second/,
    );
    assert.equal(await serial.run(() => Promise.resolve('third')), 'third');
    await Promise.all([failing, thrown]);
  });
});

describe('a task that all share', () => {
  it('runs once for all who ask while it is under way, and anew afterwards', async () => {
    const flight = new SingleFlight<number>();
    let count = 0;
    const task = (): Promise<number> => new Promise((resolve) => setImmediate(() => resolve(++count)));
    assert.equal(flight.running, undefined);
    const all = Array.from({ length: 100 }, () => flight.run(task));
    assert.ok(flight.running);
    assert.deepEqual(new Set(await Promise.all(all)), new Set([1]));
    assert.equal(flight.running, undefined);
    assert.equal(await flight.run(task), 2);
  });

  it('fails for all, and may be tried again', async () => {
    const flight = new SingleFlight<number>();
    const failing = (): Promise<number> => Promise.reject(new Error('no'));
    await Promise.all([1, 2, 3].map(() => assert.rejects(flight.run(failing), /no/)));
    assert.equal(await flight.run(() => Promise.resolve(7)), 7);
  });
});
