import assert from 'node:assert/strict';
import { legacyRequest, translateRequest } from '../../../../lib/linky/translation/request.js';

const usagePoint = '01234567890123';
const ask = (path: string, start = '2026-11-01', end = '2026-11-08') =>
  translateRequest({ path, usagePoint, start, end });
const callOf = (path: string, start?: string, end?: string) => {
  const translation = ask(path, start, end);
  assert.ok(translation && 'call' in translation);
  return translation.call;
};

describe('a request of v5 to Data Connect 2026', () => {
  it('goes to the resource that stands for its path (check 131)', () => {
    const paths = {
      'metering_data_dc/v5/daily_consumption': 'consommation_quotidienne',
      'metering_data_dp/v5/daily_production': 'production_quotidienne',
      'metering_data_clc/v5/consumption_load_curve': 'courbe_de_charge_consommation',
      'metering_data_plc/v5/production_load_curve': 'courbe_de_charge_production',
    };
    for (const [path, resource] of Object.entries(paths)) {
      assert.deepEqual(callOf(path), {
        path: `mesure_synchrone_auto/v2/${resource}`,
        query: { pointId: usagePoint, dateDebut: '2026-11-01', dateFin: '2026-11-08' },
      });
    }
  });

  it('says which power is meant (check 133)', () => {
    assert.deepEqual(callOf('metering_data_dcmp/v5/daily_consumption_max_power'), {
      path: 'mesure_synchrone_auto/v2/puissance_conso_max_quotidienne',
      query: {
        pointId: usagePoint,
        dateDebut: '2026-11-01',
        dateFin: '2026-11-08',
        mesuresPas: 'P1D',
        grandeurPhysique: 'PMA',
      },
    });
  });

  it('asks for one day where start and end are the same (check 132)', () => {
    for (const [day, next] of [
      ['2026-11-03', '2026-11-04'],
      ['2026-12-31', '2027-01-01'],
      ['2024-02-28', '2024-02-29'],
      ['2026-03-29', '2026-03-30'],
      ['2026-10-25', '2026-10-26'],
    ] as const) {
      assert.equal(callOf('metering_data_dc/v5/daily_consumption', day, day).query['dateFin'], next);
    }
  });

  it('names the usage point in the path for contracts', () => {
    assert.deepEqual(translateRequest({ path: 'customers_upc/v5/usage_points/contracts', usagePoint }), {
      kind: 'contracts',
      contract: { path: `situation_contrat_auto/v1/${usagePoint}`, query: {} },
      meter: { path: `comptage_auto/v1/${usagePoint}`, query: {} },
    });
  });

  it('asks for registers in the words of 2026', () => {
    const path = 'mesure_synchrone_auto/v2/index_consommation';
    assert.deepEqual(ask(path), {
      kind: 'index',
      call: { path, query: { pointId: usagePoint, dateDebut: '2026-11-01', dateFin: '2026-11-08' } },
    });
  });

  it('has no counterpart for anything about persons, nor without dates', () => {
    for (const path of ['customers_i/v5/identity', 'customers_cd/v5/contact_data', 'oauth2/v3/token', '']) {
      assert.equal(ask(path), undefined);
    }
    assert.equal(translateRequest({ path: 'metering_data_dc/v5/daily_consumption', usagePoint }), undefined);
  });

  it('stays as it is for v5', () => {
    const path = 'metering_data_dc/v5/daily_consumption';
    assert.deepEqual(legacyRequest({ path, usagePoint, start: '2026-11-01', end: '2026-11-08' }), {
      path,
      query: { usage_point_id: usagePoint, start: '2026-11-01', end: '2026-11-08' },
    });
    const contracts = 'customers_upc/v5/usage_points/contracts';
    assert.deepEqual(legacyRequest({ path: contracts, usagePoint }).query, { usage_point_id: usagePoint });
  });
});
