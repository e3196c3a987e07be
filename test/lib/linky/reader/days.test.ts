import assert from 'node:assert/strict';
import { parseDay } from '../../../../lib/linky/reader/days.js';

/** Half past midnight in Paris, when it is still the day before in UTC. */
const now = Date.parse('2026-03-30T22:30:00Z');

describe('A day as a flow gives it', () => {
  const understood: readonly (readonly [unknown, string])[] = [
    ['today', '2026-03-31'],
    [' Yesterday ', '2026-03-30'],
    ['-7d', '2026-03-24'],
    ['-2w', '2026-03-17'],
    ['-1m', '2026-02-28'],
    ['-3m', '2025-12-31'],
    ['-1y', '2025-03-31'],
    ['-0d', '2026-03-31'],
    ['2026-02-28', '2026-02-28'],
    ['2026-02-28T23:30:00', '2026-02-28'],
    ['2026-02-28T23:30:00Z', '2026-03-01'],
    ['2026-02-28T23:30:00.000+01:00', '2026-02-28'],
    [Date.parse('2026-10-24T22:00:00Z'), '2026-10-25'],
    [String(Date.parse('2026-10-24T21:59:59Z')), '2026-10-24'],
    [new Date('2026-03-28T23:00:00Z'), '2026-03-29'],
  ];
  for (const [given, day] of understood) {
    it(`is understood: ${given instanceof Date ? given.toISOString() : String(given)}`, () => {
      assert.equal(parseDay(given, now), day);
    });
  }

  const refused: readonly unknown[] = [
    'tomorrow',
    '7d',
    '2026-02-30',
    '20/11/2026',
    '',
    12,
    Number.NaN,
    new Date('x'),
    {},
    null,
    true,
  ];
  for (const given of refused) {
    it(`is refused: ${String(given)}`, () => {
      assert.throws(() => parseDay(given, now, 'to'), {
        code: 'invalid_argument',
        message: /^"to" must be a day/,
        parameters: {
          field: 'to',
          allowed: 'a day (2026-11-20), "today", "yesterday", "-7d", "-2w", "-3m", "-1y", a date or milliseconds',
        },
      });
    });
  }
});
