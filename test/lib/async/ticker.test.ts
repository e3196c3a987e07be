import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Ticker } from '../../../lib/async/ticker.js';

const minute = 60_000;
const day = 24 * 60 * minute;

describe('the ticker', () => {
  let ticker: Ticker;
  let beats: string[];
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'Date'], now: Date.parse('2025-06-01T12:00:00Z') });
    ticker = new Ticker();
    beats = [];
  });
  afterEach(() => {
    ticker.stop();
    mock.timers.reset();
  });
  const beat = (name: string) => (): void => {
    beats.push(name);
  };
  const take = (): string => beats.splice(0).join('');

  it('calls soon, and then at every interval', () => {
    ticker.every(minute, beat('a'));
    assert.equal(take(), '');
    mock.timers.tick(1);
    assert.equal(take(), 'a');
    mock.timers.tick(minute);
    assert.equal(take(), 'a');
    for (let count = 0; count < 10; count++) mock.timers.tick(minute);
    assert.equal(take(), 'a'.repeat(10));
  });

  it('calls all who want the same interval together, whenever they came', () => {
    ticker.every(minute, beat('a'));
    mock.timers.tick(40_000);
    ticker.every(minute, beat('b'));
    ticker.every(2 * minute, beat('c'));
    mock.timers.tick(1);
    take();
    mock.timers.tick(20_000);
    assert.equal(take(), 'ab');
    mock.timers.tick(minute);
    assert.deepEqual(beats.splice(0).sort(), ['a', 'b', 'c']);
  });

  it('stops for one and goes on for the others', () => {
    const stop = ticker.every(minute, beat('a'));
    ticker.every(minute, beat('b'));
    mock.timers.tick(1);
    take();
    stop();
    stop();
    mock.timers.tick(minute);
    assert.equal(take(), 'b');
  });

  it('goes on for who comes after all had left', () => {
    const stop = ticker.every(minute, beat('a'));
    mock.timers.tick(1);
    stop();
    ticker.every(minute, beat('b'));
    stop();
    mock.timers.tick(1);
    take();
    for (let count = 0; count < 3; count++) mock.timers.tick(minute);
    assert.equal(take(), 'bbb');
  });

  it('does not call who stopped before the first call, nor who is stopped by another one', () => {
    ticker.every(minute, beat('a'))();
    mock.timers.tick(1);
    assert.equal(take(), '');
    let stop: () => void = () => undefined;
    ticker.every(minute, () => stop());
    stop = ticker.every(minute, beat('b'));
    mock.timers.tick(minute);
    mock.timers.tick(minute);
    assert.equal(take(), '');
  });

  it('is silent once it was stopped, the first calls included', () => {
    ticker.every(minute, beat('a'));
    mock.timers.tick(1);
    ticker.every(minute, beat('b'));
    take();
    ticker.stop();
    mock.timers.tick(10 * minute);
    assert.equal(take(), '');
  });

  it('waits for intervals that no timer can be set to', () => {
    ticker.every(40 * day, beat('a'));
    mock.timers.tick(1);
    assert.equal(take(), 'a');
    for (let count = 0; count < 39; count++) mock.timers.tick(day);
    assert.equal(take(), '');
    mock.timers.tick(day);
    assert.equal(take(), 'a');
  });

  it('goes on where the clock went back', () => {
    ticker.every(minute, beat('a'));
    mock.timers.tick(1);
    take();
    const { now } = Date;
    Date.now = () => now() - 30 * day - 10_000;
    for (let count = 0; count < 4; count++) mock.timers.tick(minute);
    assert.match(take(), /^a{4,5}$/);
    Date.now = now;
  });
});
