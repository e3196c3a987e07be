import assert from 'node:assert/strict';
import fc from 'fast-check';
import { measurementResources, type MeasurementDataset } from '../../../../lib/linky/datasets.js';
import type { MeterReadingDocument } from '../../../../lib/linky/documents.js';
import { meterReading, readMeasurement2026 } from '../../../../lib/linky/translation/measurement.js';
import { curve2026, curveV5, dayAfter, intervalEnds, usagePoint } from './days.js';

const resourceOf = (dataset: MeasurementDataset) => {
  const found = measurementResources.find((resource) => resource.dataset === dataset);
  assert.ok(found);
  return found;
};

interface Asked {
  dataset?: MeasurementDataset;
  start?: string;
  end?: string;
  curveStamps?: 'auto' | 'end' | 'start';
}

function translate(document: unknown, asked: Asked = {}): MeterReadingDocument {
  const { dataset = 'consumption_load_curve', start = '2026-11-03', end = dayAfter(start) } = asked;
  const resource = resourceOf(dataset);
  return meterReading(
    readMeasurement2026(document, { resource, usagePoint, start, end, curveStamps: asked.curveStamps ?? 'auto' }),
  );
}

const readings = (document: MeterReadingDocument) => document.meter_reading.interval_reading;

/** A daily document with one quantity. */
const daily = (quantity: object, more: object = {}) => ({
  idPrm: usagePoint,
  etapeMetier: 'BRUT',
  periode: { dateDebut: '2026-11-03', dateFin: '2026-11-05' },
  pas: 'P1D',
  grandeur: [{ grandeurMetier: 'CONS', grandeurPhysique: 'EA', unite: 'Wh', ...quantity }],
  ...more,
});

/** Days of the calendar, those of the clock changes among them as often as all others together. */
const anyDay = fc.oneof(
  fc.constantFrom('2024-03-31', '2025-03-30', '2026-03-29', '2024-10-27', '2025-10-26', '2026-10-25'),
  fc.integer({ min: 0, max: 1000 }).map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10)),
);

describe('measured values of 2026 in the words of v5', () => {
  describe('curves', () => {
    it('give back every day that v5 can express, whatever the order, the form of numbers and of dates', () => {
      fc.assert(
        fc.property(
          anyDay,
          fc.constantFrom(5, 10, 15, 30, 60),
          fc.array(fc.nat(40_000), { minLength: 300, maxLength: 300 }),
          fc.record({ reversed: fc.boolean(), numbers: fc.boolean(), letterT: fc.boolean(), fraction: fc.boolean() }),
          (day, minutes, values, form) => {
            const expected = curveV5(day, minutes, (index) => values[index] ?? 0);
            const document = curve2026(expected);
            const points = document.grandeur[0]?.points ?? [];
            for (const point of points) {
              if (form.numbers) point.v = Number(point.v);
              if (form.letterT) point.d = point.d.replace(' ', 'T');
              if (form.fraction) point.d += '.000';
            }
            if (form.reversed) points.reverse();
            if (form.numbers) document.idPrm = Number(document.idPrm);
            assert.deepEqual(translate(document, { start: day }), expected);
          },
        ),
        { numRuns: 60 },
      );
    });

    it('keep 46 points on the day that clocks go forward and 50 on the day that they go back', () => {
      for (const [day, count] of [
        ['2026-03-29', 46],
        ['2026-10-25', 50],
      ] as const) {
        const v5 = curveV5(day, 30, (index) => index);
        const translated = translate(curve2026(v5), { start: day });
        assert.equal(readings(translated).length, count);
        assert.deepEqual(
          readings(translated).map(({ value }) => Number(value)),
          Array.from({ length: count }, (_, index) => index),
        );
      }
    });

    it('keep the repeated hour in its sequence where its ends carry the time of before the change', () => {
      // As 02:30, 03:00 of summer time and then 02:30, 03:00 of winter time.
      const dates = intervalEnds('2026-10-25', 30);
      const third = dates.indexOf('2026-10-25 02:30:00') + 1;
      dates[third] = '2026-10-25 03:00:00';
      const v5 = curveV5('2026-10-25', 30, (index) => index);
      const document = curve2026(v5);
      const points = document.grandeur[0]?.points ?? [];
      points.forEach((point, index) => (point.d = dates[index] ?? ''));
      points.reverse();
      assert.deepEqual(
        readings(translate(document, { start: '2026-10-25' })).map(({ value, date }) => [Number(value), date]),
        dates.map((date, index) => [index, date]),
      );
    });

    it('keep every value of a shuffled series, in the order of time', () => {
      fc.assert(
        fc.property(anyDay, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (day, random) => {
          const v5 = curveV5(day, 30, (index) => index);
          const document = curve2026(v5);
          const points = document.grandeur[0]?.points ?? [];
          const keys = new Map(points.map((point) => [point, random.next().value ?? 0]));
          points.sort((one, other) => (keys.get(one) ?? 0) - (keys.get(other) ?? 0));
          const translated = readings(translate(document, { start: day }));
          const sum = (list: readonly { value: string }[]) =>
            list.reduce((total, { value }) => total + Number(value), 0);
          assert.equal(sum(translated), sum(readings(v5)));
          assert.deepEqual(
            translated.map(({ date }) => date),
            readings(v5).map(({ date }) => date),
          );
        }),
        { numRuns: 30 },
      );
    });

    it('take the length of the interval from each point, then from the document, then as half an hour', () => {
      const point = (time: string, p?: string | number) => ({ v: '10', d: `2026-11-03 ${time}`, ...(p && { p }) });
      const points = [point('00:10:00', 'PT10M'), point('01:10:00', 'PT1H'), point('01:40:00')];
      const document = { ...curve2026(curveV5('2026-11-03', 30, () => 0)), grandeur: [{ unite: 'W', points }] };
      const lengths = (value: unknown) => readings(translate(value)).map((reading) => reading.interval_length);
      assert.deepEqual(lengths(document), ['PT10M', 'PT60M', 'PT30M']);
      assert.deepEqual(lengths({ ...document, pas: 'PT15M' }), ['PT10M', 'PT60M', 'PT15M']);
    });

    it('name the nature of a point, B where it has none', () => {
      const points = [
        { v: 1, d: '2026-11-03 00:30:00', n: 'C' },
        { v: 2, d: '2026-11-03 01:00:00' },
      ];
      const translated = translate({ grandeur: [{ grandeurMetier: 'CONS', points }] });
      assert.deepEqual(
        readings(translated).map(({ measure_type }) => measure_type),
        ['C', 'B'],
      );
    });

    for (const day of ['2026-11-03', '2026-03-29', '2026-10-25']) {
      it(`that are stamped at the start are moved to the end, on ${day}`, () => {
        const expected = curveV5(day, 30, (index) => index);
        const document = curve2026(expected);
        const points = document.grandeur[0]?.points ?? [];
        const starts = [`${day} 00:00:00`, ...points.slice(0, -1).map(({ d }) => d)];
        points.forEach((point, index) => (point.d = starts[index] ?? ''));
        assert.deepEqual(translate(document, { start: day }), expected);
        assert.deepEqual(translate(document, { start: day, curveStamps: 'start' }), expected);
        const untouched = translate(document, { start: day, curveStamps: 'end' });
        assert.equal(readings(untouched)[0]?.date, `${day} 00:00:00`);
      });
    }

    it('are left alone where only the midnight after the day is in them', () => {
      const v5 = curveV5('2026-11-03', 30, (index) => index);
      assert.deepEqual(translate(curve2026(v5), { start: '2026-11-03' }), v5);
    });
  });

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
