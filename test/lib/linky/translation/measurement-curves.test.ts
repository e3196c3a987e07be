import assert from 'node:assert/strict';
import fc from 'fast-check';
import { curve2026, curveV5, intervalEnds } from './days.js';
import { anyDay, readings, translate } from './translated.js';

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
});
