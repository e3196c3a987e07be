import assert from 'node:assert/strict';
import { isQuietTime } from '../../../../lib/envoy/gentle/quiet-window.js';

describe('the quiet window around 23:00', () => {
  const paris = (time: string): number => Date.parse(`2026-06-20T${time}+02:00`);

  for (const [time, quiet] of [
    ['22:56:59', false],
    ['22:57:00', true],
    ['23:00:00', true],
    ['23:09:59', true],
    ['23:10:00', false],
    ['11:00:00', false],
    ['00:00:00', false],
  ] as const) {
    it(`${time} is ${quiet ? 'in it' : 'not in it'}`, () => {
      assert.equal(isQuietTime(paris(time), 'Europe/Paris'), quiet);
    });
  }

  it('goes by the time zone of the gateway, not of anybody else', () => {
    const evening = paris('23:00:00');
    assert.equal(isQuietTime(evening, 'America/Los_Angeles'), false);
    assert.equal(isQuietTime(evening + 9 * 3_600_000, 'America/Los_Angeles'), true);
    assert.equal(isQuietTime(Date.parse('2026-06-20T17:20:00Z'), 'Asia/Kathmandu'), true, 'a zone with odd minutes');
  });

  it('moves with the clocks of summer and winter', () => {
    const nights = ['2026-01-20T22:00:00Z', '2026-07-20T21:00:00Z'].map(Date.parse);
    for (const night of nights) assert.equal(isQuietTime(night, 'Europe/Paris'), true);
    for (const night of nights) assert.equal(isQuietTime(night + 3_600_000, 'Europe/Paris'), false);
  });
});
