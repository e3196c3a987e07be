import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MeasurementDataset } from '../../../../lib/linky/datasets.js';
import { usagePoint } from './days.js';
import { daily, readings, translate } from './translated.js';

describe('measured values of 2026 in the words of v5', () => {
  it('drop points without a number or a date and keep the others (check 135)', () => {
    const points = [
      { v: null, d: '2026-11-03 00:30:00' },
      { v: '', d: '2026-11-03 01:00:00' },
      { v: 'abc', d: '2026-11-03 01:30:00' },
      { v: '0', d: '2026-11-03 02:00:00' },
      { v: '7', d: '2026-02-30 02:30:00' },
      { v: '7', d: '20XX-XX-XX 02:30:00' },
      { v: '7', d: null },
      { v: '7' },
      null,
      'x',
      { v: 12, d: '2026-11-03 03:00:00' },
    ];
    const document = daily({ grandeurPhysique: 'PA', unite: 'W', points });
    assert.deepEqual(
      readings(translate(document)).map(({ value, date }) => [value, date]),
      [
        ['0', '2026-11-03 02:00:00'],
        ['12', '2026-11-03 03:00:00'],
      ],
    );
  });

  it('give days as days, and the sum of the day in Wh (check 136)', () => {
    const points = [
      { v: '12.345', d: '2026-11-04 00:00:00' },
      { v: 9, d: '2026-11-03' },
    ];
    assert.deepEqual(translate(daily({ unite: 'kWh', points }), { dataset: 'daily_consumption' }), {
      meter_reading: {
        usage_point_id: usagePoint,
        start: '2026-11-03',
        end: '2026-11-05',
        quality: 'BRUT',
        reading_type: { unit: 'Wh', measurement_kind: 'energy', aggregate: 'sum', measuring_period: 'P1D' },
        interval_reading: [
          { value: '9000', date: '2026-11-03' },
          { value: '12345', date: '2026-11-04' },
        ],
      },
    });
  });

  it('turn every multiple of a unit into the unit', () => {
    const valueIn = (dataset: MeasurementDataset, unite: string) =>
      readings(translate(daily({ unite, points: [{ v: '1,5', d: '2026-11-03 18:32:10' }] }), { dataset }))[0]?.value;
    assert.equal(valueIn('daily_consumption', 'Wh'), '2');
    assert.equal(valueIn('daily_consumption', 'kWh'), '1500');
    assert.equal(valueIn('daily_consumption', 'MWh'), '1500000');
    assert.equal(valueIn('consumption_load_curve', 'kW'), '1500');
    assert.equal(valueIn('daily_consumption_max_power', 'kVA'), '1500');
    for (const unite of ['kvarh', 'W', '°C']) {
      assert.throws(() => valueIn('daily_consumption', unite), { code: 'reply_invalid' });
    }
  });

  it('keep the moment of the highest power', () => {
    const points = [{ v: '5432', d: '2026-11-03T18:32:10+01:00' }];
    const document = daily({ grandeurPhysique: 'PMA', unite: 'VA', points });
    const { reading_type, interval_reading } = translate(document, {
      dataset: 'daily_consumption_max_power',
    }).meter_reading;
    assert.deepEqual(interval_reading, [{ value: '5432', date: '2026-11-03 18:32:10' }]);
    assert.deepEqual(reading_type, {
      unit: 'VA',
      measurement_kind: 'power',
      aggregate: 'maximum',
      measuring_period: 'P1D',
    });
  });

  it('read UTC as time of Paris and leave other offsets aside', () => {
    const dateOf = (d: string) => readings(translate(daily({ unite: 'W', points: [{ v: 1, d }] })))[0]?.date;
    assert.equal(dateOf('2026-07-01T10:00:00Z'), '2026-07-01 12:00:00');
    assert.equal(dateOf('2026-12-01T10:00:00.123+00:00'), '2026-12-01 11:00:00');
    assert.equal(dateOf('2026-12-31T23:30:00Z'), '2027-01-01 00:30:00');
    assert.equal(dateOf('2026-07-01 10:00:00+02:00'), '2026-07-01 10:00:00');
    assert.equal(dateOf('2026-07-01 10:00'), '2026-07-01 10:00:00');
    assert.equal(dateOf('2026-07-01T24:00:00'), '2026-07-02 00:00:00');
  });

  it('put the repeated hour in order where dates are UTC', () => {
    const points = ['01:30', '00:30', '01:00', '00:00'].map((time, v) => ({ v, d: `2026-10-25T${time}:00Z` }));
    const translated = readings(translate(daily({ unite: 'W', points }), { start: '2026-10-25' }));
    assert.deepEqual(
      translated.map(({ value, date }) => [value, date.slice(11, 16)]),
      [
        ['3', '02:00'],
        ['1', '02:30'],
        ['2', '02:00'],
        ['0', '02:30'],
      ],
    );
  });

  it('choose the quantity that was asked for among several', () => {
    const of = (grandeurMetier: string, grandeurPhysique: string, v: number, unite = 'Wh') => ({
      grandeurMetier,
      grandeurPhysique,
      unite,
      points: [{ v, d: '2026-11-03' }],
    });
    const document = {
      ...daily({}),
      grandeur: [of('PROD', 'EA', 1), of('CONS', 'ER', 2, 'varh'), of('CONS', 'EA', 3), of('CONS', 'PMA', 4, 'VA')],
    };
    const valueOf = (dataset: MeasurementDataset) => readings(translate(document, { dataset }))[0]?.value;
    assert.equal(valueOf('daily_consumption'), '3');
    assert.equal(valueOf('daily_production'), '1');
    assert.equal(valueOf('daily_consumption_max_power'), '4');
  });

  it('give an empty list where there is nothing of that direction', () => {
    assert.deepEqual(readings(translate(daily({ points: [] }), { dataset: 'daily_production' })), []);
    assert.deepEqual(readings(translate({ ...daily({}), grandeur: null }, { dataset: 'daily_production' })), []);
  });

  it('take dates and quality as they were asked for where the document says nothing', () => {
    const { usage_point_id, start, end, quality } = translate({ grandeur: [] }).meter_reading;
    assert.deepEqual(
      { usage_point_id, start, end, quality },
      { usage_point_id: usagePoint, start: '2026-11-03', end: '2026-11-04', quality: 'BRUT' },
    );
  });

  it('refuse what is no measurement, or about somebody else', () => {
    for (const value of [undefined, null, 'x', [], {}, { meter_reading: {} }]) {
      assert.throws(() => translate(value), { code: 'reply_invalid' });
    }
    assert.throws(() => translate({ ...daily({ points: [] }), idPrm: '99999999999999' }), { code: 'reply_invalid' });
  });

  it('never throw anything else, whatever comes', () => {
    const anything = fc.anything({ withNullPrototype: true });
    const document = fc.record({ grandeur: fc.oneof(anything, fc.array(fc.record({ points: fc.array(anything) }))) });
    fc.assert(
      fc.property(fc.oneof(anything, document), (value) => {
        try {
          translate(value);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'reply_invalid');
        }
      }),
      { numRuns: 300 },
    );
  });
});
