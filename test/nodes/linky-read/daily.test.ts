import assert from 'node:assert/strict';
import { parisWallTime } from '../../../lib/linky/paris.js';
import type { Timing } from '../../../lib/linky/reader/pacing.js';
import { DailyReads } from '../../../nodes/linky-read/daily.js';

const seed = 'a node';
const noon = Date.parse('2026-11-20T12:00:00+01:00');

/** Timed reads on a clock that jumps to the end of every wait; `answers` are what the reads say, then everything stops. */
async function readAt(
  start: number,
  answers: readonly boolean[],
  act?: (daily: DailyReads) => void,
): Promise<string[]> {
  let time = start;
  const times: string[] = [];
  const left = [...answers];
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  const timing: Timing = {
    now: () => time,
    random: () => 0.5,
    wait: async (milliseconds, signal) => {
      await Promise.resolve();
      signal.throwIfAborted();
      time += milliseconds;
    },
  };
  const daily = new DailyReads({
    seed,
    timing,
    onNext: () => undefined,
    read: () => {
      times.push(parisWallTime(time));
      const answer = left.shift() ?? false;
      if (left.length === 0) {
        daily.stop();
        ended();
      }
      return Promise.resolve(answer);
    },
  });
  daily.start();
  act?.(daily);
  await end;
  return times;
}

describe('timed reads of linky-read', () => {
  it('come once a day after eight, not at the full hour, at the same times after a restart', async () => {
    const times = await readAt(noon, [false, false, false]);
    assert.deepEqual(
      times.map((time) => time.slice(0, 13)),
      ['2026-11-21 08', '2026-11-22 08', '2026-11-23 08'],
    );
    assert.ok(times.every((time) => !time.slice(14).startsWith('00')));
    assert.deepEqual(await readAt(noon, [false, false, false]), times);
  });

  it('come once more in the early afternoon where yesterday was not there', async () => {
    const times = await readAt(noon, [true, true, false]);
    const hours = times.map((time) => Number(time.slice(11, 13)));
    assert.deepEqual(
      times.map((time) => time.slice(0, 10)),
      ['2026-11-21', '2026-11-21', '2026-11-22'],
    );
    assert.ok(hours[0] === 8 && (hours[1] ?? 0) >= 13 && (hours[1] ?? 0) < 15 && hours[2] === 8, times.join(', '));
  });

  it('are made up for some minutes later where Node-RED was off at their time', async () => {
    const times = await readAt(noon, [false, false], (daily) => daily.catchUp());
    assert.deepEqual(
      times.map((time) => time.slice(0, 13)),
      ['2026-11-20 12', '2026-11-21 08'],
    );
    assert.equal(times[0]?.slice(11), '12:03:00');
  });

  it('come some minutes after a consent, also before they were due', async () => {
    const night = Date.parse('2026-11-20T02:00:00+01:00');
    const times = await readAt(night, [false, false], (daily) => daily.soon());
    assert.deepEqual(
      times.map((time) => time.slice(0, 16)),
      ['2026-11-20 02:03', times[1]?.slice(0, 16)],
    );
    assert.equal(times[1]?.slice(0, 13), '2026-11-20 08');
  });

  it('are not made up for before they were due', async () => {
    const morning = Date.parse('2026-11-20T07:00:00+01:00');
    const [first] = await readAt(morning, [false], (daily) => daily.catchUp());
    assert.equal(first?.slice(0, 13), '2026-11-20 08');
  });
});
