import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, daysBetween } from '../../../../lib/linky/paris.js';
import { daysOf } from '../../../../lib/linky/reader/days.js';
import { halves, highestFloor, planWindows, reachable } from '../../../../lib/linky/reader/windows.js';

const day = fc.integer({ min: 0, max: 1500 }).map((count) => addDays('2023-01-01', count));

describe('The windows of a range', () => {
  it('cover each day that is wanted exactly once, and no other, within the limits', () => {
    const given = fc.record({
      start: day,
      length: fc.integer({ min: 0, max: 800 }),
      longestDays: fc.integer({ min: 1, max: 365 }),
      cached: fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 60 }),
    });
    fc.assert(
      fc.property(given, ({ start, length, longestDays, cached }) => {
        const inCache = new Set(cached);
        const wanted = daysOf(start, addDays(start, length)).filter((_, index) => !inCache.has(index));
        const windows = planWindows(wanted, { longestDays });
        const covered = windows.flatMap((window) => daysOf(window.start, window.end));
        assert.deepEqual(covered.toSorted(), wanted);
        assert.ok(windows.every((window) => daysBetween(window.start, window.end) <= longestDays));
      }),
      { numRuns: 300 },
    );
  });

  it('are as few as the limits allow for a range without gaps, the newest first', () => {
    const windows = planWindows(daysOf('2025-11-20', '2026-11-20'), { longestDays: 7 });
    assert.equal(windows.length, Math.ceil(365 / 7));
    assert.deepEqual(windows[0], { start: '2026-11-13', end: '2026-11-20' });
    assert.equal(windows.at(-1)?.start, '2025-11-20');
  });

  it('of a floor that is searched come down to one day', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 400 }), (start, length) => {
        const window = { start, end: addDays(start, length) };
        const parts = halves(window);
        if (length === 1) assert.equal(parts, undefined);
        else {
          assert.ok(parts);
          const [newer, older] = parts;
          assert.equal(older.start, window.start);
          assert.equal(older.end, newer.start);
          assert.equal(newer.end, window.end);
          assert.ok(older.start < older.end && newer.start < newer.end);
        }
      }),
    );
  });
});

describe('The part of a range that can be had', () => {
  const limits = { longestDays: 7, historyDays: 745 };

  it('begins neither before the history nor before the activation, and ends yesterday', () => {
    fc.assert(
      fc.property(day, day, day, (start, end, activation) => {
        const today = '2026-11-20';
        const floor = highestFloor(today, limits, [{ day: activation, reason: 'before_activation' }]);
        const range = reachable({ start, end }, floor.day, today);
        assert.ok(range.start <= range.end);
        for (const each of daysOf(range.start, range.end)) {
          assert.ok(each >= start && each < end && each < today);
          assert.ok(each >= activation && each >= addDays(today, -limits.historyDays));
        }
        const expected = daysOf(start, end).filter((each) => each >= floor.day && each < today);
        assert.deepEqual(daysOf(range.start, range.end), expected);
      }),
    );
  });

  it('tells why it begins later', () => {
    assert.equal(highestFloor('2026-11-20', limits, []).reason, 'before_history');
    const activation = { day: '2026-05-01', reason: 'before_activation' } as const;
    const consent = { day: '2026-06-01', reason: 'before_consent' } as const;
    assert.deepEqual(highestFloor('2026-11-20', limits, [activation, consent]), consent);
  });
});
