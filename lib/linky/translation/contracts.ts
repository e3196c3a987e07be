import { EnergyError } from '../../errors.js';
import type { ContractDetails, ContractsDocument } from '../documents.js';
import { listOf, numberOf, objectOf, textOf, type JsonObject } from '../json.js';

/**
 * What is known of the contract of one usage point in one direction. Nothing about persons: only what is named here is
 * taken out of what Enedis sends (spec/device-flow 1.13, D32).
 */
export interface Contract {
  readonly direction: 'consumption' | 'production';
  readonly segment?: string;
  /** kVA */
  readonly subscribedPower?: number;
  /** As written by Enedis: a day, or a moment with its offset. */
  readonly start?: string;
  readonly distributionTariff?: string;
  readonly tariffChangedAt?: string;
  readonly type?: string;
  readonly status?: string;
}

/** What is known of the meter of a usage point. */
export interface Meter {
  readonly type?: string;
  readonly status?: string;
  /** Such as `HC (22H30-6H30)`. */
  readonly offpeakHours?: string;
}

/** The first of some members that is a short text; objects with a `code` or a `libelle` count as that. */
export function shortText(from: JsonObject, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = from[name];
    const nested = objectOf(value);
    const text = textOf(value) ?? textOf(nested['code']) ?? textOf(nested['libelle']);
    if (text !== undefined && text.length <= 100) return text;
  }
  return undefined;
}

/** A power in kVA, whether it is written `9 kVA`, `9`, or as value and unit; `undefined` where it is none. */
export function powerOf(value: unknown): number | undefined {
  const nested = objectOf(value);
  const [, digits, ownUnit] = /^([\d.,]+)\s*([kMVA]*)$/i.exec(textOf(nested['value'] ?? value) ?? '') ?? [];
  const amount = numberOf(digits);
  const unit = (textOf(nested['unit']) ?? (ownUnit || 'kVA')).toUpperCase();
  if (amount === undefined || !/^[KM]?(VA|W)$/.test(unit)) return undefined;
  return unit.startsWith('K') ? amount : unit.startsWith('M') ? amount * 1000 : amount / 1000;
}

/** Drops what is `undefined`. */
export function known<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

function directionOf(entry: JsonObject): Contract['direction'] {
  const isInjection =
    /GRD-?A\b|inject/i.test(textOf(entry['contract_type']) ?? '') || /^P\d/i.test(textOf(entry['segment']) ?? '');
  return isInjection ? 'production' : 'consumption';
}

function readContract(value: unknown): Contract {
  const entry = objectOf(value);
  return known<Contract>({
    direction: directionOf(entry),
    segment: shortText(entry, 'segment'),
    subscribedPower: powerOf(entry['subscribed_power']),
    start: shortText(entry, 'contract_start'),
    distributionTariff: shortText(entry, 'distribution_tariff', 'pricing_structure'),
    tariffChangedAt: shortText(entry, 'last_distribution_tariff_change_date'),
    type: shortText(entry, 'contract_type'),
    status: shortText(entry, 'contract_status', 'status'),
  });
}

/**
 * The contracts of a usage point, one per direction, from the JSON value of `situation_contrat_auto`.
 * @throws EnergyError `reply_invalid` where it holds none
 */
export function readContracts(value: unknown): Contract[] {
  const entries = listOf(value).filter((entry) => Object.keys(objectOf(entry)).length > 0);
  if (entries.length === 0) throw new EnergyError('reply_invalid', 'The reply holds no contract.');
  return entries.map(readContract);
}

/** The meter of a usage point, from the JSON value of `comptage_auto`; empty where that is not known. */
export function readMeter(value: unknown): Meter {
  const root = objectOf(listOf(value)[0]);
  const device = objectOf(root['dispositifComptage']);
  const relay = objectOf(root['relais'] ?? device['relais']);
  return known<Meter>({
    type: shortText(device, 'typeComptage') ?? shortText(root, 'typeComptage'),
    status: shortText(root, 'usage_point_status'),
    offpeakHours: shortText(relay, 'plageHeuresCreuses'),
  });
}

/** The contract of a usage point in the words of v5: that of consumption, where there are several. */
export function contractsDocument(usagePoint: string, contracts: readonly Contract[], meter: Meter): ContractsDocument {
  const contract = contracts.find(({ direction }) => direction === 'consumption') ?? contracts[0];
  const power = contract?.subscribedPower;
  return {
    customer: {
      usage_points: [
        {
          usage_point: known<ContractsDocument['customer']['usage_points'][number]['usage_point']>({
            usage_point_id: usagePoint,
            usage_point_status: meter.status,
            meter_type: meter.type,
          }),
          contracts: known<ContractDetails>({
            segment: contract?.segment,
            subscribed_power: power === undefined ? undefined : `${power} kVA`,
            last_activation_date: contract?.start,
            distribution_tariff: contract?.distributionTariff,
            offpeak_hours: meter.offpeakHours,
            contract_type: contract?.type,
            contract_status: contract?.status,
            last_distribution_tariff_change_date: contract?.tariffChangedAt,
          }),
        },
      ],
    },
  };
}
