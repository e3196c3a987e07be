import type { Customer, UsagePoint } from '../model/customers.js';
import { offsetText, startOf } from '../model/paris.js';
import { personOf, serialNumber } from './person.js';

/** A day with time and offset as 2026 writes it, such as `2019-08-27T00:00:00+0200`. */
function stamp(day: string): string {
  return `${day}T00:00:00${offsetText(startOf(day))}`;
}

/** A day with offset as v5 writes it, such as `2019-08-27+02:00`. */
function legacyStamp(day: string): string {
  return `${day}${offsetText(startOf(day)).replace(/(\d\d)$/, ':$1')}`;
}

function tariffOf({ offPeak }: UsagePoint): { code: string; label: string; structure: string } {
  return offPeak === undefined
    ? {
        code: 'BTINFCUST',
        label: 'Tarif BT<=36kVA Courte Utilisation sans différenciation temporelle',
        structure: 'Base',
      }
    : {
        code: 'BTINFMUDT',
        label: 'Tarif BT<=36kVA Moyenne Utilisation heures pleines heures creuses',
        structure: 'Heures Pleines/Creuses',
      };
}

function personalMembers(customer: Customer): Record<string, unknown> {
  const { title, firstName, lastName, email, phone } = personOf(customer);
  return {
    customer: { customer_id: `C-${customer.id}`, type: 'PARTICULIER' },
    person: { title, first_name: firstName, last_name: lastName },
    contact_data: { email, phone },
  };
}

/** `situation_contrat_auto/v1`: one entry for each direction, with the holder's personal data (spec/device-flow 4.10.3). */
function contractSituation(point: UsagePoint, customer: Customer): unknown {
  const { label, structure } = tariffOf(point);
  const consumption = {
    usage_point_id: point.id,
    contract_type: 'Contrat GRD-F',
    contractor: 'FOURNISSEUR EXEMPLE',
    contract_start: stamp(point.activatedOn),
    segment: 'C5',
    subscribed_power: { unit: 'kVA', value: String(point.subscribedPower) },
    distribution_tariff: label,
    pricing_structure: structure,
    ...personalMembers(customer),
  };
  const production = {
    usage_point_id: point.id,
    contract_type: 'Contrat GRD-A',
    contractor: 'ACHETEUR EXEMPLE',
    contract_start: stamp(point.activatedOn),
    segment: 'P4',
    distribution_tariff: 'Tarif BT<=36kVA Injection',
    pricing_structure: 'Base',
    ...personalMembers(customer),
  };
  return [...(point.consumption ? [consumption] : []), ...(point.production > 0 ? [production] : [])];
}

/** `synth_contrat_auto/v1`. */
function contractSummary(point: UsagePoint): unknown {
  const activated = stamp(point.activatedOn);
  return {
    ...(point.consumption && { consumption_last_activation_date: activated }),
    ...(point.production > 0 && { generation_last_activation_date: activated }),
    last_subscribed_power_change_date: activated,
    segments: [...(point.consumption ? [{ segment: 'C5' }] : []), ...(point.production > 0 ? [{ segment: 'P4' }] : [])],
    services_level: point.curve === 'on' ? '2' : '1',
  };
}

/** `comptage_auto/v1`: the meter, and the off-peak hours where the contract has them. */
function meterSituation(point: UsagePoint): unknown {
  return {
    dispositifComptage: { typeComptage: { code: 'LINKY', libelle: 'Compteur Linky' } },
    compteurs: [{ numeroSerie: serialNumber(point), localisation: 'Extérieur', ticActivee: true }],
    ...(point.offPeak !== undefined && { relais: { plageHeuresCreuses: point.offPeak } }),
  };
}

/** `donnees_generales_auto/v1`: where the usage point is. Personal data. */
function generalData(point: UsagePoint, customer: Customer): unknown {
  const { street, postalCode, city, inseeCode } = personOf(customer);
  return {
    usage_point_id: point.id,
    usage_point_status: 'En service',
    address: { number_street_name: street, postal_code_city: `${postalCode} ${city}`, insee_code: inseeCode },
  };
}

/** `alimentation_auto/v1`. */
function connectionData(point: UsagePoint): unknown {
  return {
    serial_number: serialNumber(point),
    connection_state: 'Alimenté',
    voltage_level: 'BT<=36kVA',
    nominal_service_voltage: { value: 230, unit: 'V' },
    ...(point.consumption && { consumption_connection_power: { value: point.subscribedPower, unit: 'kVA' } }),
    ...(point.production > 0 && { generation_connection_power: { value: point.production, unit: 'kVA' } }),
  };
}

/** A document of the customer interfaces of v5 (spec/device-flow 4.5). */
export type LegacyDocument = (point: UsagePoint, customer: Customer) => unknown;

const usagePointOf = (point: UsagePoint): Record<string, string> => ({
  usage_point_id: point.id,
  usage_point_status: 'com',
  meter_type: 'AMM',
});

const contracts: LegacyDocument = (point, customer) => ({
  customer: {
    customer_id: `C-${customer.id}`,
    usage_points: [
      {
        usage_point: usagePointOf(point),
        contracts: {
          segment: point.consumption ? 'C5' : 'P4',
          subscribed_power: `${point.subscribedPower} kVA`,
          last_activation_date: legacyStamp(point.activatedOn),
          distribution_tariff: tariffOf(point).code,
          ...(point.offPeak !== undefined && { offpeak_hours: point.offPeak }),
          contract_type: point.consumption ? 'Contrat GRD-F' : 'Contrat GRD-A',
          contract_status: 'SERVC',
          last_distribution_tariff_change_date: legacyStamp(point.activatedOn),
        },
      },
    ],
  },
});

const addresses: LegacyDocument = (point, customer) => {
  const { street, postalCode, city, inseeCode } = personOf(customer);
  const address = { street, postal_code: postalCode, city, insee_code: inseeCode, country: 'France' };
  const usagePoint = { ...usagePointOf(point), usage_point_addresses: address };
  return { customer: { customer_id: `C-${customer.id}`, usage_points: [{ usage_point: usagePoint }] } };
};

const identity: LegacyDocument = (_point, customer) => {
  const { title, firstName, lastName } = personOf(customer);
  const naturalPerson = { title, firstname: firstName, lastname: lastName };
  return { customer_id: `C-${customer.id}`, identity: { natural_person: naturalPerson } };
};

const contact: LegacyDocument = (_point, customer) => {
  const { email, phone } = personOf(customer);
  return { customer_id: `C-${customer.id}`, contact_data: { phone, email } };
};

/** The customer paths of v5. */
export const legacyDocuments: ReadonlyMap<string, LegacyDocument> = new Map([
  ['/customers_upc/v5/usage_points/contracts', contracts],
  ['/customers_upa/v5/usage_points/addresses', addresses],
  ['/customers_i/v5/identity', identity],
  ['/customers_cd/v5/contact_data', contact],
]);

/** The interfaces of 2026 with the usage point in the path, by the first part of the path. */
export const currentDocuments: ReadonlyMap<string, LegacyDocument> = new Map<string, LegacyDocument>([
  ['situation_contrat_auto', contractSituation],
  ['synth_contrat_auto', contractSummary],
  ['comptage_auto', meterSituation],
  ['donnees_generales_auto', generalData],
  ['alimentation_auto', connectionData],
]);
