import assert from 'node:assert/strict';
import { startEnedis } from '../../../simulator/index.js';
import type { SimulatedEnedis } from '../../../simulator/index.js';
import { codeOf, consentTo, measure, member, pointsOf, read } from './client.js';
import type { Answer } from './client.js';

const prm = '22516914714270';
const daily = 'consommation_quotidienne';
const curve = 'courbe_de_charge_consommation';

describe('the data of the simulated Enedis', () => {
  let enedis: SimulatedEnedis;
  let time = Date.parse('2026-11-09T10:00:00Z');
  before(async () => {
    enedis = await startEnedis({ redirectUrl: 'http://127.0.0.1:9/', now: () => time });
  });
  after(() => enedis.close());
  beforeEach(async () => {
    time = Date.parse('2026-11-09T10:00:00Z');
    for (const customer of ['consumption', 'self-consumption', 'production', 'holes', 'no-curve', 'objected']) {
      enedis.revokeConsent(customer);
      await consentTo(enedis, customer);
    }
  });

  const legacy = (path: string, start: string, end: string, usage_point_id = prm): Promise<Answer> =>
    read(enedis, path, { usage_point_id, start, end });
  const readings = ({ document }: Answer): { value: string; date: string; interval_length?: string }[] =>
    member(document, 'meter_reading', 'interval_reading') as { value: string; date: string }[];
  const total = (values: readonly (string | null)[]): number => values.reduce((sum, value) => sum + Number(value), 0);

  it('say the same in both generations, and the curve adds up to the day', async () => {
    const days = pointsOf(await measure(enedis, daily, [prm, '2026-11-02', '2026-11-09']));
    const old = readings(await legacy('metering_data_dc/v5/daily_consumption', '2026-11-02', '2026-11-09'));
    assert.deepEqual(
      days.map(({ v, d }) => ({ value: v, date: d })),
      old,
    );
    const points = pointsOf(await measure(enedis, curve, [prm, '2026-11-02', '2026-11-09']));
    const oldPoints = readings(await legacy('metering_data_clc/v5/consumption_load_curve', '2026-11-02', '2026-11-09'));
    assert.deepEqual(
      points.map(({ v, d, p }) => ({ value: v, date: d, interval_length: p, measure_type: 'B' })),
      oldPoints,
    );
    assert.equal(points.length, 7 * 48);
    assert.equal(total(points.map(({ v }) => v)) / 2, total(days.map(({ v }) => v)));
    assert.deepEqual([points[0]?.d, points.at(-1)?.d], ['2026-11-02 00:30:00', '2026-11-09 00:00:00']);
  });

  it('keep both hours of the autumn night in sequence and leave the one of spring out', async () => {
    const autumn = pointsOf(await measure(enedis, curve, [prm, '2026-10-25', '2026-10-26'])).map(({ d }) =>
      d.slice(11),
    );
    assert.equal(autumn.length, 50);
    assert.deepEqual(autumn.slice(2, 9), [
      '01:30:00',
      '02:00:00',
      '02:30:00',
      '02:00:00',
      '02:30:00',
      '03:00:00',
      '03:30:00',
    ]);
    const spring = pointsOf(await measure(enedis, curve, [prm, '2026-03-29', '2026-03-30'])).map(({ d }) =>
      d.slice(11),
    );
    assert.equal(spring.length, 46);
    assert.deepEqual(spring.slice(2, 5), ['01:30:00', '03:00:00', '03:30:00']);
  });

  it('appear at eight on the next day', async () => {
    time = Date.parse('2026-11-09T06:59:59Z');
    const missing = await measure(enedis, daily, [prm, '2026-11-08', '2026-11-09']);
    assert.deepEqual([missing.status, codeOf(missing)], [404, 'no_data_found']);
    time += 1000;
    assert.equal(pointsOf(await measure(enedis, daily, [prm, '2026-11-08', '2026-11-09'])).length, 1);
  });

  it('are refused with the codes of Enedis', async () => {
    const self = '12655648759651';
    const cases: readonly [Promise<Answer>, number, string][] = [
      [measure(enedis, daily, [prm, '2026-11-08', '2026-11-08']), 400, 'Invalid_request'],
      [measure(enedis, daily, [prm, '2026-11-08', '2026-11-10']), 400, 'Invalid_request'],
      [measure(enedis, 'production_quotidienne', [prm, '2026-11-01', '2026-11-08']), 400, 'ADAM-ERR0069'],
      [measure(enedis, daily, ['24880057139941', '2026-11-01', '2026-11-08']), 400, 'ADAM-ERR0069'],
      [measure(enedis, curve, [self, '2026-11-01', '2026-11-09']), 400, 'ADAM-ERR0126'],
      [measure(enedis, curve, [self, '2024-10-24', '2024-10-25']), 400, 'ADAM-ERR0125'],
      [measure(enedis, daily, [self, '2023-10-24', '2024-10-25']), 400, 'ADAM-ERR0125'],
      [measure(enedis, daily, [self, '2018-12-31', '2024-10-25']), 400, 'ADAM-ERR0123'],
      [measure(enedis, curve, ['32320647321714', '2026-11-01', '2026-11-08']), 404, 'no_data_found'],
      [measure(enedis, curve, ['50001234500048', '2026-11-01', '2026-11-08']), 403, 'ADAM-ERR0075'],
      [measure(enedis, daily, ['11453290002823', '2026-11-01', '2026-11-08']), 403, 'ADAM-DC-0008'],
      [measure(enedis, daily, ['11111111111111', '2026-11-01', '2026-11-08']), 404, 'STM-ERR-0000019'],
      [legacy('metering_data_dc/v5/daily_consumption', '2026-11-08', '2026-11-08'), 400, 'Invalid_request'],
      [legacy('metering_data_dc/v5/daily_consumption', '2026-11-08', ''), 400, 'Invalid_request'],
      [legacy('metering_data_dc/v5/daily_consumption', '2026-11-01', '2026-11-08', '123'), 400, 'Invalid_request'],
      [legacy('metering_data_clc/v5/consumption_load_curve', '2026-11-01', '2026-11-09'), 400, 'ADAM-DC-0015'],
      [legacy('metering_data_nn/v5/nothing', '2026-11-01', '2026-11-09'), 404, '404'],
    ];
    for (const [index, [asked, status, code]] of cases.entries()) {
      const answer = await asked;
      assert.deepEqual([answer.status, codeOf(answer)], [status, code], `case ${index}: ${answer.text}`);
    }
    assert.equal(pointsOf(await measure(enedis, daily, [self, '2023-10-25', '2024-10-25'])).length, 366);
  });

  it('give 500 for every request that the interface of 2026 does not describe', async () => {
    const path = `mesure_synchrone_auto/v2/${daily}`;
    const right = { pointId: prm, dateDebut: '2026-11-01', dateFin: '2026-11-08' };
    const wrong: readonly [string, Record<string, string>, Record<string, string>?][] = [
      [path, right, { 'content-type': 'application/json' }],
      [path, { ...right, usage_point_id: prm }],
      [path, { pointId: prm, dateDebut: '2026-11-01' }],
      [path, { ...right, dateDebut: '2026-02-30' }],
      [path, { ...right, pointId: '123' }],
      ['mesure_synchrone_auto/v2/puissance_conso_max_quotidienne', right],
      [
        'mesure_synchrone_auto/v2/puissance_conso_max_quotidienne',
        { ...right, mesuresPas: 'P1Y', grandeurPhysique: 'PMA' },
      ],
      ['situation_contrat_auto/v1', { pointId: prm }],
      [`situation_contrat_auto/v1/${prm}`, {}, { 'content-type': 'application/json' }],
    ];
    for (const [asked, parameters, headers] of wrong) {
      assert.equal(
        (await read(enedis, asked, parameters, headers)).status,
        500,
        `${asked} ${JSON.stringify(parameters)}`,
      );
    }
    assert.equal((await read(enedis, path, right)).status, 200);
  });

  it('give the highest power with its time, by day and by month', async () => {
    const resource = 'puissance_conso_max_quotidienne';
    const period = [prm, '2026-10-01', '2026-11-01'] as const;
    const days = pointsOf(await measure(enedis, resource, period, { mesuresPas: 'P1D', grandeurPhysique: 'PMA' }));
    assert.equal(days.length, 31);
    assert.match(days[0]?.d ?? '', /^2026-10-01 \d\d:\d\d:\d\d$/);
    const months = pointsOf(await measure(enedis, resource, period, { mesuresPas: 'P1M', grandeurPhysique: 'PMA' }));
    assert.deepEqual(
      months.map(({ v }) => Number(v)),
      [Math.max(...days.map(({ v }) => Number(v)))],
    );
  });

  it('give registers whose differences are the energy of the days', async () => {
    const { document } = await measure(enedis, 'index_consommation', [prm, '2026-11-01', '2026-11-04']);
    const quantity = member(document, 'contexte', 0, 'grandeur', 0);
    const values = (...names: (string | number)[]): number[] =>
      (member(quantity, ...names, 'valeur') as { v: number }[]).map(({ v }) => v);
    const offPeak = values('calendrier', 0, 'classeTemporelle', 0);
    const peak = values('calendrier', 0, 'classeTemporelle', 1);
    const sum = values('cadranTotalisateur');
    assert.deepEqual(
      offPeak.map((value, index) => value + (peak[index] ?? 0)),
      sum,
    );
    const [first = 0, second = 0] = sum;
    assert.equal(second - first, enedis.measured(prm, '2026-11-01').consumption.energy);
    assert.deepEqual(member(document, 'grandeur'), []);
  });

  it('change the step in the middle of an answer, begin with an activation and with the collection of the curve', async () => {
    for (const customer of ['ten-minutes', 'newcomer', 'late-curve']) await consentTo(enedis, customer);
    const steps = pointsOf(await measure(enedis, curve, ['50001234500031', '2026-11-05', '2026-11-07'])).map(
      ({ p }) => p,
    );
    assert.deepEqual([steps.length, steps[47], steps[48]], [48 + 144, 'PT30M', 'PT10M']);
    const early = await measure(enedis, daily, ['50001234500017', '2026-09-09', '2026-11-01']);
    assert.deepEqual(early.document, {
      error: 'ADAM-ERR0123',
      error_description: member(early.document, 'error_description'),
    });
    assert.equal((await measure(enedis, daily, ['50001234500017', '2026-09-10', '2026-11-01'])).status, 200);
    const late = pointsOf(await measure(enedis, curve, ['50001234500024', '2026-10-19', '2026-10-21']));
    assert.deepEqual([late.length, late[0]?.d], [48, '2026-10-20 00:30:00']);
  });

  it('leave the holes of the curve out, while the day is whole', async () => {
    const holes = '42900589957123';
    const lengths: number[] = [];
    for (const day of ['2026-11-02', '2026-11-03', '2026-11-04']) {
      const next = day.replace(/\d\d$/, (date) => String(Number(date) + 1).padStart(2, '0'));
      lengths.push(pointsOf(await measure(enedis, curve, [holes, day, next])).length);
    }
    assert.deepEqual(lengths, [48, 40, 24]);
    const [day] = pointsOf(await measure(enedis, daily, [holes, '2026-11-04', '2026-11-05']));
    assert.equal(Number(day?.v), enedis.measured(holes, '2026-11-04').consumption.energy);
  });

  it('end with the consent, with a move and with the consent’s last day', async () => {
    const week = [prm, '2026-11-01', '2026-11-08'] as const;
    enedis.revokeConsent('consumption');
    assert.equal(codeOf(await measure(enedis, daily, week)), 'ADAM-DC-0008');
    await consentTo(enedis, 'consumption');
    enedis.endConsentAt('consumption', '2026-11-09');
    assert.equal((await measure(enedis, daily, week)).status, 403);
    await consentTo(enedis, 'moved');
    const moved = await measure(enedis, daily, ['50001234500055', '2026-11-01', '2026-11-08']);
    assert.deepEqual([moved.status, codeOf(moved)], [403, 'ADAM-DC-0007']);
    enedis.revokeConsent('newcomer');
    await consentTo(enedis, 'newcomer');
    enedis.moveOut('newcomer');
    assert.equal(codeOf(await measure(enedis, daily, ['50001234500017', '2026-11-01', '2026-11-08'])), 'ADAM-DC-0007');
  });

  it('have personal data in the answers that have them in reality, and nowhere else', async () => {
    const person = /Alix|@example\.com|063998|RUE DE LA/;
    const old = ['customers_i/v5/identity', 'customers_cd/v5/contact_data', 'customers_upa/v5/usage_points/addresses'];
    for (const path of old) assert.match((await read(enedis, path, { usage_point_id: prm })).text, person);
    for (const name of ['situation_contrat_auto', 'donnees_generales_auto']) {
      assert.match((await read(enedis, `${name}/v1/${prm}`)).text, person);
    }
    for (const name of ['synth_contrat_auto', 'comptage_auto', 'alimentation_auto']) {
      const { status, text } = await read(enedis, `${name}/v1/${prm}`);
      assert.equal(status, 200);
      assert.doesNotMatch(text, person);
    }
  });

  it('describe contracts: one entry for each direction, power and off-peak hours', async () => {
    const { document } = await read(enedis, 'situation_contrat_auto/v1/12655648759651');
    assert.deepEqual(
      (document as { contract_type: string; segment: string }[]).map((entry) => [entry.contract_type, entry.segment]),
      [
        ['Contrat GRD-F', 'C5'],
        ['Contrat GRD-A', 'P4'],
      ],
    );
    assert.deepEqual(member(document, 0, 'subscribed_power'), { unit: 'kVA', value: '9' });
    const meter = await read(enedis, `comptage_auto/v1/${prm}`);
    assert.equal(member(meter.document, 'relais', 'plageHeuresCreuses'), 'HC (22H30-6H30)');
    const old = await read(enedis, 'customers_upc/v5/usage_points/contracts', { usage_point_id: prm });
    const contracts = member(old.document, 'customer', 'usage_points', 0, 'contracts');
    assert.equal(member(contracts, 'subscribed_power'), '9 kVA');
    assert.equal(member(contracts, 'last_activation_date'), '2019-01-01+01:00');
  });
});

describe('the odd answers of the simulated Enedis', () => {
  it('come in reverse order, as octets, in kilo, with broken points, other quantities and stamps at the start', async () => {
    const now = (): number => Date.parse('2026-11-09T10:00:00Z');
    const enedis = await startEnedis({ redirectUrl: 'http://127.0.0.1:9/', now });
    try {
      await consentTo(enedis, 'consumption');
      const { switches } = enedis;
      const ask = (resource: string): Promise<Answer> => measure(enedis, resource, [prm, '2026-11-01', '2026-11-03']);
      const plain = pointsOf(await ask(daily));
      switches.reverseOrder = true;
      assert.deepEqual(pointsOf(await ask(daily)), plain.toReversed());
      switches.reverseOrder = false;
      switches.octetStream = true;
      assert.equal((await ask(daily)).headers.get('content-type'), 'application/octet-stream');
      switches.kiloUnits = true;
      const kilo = await ask(daily);
      assert.equal(member(kilo.document, 'grandeur', 0, 'unite'), 'kWh');
      assert.equal(Math.round(Number(pointsOf(kilo)[0]?.v) * 1000), Number(plain[0]?.v));
      switches.kiloUnits = false;
      switches.brokenPoints = true;
      const broken = pointsOf(await ask(daily)).slice(plain.length);
      assert.deepEqual(broken, [
        { v: null, d: '2026-11-02' },
        { v: '1', d: '20XX-XX-XX' },
      ]);
      switches.brokenPoints = false;
      switches.furtherQuantities = true;
      assert.equal(member((await ask(daily)).document, 'grandeur', 1, 'grandeurPhysique'), 'EA');
      switches.furtherQuantities = false;
      switches.stampsAtStart = true;
      assert.equal(pointsOf(await ask(curve))[0]?.d, '2026-11-01 00:00:00');
      switches.currentOff = true;
      assert.equal((await ask(daily)).status, 404);
    } finally {
      await enedis.close();
    }
  });
});
