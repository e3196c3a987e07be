import assert from 'node:assert/strict';
import { createMeterApi } from '../../../../lib/linky/api/create.js';
import type { MeterApi } from '../../../../lib/linky/api/meter-api.js';
import type { Reading, SeriesDataset } from '../../../../lib/linky/readings.js';
import { curve2026, curveV5, dayAfter, usagePoint } from '../translation/days.js';

const hour = 3_600_000;
const proxy = createMeterApi('proxy', 'https://p.test/data/proxy');
const conso = createMeterApi('conso', 'https://conso.test/api');
const med = createMeterApi('myelectricaldata', 'https://med.test');

function read(api: MeterApi, dataset: SeriesDataset, day: string, document: unknown, end = dayAfter(day)): Reading[] {
  return [...api.interpretSeries(dataset, usagePoint, { start: day, end }, JSON.stringify(document))];
}

/** Whether the intervals follow one another without a gap from midnight to midnight in Paris. */
function assertFills(readings: readonly Reading[], from: string, until: string): void {
  let reached = Date.parse(from);
  for (const { start, end } of readings) {
    assert.equal(new Date(start).toISOString(), new Date(reached).toISOString());
    reached = end;
  }
  assert.equal(new Date(reached).toISOString(), new Date(until).toISOString());
}

function daily(values: readonly (readonly [string, unknown])[], unit = 'Wh') {
  return {
    meter_reading: {
      usage_point_id: usagePoint,
      start: values[0]?.[0],
      end: '2026-12-01',
      quality: 'BRUT',
      reading_type: { unit, measurement_kind: 'energy', aggregate: 'sum', measuring_period: 'P1D' },
      interval_reading: values.map(([date, value]) => ({ date, value })),
    },
  };
}

describe('The readings of a curve', () => {
  const days = [
    ['a plain day', '2026-11-03', 48, '2026-11-02T23:00:00Z', '2026-11-03T23:00:00Z'],
    ['the day of 23 hours', '2026-03-29', 46, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['the day of 25 hours', '2026-10-25', 50, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ] as const;

  for (const [name, day, count, from, until] of days) {
    const v5 = curveV5(day, 30, (index) => index);
    const bodies: readonly (readonly [string, MeterApi, unknown])[] = [
      ['v5 of a proxy', proxy, v5],
      ['v5 without its wrapper', conso, v5.meter_reading],
      ['2026 of Conso API', conso, curve2026(v5)],
      ['v5 of MyElectricalData', med, v5],
    ];
    for (const [shape, api, body] of bodies) {
      it(`fill ${name} in its sequence: ${shape}`, () => {
        const readings = read(api, 'consumption_load_curve', day, body);
        assertFills(readings, from, until);
        assert.deepEqual(
          readings.map(({ value }) => value),
          Array.from({ length: count }, (_, index) => index),
        );
        assert.ok(readings.every(({ unit, quality }) => unit === 'W' && quality === 'BRUT'));
      });
    }

    it(`fill ${name} where MyElectricalData moved the points of 2026 to the start`, () => {
      const ends = curveV5(day, 30, (index) => index).meter_reading.interval_reading;
      const starts = [`${day} 00:00:00`, ...ends.slice(0, -1).map(({ date }) => date)];
      const document = curve2026(v5);
      document.grandeur[0]?.points.forEach((point, index) => (point.d = starts[index] ?? ''));
      assertFills(read(med, 'consumption_load_curve', day, document), from, until);
    });

    it(`fill ${name} where the points come backwards`, () => {
      const { meter_reading } = v5;
      const interval_reading = meter_reading.interval_reading.toReversed();
      const readings = read(proxy, 'consumption_load_curve', day, {
        meter_reading: { ...meter_reading, interval_reading },
      });
      assertFills(readings, from, until);
      assert.equal(readings[0]?.value, 0);
    });
  }

  it('take the length of each interval from its own point', () => {
    const half = curveV5('2026-11-03', 30, () => 600);
    const ten = curveV5('2026-11-04', 10, () => 300);
    const interval_reading = [...half.meter_reading.interval_reading, ...ten.meter_reading.interval_reading];
    const document = { meter_reading: { ...half.meter_reading, end: '2026-11-05', interval_reading } };
    const readings = read(proxy, 'consumption_load_curve', '2026-11-03', document, '2026-11-05');
    assertFills(readings, '2026-11-02T23:00:00Z', '2026-11-04T23:00:00Z');
    const energy = readings.reduce((sum, { start, end, value }) => sum + (value * (end - start)) / hour, 0);
    assert.equal(energy, 24 * 600 + 24 * 300);
  });

  it('keep zero and leave out what is missing', () => {
    const v5 = curveV5('2026-11-03', 30, (index) => (index < 10 ? 0 : index));
    const interval_reading = v5.meter_reading.interval_reading.map((point, index) => ({
      ...point,
      value: index === 20 ? null : index === 21 ? '' : index === 22 ? '-5' : point.value,
    }));
    const readings = read(proxy, 'production_load_curve', '2026-11-03', {
      meter_reading: { ...v5.meter_reading, interval_reading },
    });
    assert.equal(readings.filter(({ value }) => value === 0).length, 10);
    assert.equal(readings.length, 45);
  });

  for (const missing of [5, 6, 7]) {
    it(`stay where they are beside a point of the repeated hour without value (${missing})`, () => {
      const v5 = curveV5('2026-10-25', 30, (index) => index);
      const whole = read(proxy, 'consumption_load_curve', '2026-10-25', v5);
      const interval_reading = v5.meter_reading.interval_reading.map((point, index) =>
        index === missing ? { ...point, value: null } : point,
      );
      const document = { meter_reading: { ...v5.meter_reading, interval_reading } };
      assert.deepEqual(read(proxy, 'consumption_load_curve', '2026-10-25', document), whole.toSpliced(missing, 1));
      const current = curve2026(v5);
      const [quantity] = current.grandeur;
      assert.ok(quantity?.points[missing]);
      quantity.points[missing].v = null;
      assert.deepEqual(read(conso, 'consumption_load_curve', '2026-10-25', current), whole.toSpliced(missing, 1));
    });
  }

  it('are only those of the days asked for', () => {
    const v5 = curveV5('2026-11-03', 30, () => 1);
    assert.deepEqual(read(proxy, 'consumption_load_curve', '2026-11-04', v5), []);
  });
});

describe('The readings of days', () => {
  it('reach from midnight to midnight in Paris, also where clocks change', () => {
    const document = daily([
      ['2026-10-24', '10'],
      ['2026-10-25', '0'],
      ['2026-03-29', 30],
    ]);
    const readings = read(proxy, 'daily_consumption', '2026-01-01', document, '2026-12-01');
    assert.deepEqual(
      readings.map(({ start, end, value, unit }) => [new Date(start).toISOString(), (end - start) / hour, value, unit]),
      [
        ['2026-03-28T23:00:00.000Z', 23, 30, 'Wh'],
        ['2026-10-23T22:00:00.000Z', 24, 10, 'Wh'],
        ['2026-10-24T22:00:00.000Z', 25, 0, 'Wh'],
      ],
    );
  });

  it('of the highest power tell its moment', () => {
    const document = daily([['2026-11-03 18:34:12', '6120']], 'VA');
    const [reading] = read(proxy, 'daily_consumption_max_power', '2026-11-03', document);
    assert.deepEqual(reading, {
      start: Date.parse('2026-11-02T23:00:00Z'),
      end: Date.parse('2026-11-03T23:00:00Z'),
      value: 6120,
      unit: 'VA',
      at: Date.parse('2026-11-03T17:34:12Z'),
      quality: 'BRUT',
    });
  });

  it('never take a power for an energy', () => {
    const power = daily([['2026-11-03', '6120']], 'W');
    assert.throws(() => read(proxy, 'daily_consumption', '2026-11-03', power), { code: 'reply_invalid' });
    const curve = curveV5('2026-11-03', 30, () => 1);
    const energy = { meter_reading: { ...curve.meter_reading, reading_type: { unit: 'Wh' } } };
    assert.throws(() => read(proxy, 'consumption_load_curve', '2026-11-03', energy), { code: 'reply_invalid' });
  });

  it('are refused where they are about another meter, or nothing of the kind', () => {
    const other = {
      meter_reading: { ...daily([['2026-11-03', '1']]).meter_reading, usage_point_id: '99999999999999' },
    };
    assert.throws(() => read(proxy, 'daily_consumption', '2026-11-03', other), { code: 'reply_invalid' });
    assert.throws(() => read(proxy, 'daily_consumption', '2026-11-03', { hello: 1 }), { code: 'reply_invalid' });
    assert.throws(
      () => proxy.interpretSeries('daily_consumption', usagePoint, { start: '2026-11-03', end: '2026-11-04' }, '<p>'),
      {
        code: 'reply_invalid',
      },
    );
  });
});

describe('The registers of a meter', () => {
  const at = (day: string, v: unknown) => ({ d: `${day} 00:00:00`, v, iv: 0 });
  const quantity = (grandeurMetier: string, values: readonly number[]) => ({
    grandeurMetier,
    grandeurPhysique: 'EA',
    unite: 'kWh',
    calendrier: [
      {
        idCalendrier: 'FC000016',
        classeTemporelle: [
          {
            idClasseTemporelle: 'HC',
            libelleClasseTemporelle: 'Heures Creuses',
            codeCadran: '01',
            valeur: [at('2026-11-04', values[1]), at('2026-11-03', values[0])],
          },
          { idClasseTemporelle: 'HP', libelleClasseTemporelle: 'Heures Pleines', valeur: at('2026-11-03', null) },
        ],
      },
    ],
    cadranTotalisateur: { codeCadran: '00', valeur: [at('2026-11-03', '0')] },
  });
  const document = {
    idPrm: usagePoint,
    etapeMetier: 'BRUT',
    grandeur: [],
    contexte: [
      { etapeMetier: 'BEST', contexteReleve: 'COL', grandeur: [quantity('PROD', [7, 8]), quantity('CONS', [1, 2])] },
      { etapeMetier: 'BRUT', contexteReleve: 'TOP', grandeur: [quantity('CONS', [100, 200])] },
    ],
  };

  it('are told at the moment they showed the value, each once, with their names', () => {
    const readings = read(conso, 'index_consumption', '2026-11-03', document, '2026-11-05');
    const [first, second] = [Date.parse('2026-11-02T23:00:00Z'), Date.parse('2026-11-03T23:00:00Z')];
    const creuses = { unit: 'Wh', register: 'HC', label: 'Heures Creuses', quality: 'BEST' };
    assert.deepEqual(readings, [
      { start: first, end: first, value: 1000, ...creuses },
      { start: first, end: first, value: 0, unit: 'Wh', register: 'TOTAL', quality: 'BEST' },
      { start: second, end: second, value: 2000, ...creuses },
    ]);
  });

  it('are those of the direction asked for', () => {
    const readings = read(conso, 'index_production', '2026-11-03', document, '2026-11-05');
    assert.deepEqual(
      readings.map(({ value }) => value),
      [7000, 0, 8000],
    );
  });
});

describe('What a contract tells of a meter', () => {
  const contracts = {
    segment: 'C5',
    subscribed_power: '9 kVA',
    last_activation_date: '2013-08-14+01:00',
    distribution_tariff: 'BTINFMUDT',
    offpeak_hours: 'HC (1H30-8H00;12H30-14H00)',
    contract_status: 'SERVC',
  };
  const expected = {
    usagePoint,
    segment: 'C5',
    subscribedPower: 9,
    activationDate: '2013-08-14',
    distributionTariff: 'BTINFMUDT',
    offpeakHours: 'HC (1H30-8H00;12H30-14H00)',
    contractStatus: 'SERVC',
    meterType: 'AMM',
  };
  const entry = { usage_point: { usage_point_id: usagePoint, meter_type: 'AMM' }, contracts };

  it('is read out of the document of v5, without anything about persons', () => {
    const customer = {
      customer_id: 'X',
      person: { name: 'Y' },
      usage_points: [{ usage_point: {}, contracts: {} }, entry],
    };
    assert.deepEqual(proxy.interpretContract(usagePoint, JSON.stringify({ customer })), expected);
    assert.deepEqual(med.interpretContract(usagePoint, JSON.stringify({ usage_points: [entry] })), expected);
  });

  it('is read out of the contracts of 2026', () => {
    const document = [
      { segment: 'P4', contract_type: 'Contrat GRD-A' },
      {
        segment: 'C5',
        contract_type: 'Contrat GRD-F',
        subscribed_power: { unit: 'kVA', value: '6' },
        contract_start: '2019-08-27T00:00:00+0200',
        person: { name: 'Y' },
      },
    ];
    const meter = { usagePoint, segment: 'C5', subscribedPower: 6, activationDate: '2019-08-27' };
    assert.deepEqual(proxy.interpretContract(usagePoint, JSON.stringify(document)), meter);
  });

  it('is not that of another meter', () => {
    const other = { customer: { usage_points: [{ ...entry, usage_point: { usage_point_id: '99999999999999' } }] } };
    assert.throws(() => proxy.interpretContract(usagePoint, JSON.stringify(other)), { code: 'reply_invalid' });
  });
});
