import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, parisDay, parisWallTime, startOfDay } from '../../../../lib/linky/paris.js';
import { isComplete, isDue, isSettled } from '../../../../lib/linky/reader/cached-day.js';
import { mayAskAgainAt, nextTimedRead } from '../../../../lib/linky/reader/schedule.js';

const hour = 3_600_000;
const at = (text: string): number => Date.parse(text);
const clock = (moment: number): string => parisWallTime(moment).slice(11);
/** Any moment of some years, clock changes among them. */
const moment = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });

describe('A timed read', () => {
  it('comes once a day in the hour after 08:00 in Paris, never at the full hour', () => {
    fc.assert(
      fc.property(moment, fc.string(), (now, seed) => {
        const next = nextTimedRead(now, seed);
        assert.ok(next > now && next - now <= 26 * hour);
        assert.ok(clock(next) > '08:00:59' && clock(next) <= '09:00:59', clock(next));
        const after = nextTimedRead(next, seed);
        assert.equal(parisDay(after), addDays(parisDay(next), 1));
      }),
    );
  });

  it('comes at the same moment whenever it is asked for on the way', () => {
    fc.assert(
      fc.property(moment, fc.double({ min: 0, max: 0.999, noNaN: true }), (now, part) => {
        const next = nextTimedRead(now, 'a');
        assert.equal(nextTimedRead(now + Math.floor((next - now) * part), 'a'), next);
      }),
    );
  });

  it('comes at another moment for another installation and another day', () => {
    const now = at('2026-11-20T00:00:00Z');
    const moments = Array.from({ length: 50 }, (_, index) => nextTimedRead(now, `node-${index}`));
    assert.ok(new Set(moments).size > 40);
    const minutes = Array.from({ length: 50 }, (_, index) => clock(nextTimedRead(now + index * 24 * hour, 'node')));
    assert.ok(new Set(minutes).size > 40);
  });

  it('comes again in the early afternoon where the day was missing', () => {
    fc.assert(
      fc.property(moment, (now) => {
        const next = nextTimedRead(now, 'a', { missing: true });
        const time = clock(next);
        assert.ok(next > now);
        assert.ok((time > '08:00:59' && time <= '09:00:59') || (time > '13:00:59' && time <= '14:31:59'), time);
        assert.ok(next <= nextTimedRead(now, 'a'));
      }),
    );
  });
});

describe('A day that had no data', () => {
  it('is asked for again after 08:00, after 13:00, then the next day', () => {
    const again = (asked: string): string => parisWallTime(mayAskAgainAt('2026-11-19', at(asked)));
    assert.equal(again('2026-11-20T07:20:00Z'), '2026-11-20 13:00:00');
    assert.equal(again('2026-11-20T13:00:00Z'), '2026-11-21 08:00:00');
    assert.equal(again('2026-11-20T02:00:00Z'), '2026-11-20 08:00:00');
    assert.equal(parisWallTime(mayAskAgainAt('2026-11-10', at('2026-11-20T07:20:00Z'))), '2026-11-21 08:00:00');
  });

  it('is never asked for twice within two hours, and always within a day and a half', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 20 }), (asked, age) => {
        const again = mayAskAgainAt(addDays(parisDay(asked), -age), asked);
        assert.ok(again - asked >= 2 * hour && again - asked <= 36 * hour);
      }),
    );
  });

  it('stays as it is half a month later', () => {
    const day = '2026-11-01';
    const late = startOfDay('2026-11-17');
    const cached = (askedAt: number) => ({ askedAt, readings: [] });
    assert.ok(isDue('daily_consumption', day, undefined, late));
    assert.ok(isDue('daily_consumption', day, cached(late - 48 * hour), late));
    assert.ok(isSettled('daily_consumption', day, cached(late)));
    assert.ok(!isDue('daily_consumption', day, cached(late), late + 1000 * hour));
  });

  it('is asked for where the clock had been ahead', () => {
    const cached = { askedAt: at('2030-01-01T00:00:00Z'), readings: [] };
    assert.ok(isDue('daily_consumption', '2026-11-19', cached, at('2026-11-20T11:00:00Z')));
  });
});

describe('A day of the curve', () => {
  const intervals = (day: string, lengths: readonly number[]) => {
    let start = startOfDay(day);
    return lengths.map((minutes) => {
      const end = start + minutes * 60_000;
      const reading = { start, end, value: 0, unit: 'W' as const };
      start = end;
      return reading;
    });
  };

  it('is complete with 46, 48 or 50 half-hours, or with steps that change', () => {
    const complete = (day: string, lengths: readonly number[]): boolean =>
      isComplete('consumption_load_curve', day, intervals(day, lengths));
    const half = (count: number): number[] => Array.from({ length: count }, () => 30);
    assert.ok(complete('2026-11-19', half(48)));
    assert.ok(complete('2026-03-29', half(46)));
    assert.ok(complete('2026-10-25', half(50)));
    assert.ok(complete('2026-11-19', [...half(24), ...Array.from({ length: 72 }, () => 10)]));
    assert.ok(!complete('2026-11-19', half(47)));
    assert.ok(!complete('2026-10-25', half(48)));
    assert.ok(!isComplete('consumption_load_curve', '2026-11-19', intervals('2026-11-19', half(48)).toSpliced(9, 1)));
  });
});
