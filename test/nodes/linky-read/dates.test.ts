import assert from 'node:assert/strict';
import { dayOf, usagePointOf } from '../../../nodes/linky-read/dates.js';
import { readRequestOf, type ReadMessage, type ReadProperties } from '../../../nodes/linky-read/request.js';

/** Half past midnight on 31 March 2026 in Paris, still the 30th in UTC. */
const now = Date.parse('2026-03-31T00:30:00+02:00');

describe('the days that linky-read understands', () => {
  it('are days of France, absolute and relative', () => {
    const days = ['2026-11-20', ' Today ', 'yesterday', '-7d', '-0d', '-2w', '-1m', '-13m', '-1y'].map((text) =>
      dayOf(text, now),
    );
    assert.deepEqual(days, [
      '2026-11-20',
      '2026-03-31',
      '2026-03-30',
      '2026-03-24',
      '2026-03-31',
      '2026-03-17',
      '2026-02-28',
      '2025-02-28',
      '2025-03-31',
    ]);
  });

  it('are those of moments, too', () => {
    const moments = [now, new Date(now), '2026-03-30T22:30:00Z', '2026-03-31T00:30:00+02:00', '2026-03-31T00:30+0200'];
    assert.deepEqual(
      moments.map((moment) => dayOf(moment, 0)),
      moments.map(() => '2026-03-31'),
    );
  });

  it('are nothing else', () => {
    const nonsense = ['2026-02-30', '20/11/2026', '7d', '-7', '-7h', '2026-11-20 10:00', '2026-11-20T10:00:00', 'now'];
    const others = [Number.NaN, -1, 1e300, new Date(Number.NaN), true, {}, null, undefined, '', '-9999y'];
    assert.deepEqual(
      [...nonsense, ...others].filter((value) => dayOf(value, now) !== undefined),
      [],
    );
  });

  it('usage points may be written with spaces', () => {
    assert.equal(usagePointOf(' 2251 6914 6041 30 '), '22516914604130');
    assert.equal(usagePointOf('2251691460413'), undefined);
    assert.equal(usagePointOf('2251691460413O'), undefined);
  });
});

describe('what linky-read is asked for', () => {
  const ask = (properties: ReadProperties, message: Partial<ReadMessage> = {}) =>
    readRequestOf(properties, message, now, (problem) => problem);
  const refusal = (properties: ReadProperties, message: Partial<ReadMessage> = {}): string => {
    try {
      ask(properties, message);
    } catch (error) {
      const { code, message: text } = error as Error & { code: string };
      return `${code} ${text}`;
    }
    return 'nothing';
  };

  it('is what is new where no first day is given', () => {
    assert.deepEqual(ask({ dataset: 'daily_production', from: ' ', to: '', usagePoint: '' }), {
      dataset: 'daily_production',
    });
  });

  it('is what the message says, and for what it leaves open the node', () => {
    const properties = { dataset: 'daily_consumption', from: '-7d', to: '-1d', usagePoint: '22516914604130' };
    const asked = { dataset: 'daily_consumption', usagePoint: '22516914604130' };
    assert.deepEqual(ask(properties), { ...asked, from: '2026-03-24', to: '2026-03-30' });
    assert.deepEqual(ask(properties, { from: '2026-01-01' }), { ...asked, from: '2026-01-01', to: '2026-03-30' });
    assert.deepEqual(ask(properties, { from: '', to: now }), { ...asked, from: '2026-03-24', to: '2026-03-31' });
  });

  it('is refused with the field that is wrong', () => {
    assert.equal(refusal({ dataset: 'consumption' }), 'invalid_argument dataset: dataset.unknown');
    assert.equal(refusal({ from: 'soon' }), 'invalid_argument from: date.invalid');
    assert.equal(refusal({ from: '-7d' }, { to: 'soon' }), 'invalid_argument msg.to: date.invalid');
    assert.equal(refusal({ from: '-7d', to: '-7d' }), 'invalid_argument from: range.empty');
    assert.equal(refusal({ from: 'today' }), 'invalid_argument from: range.empty');
    assert.equal(refusal({ usagePoint: '1234' }), 'invalid_argument usagePoint: usagePoint.invalid');
  });

  it('has no dates where it is a contract', () => {
    assert.deepEqual(ask({ dataset: 'contract', from: 'soon', to: '-1d' }), { dataset: 'contract' });
  });
});
