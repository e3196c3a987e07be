import assert from 'node:assert/strict';
import { contractsDocument, readContracts, readMeter } from '../../../../lib/linky/translation/contracts.js';

const usagePoint = '01234567890123';

/** What nobody but the customer may see; each word stands somewhere in the documents below. */
const personal = ['Dupont', 'Camille', 'camille@example.org', '0612345678', 'rue des Lilas', 'C-4711', '021961012345'];

const withdrawal = {
  contract_type: 'Contrat GRD-F',
  segment: 'C5',
  subscribed_power: { unit: 'kVA', value: '9' },
  contract_start: '2019-08-27',
  distribution_tariff: 'BTINFMUDT',
  pricing_structure: 'Heures pleines, heures creuses',
  contract_status: 'SERVC',
  customer_id: 'C-4711',
  person: { lastname: 'Dupont', firstname: 'Camille' },
  contact_data: { email: 'camille@example.org', phone: '0612345678' },
  address: { number_street_name: '3 rue des Lilas' },
};
const injection = {
  contract_type: 'Contrat GRD-A',
  segment: 'P4',
  contract_start: '2023-05-02',
  person: withdrawal.person,
};
const metering = {
  dispositifComptage: { typeComptage: { code: 'LINKY', libelle: 'Compteur Linky' } },
  compteurs: [{ numeroSerie: '021961012345' }],
  relais: { plageHeuresCreuses: 'HC (22H30-6H30)' },
};

const translate = (situation: unknown, meter: unknown = metering) =>
  contractsDocument(usagePoint, readContracts(situation), readMeter(meter));

describe('contracts of 2026 in the words of v5 (check 137)', () => {
  it('give what v5 gave, in its nesting', () => {
    assert.deepEqual(translate([withdrawal]), {
      customer: {
        usage_points: [
          {
            usage_point: { usage_point_id: usagePoint, meter_type: 'LINKY' },
            contracts: {
              segment: 'C5',
              subscribed_power: '9 kVA',
              last_activation_date: '2019-08-27',
              distribution_tariff: 'BTINFMUDT',
              offpeak_hours: 'HC (22H30-6H30)',
              contract_type: 'Contrat GRD-F',
              contract_status: 'SERVC',
            },
          },
        ],
      },
    });
  });

  it('tell nothing about persons, wherever Enedis puts it', () => {
    const odd = { ...withdrawal, segment: { person: { lastname: 'Dupont' } }, contract_status: ['Camille', 'Dupont'] };
    for (const situation of [[withdrawal, injection], [odd], { ...withdrawal }]) {
      const text = JSON.stringify(translate(situation, { ...metering, titulaire: withdrawal.person }));
      for (const word of personal) assert.ok(!text.includes(word), word);
    }
  });

  it('give the contract of consumption where there is one for each direction', () => {
    const contractsOf = (situation: unknown) => translate(situation).customer.usage_points[0]?.contracts;
    assert.equal(contractsOf([injection, withdrawal])?.segment, 'C5');
    assert.equal(contractsOf([injection])?.segment, 'P4');
    assert.ok(!('subscribed_power' in (contractsOf([injection]) ?? {})));
    assert.deepEqual(
      readContracts([injection, withdrawal]).map(({ direction }) => direction),
      ['production', 'consumption'],
    );
  });

  it('say the subscribed power in kVA, in whatever form it came', () => {
    const powerOf = (subscribed_power: unknown) =>
      translate({ ...withdrawal, subscribed_power }).customer.usage_points[0]?.contracts.subscribed_power;
    assert.equal(powerOf({ unit: 'kVA', value: 9 }), '9 kVA');
    assert.equal(powerOf('12 kVA'), '12 kVA');
    assert.equal(powerOf(6), '6 kVA');
    assert.equal(powerOf({ unit: 'VA', value: '36000' }), '36 kVA');
    assert.equal(powerOf({ unit: 'kVA', value: null }), undefined);
  });

  it('leave out what the meter interface does not say', () => {
    const nested = { dispositifComptage: { relais: { plageHeuresCreuses: 'HC (2H00-7H00)' } } };
    assert.equal(translate([withdrawal], nested).customer.usage_points[0]?.contracts.offpeak_hours, 'HC (2H00-7H00)');
    for (const meter of [null, [], 'x', { relais: null }]) {
      const [point] = translate([withdrawal], meter).customer.usage_points;
      assert.deepEqual(point?.usage_point, { usage_point_id: usagePoint });
      assert.ok(!('offpeak_hours' in point.contracts));
    }
  });

  it('refuse a reply that holds no contract', () => {
    for (const value of [undefined, null, [], {}, 'x', [null]]) {
      assert.throws(() => readContracts(value), { code: 'reply_invalid' });
    }
  });
});
