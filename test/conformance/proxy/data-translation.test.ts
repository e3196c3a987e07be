import assert from 'node:assert/strict';
import { personOf } from '../../../simulator/enedis/data/person.js';
import { usualSwitches } from '../../../simulator/enedis/switches.js';
import type { CapturedRequest } from '../../../simulator/enedis/requests.js';
import type { ProxyWorld } from '../../support/proxy-world.js';
import {
  contractsPath,
  curvePath,
  dailyPath,
  holderOf,
  meterReading,
  powerPath,
  read,
  readings,
  type Holder,
} from './readings.js';
import { overBothStores } from './stores.js';
import { generous } from './visits.js';

const resources = '/mesure_synchrone_auto/v2/';

describe('conformance 8.9: data proxy, v5 in the words of Data Connect 2026', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let holder: Holder;

    before(async () => {
      world = await open({ settings: { limits: generous } });
      holder = await holderOf(world, 'self-consumption');
    });

    beforeEach(() => {
      world.clock.advance({ minutes: 2 });
    });

    afterEach(() => {
      Object.assign(world.enedis.switches, usualSwitches());
    });

    /** The latest request to a resource of 2026. */
    function request(resource: string): CapturedRequest {
      return world.enedis.requests.to(resources + resource).at(-1) ?? assert.fail('Enedis was not asked.');
    }

    /** What the meter measured on a day, in half-hours. */
    function powers(day: string, usagePoint = holder.usagePoint): readonly string[] {
      return world.enedis.measured(usagePoint, day).consumption.powers.map(String);
    }

    it('131 · a week of daily consumption is asked for with three parameters and no content type', async () => {
      const points = readings(await read(world, holder));
      const { method, parameters, headers } = request('consommation_quotidienne');
      assert.equal(method, 'GET');
      assert.deepEqual(Object.fromEntries(parameters), {
        pointId: holder.usagePoint,
        dateDebut: '2026-11-01',
        dateFin: '2026-11-08',
      });
      assert.equal(headers['content-type'], undefined);
      const energy = String(world.enedis.measured(holder.usagePoint, '2026-11-01').consumption.energy);
      assert.deepEqual(points[0], { value: energy, date: '2026-11-01' });
    });

    it('132 · equal days ask for one day', async () => {
      const points = readings(await read(world, holder, dailyPath, ['2026-11-05', '2026-11-05']));
      assert.equal(request('consommation_quotidienne').parameters.get('dateFin'), '2026-11-06');
      assert.deepEqual(
        points.map(({ date }) => date),
        ['2026-11-05'],
      );
    });

    it('133 · the highest power is asked for by its step and quantity', async () => {
      const { reading_type: type, interval_reading: points } = meterReading(await read(world, holder, powerPath));
      const { parameters } = request('puissance_conso_max_quotidienne');
      assert.equal(parameters.get('mesuresPas'), 'P1D');
      assert.equal(parameters.get('grandeurPhysique'), 'PMA');
      assert.equal(type.unit, 'VA');
      const { peak } = world.enedis.measured(holder.usagePoint, '2026-11-01').consumption;
      assert.equal(points[0]?.value, String(peak));
    });

    it('134 · a curve in reverse order and of another type becomes v5, sorted, in W, with its own steps', async () => {
      Object.assign(world.enedis.switches, { reverseOrder: true, octetStream: true });
      const answer = await read(world, holder, curvePath, ['2026-11-03', '2026-11-04']);
      const { reading_type: type, interval_reading: points } = meterReading(answer);
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
      assert.equal(type.unit, 'W');
      assert.deepEqual(
        points.map(({ value }) => value),
        powers('2026-11-03'),
      );
      assert.equal(points[0]?.date, '2026-11-03 00:30:00');
      assert.equal(points.at(-1)?.date, '2026-11-04 00:00:00');
      assert.ok(points.every(({ interval_length: length }) => length === 'PT30M'));
      const fine = await holderOf(world, 'ten-minutes');
      const tenMinutes = readings(await read(world, fine, curvePath, ['2026-11-18', '2026-11-19']));
      assert.deepEqual(
        tenMinutes.map(({ value }) => value),
        powers('2026-11-18', fine.usagePoint),
      );
      assert.ok(tenMinutes.every(({ interval_length: length }) => length === 'PT10M'));
    });

    it('135 · points without a value or a date are dropped, the others kept', async () => {
      world.enedis.switches.brokenPoints = true;
      for (const [path, count] of [
        [dailyPath, 7],
        [curvePath, 7 * 48],
      ] as const) {
        assert.equal(readings(await read(world, holder, path)).length, count);
      }
    });

    it('136 · kWh and kW become Wh and W', async () => {
      const [daily, curve] = [await read(world, holder), await read(world, holder, curvePath)];
      world.enedis.switches.kiloUnits = true;
      assert.deepEqual((await read(world, holder)).json, daily.json);
      assert.deepEqual((await read(world, holder, curvePath)).json, curve.json);
    });

    it('137 · contracts come in v5, without a word about persons', async () => {
      const { accessToken, usagePoint } = holder;
      const answer = await world.data(accessToken, contractsPath, { usage_point_id: usagePoint });
      assert.equal(answer.status, 200, answer.text);
      const { usage_points: points } = answer.json['customer'] as { usage_points: Record<string, unknown>[] };
      const { usage_point: point, contracts } = points[0] as Record<string, Record<string, string>>;
      assert.equal(point?.['usage_point_id'], usagePoint);
      assert.equal(contracts?.['subscribed_power'], '9 kVA');
      assert.equal(contracts['segment'], 'C5');
      const { title, ...person } = personOf(world.enedis.customer(usagePoint));
      for (const word of [`${title} `, ...Object.values(person)]) assert.ok(!answer.text.includes(word), word);
      assert.doesNotMatch(answer.text, /@|person|contact|address/);
    });

    it('138 · an error of 2026 comes with its status, in the words of both generations', async () => {
      const none = await holderOf(world, 'no-curve');
      const answer = await read(world, none, curvePath);
      assert.equal(answer.status, 404);
      const { error, error_description: description, code, message } = answer.json;
      assert.deepEqual([error, code], ['no_data_found', 'no_data_found']);
      assert.equal(description, message);
      assert.match(String(message), /\w/);
    });
  });
});
