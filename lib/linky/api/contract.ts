import { EnergyError } from '../../errors.js';
import { listOf, objectOf, parseJson, textOf, usagePointOf, type JsonObject } from '../json.js';
import type { MeterInformation } from '../readings.js';
import { contractsDocument, known, powerOf, readContracts, shortText } from '../translation/contracts.js';
import { parseWallTime } from '../wall-time.js';

/** The usage points of a document of v5, with its wrapper or without. */
function usagePointsOf(root: JsonObject): JsonObject[] {
  const customer = 'customer' in root ? objectOf(listOf(root['customer'])[0]) : root;
  return listOf(customer['usage_points']).map(objectOf);
}

/** The entry of the usage point; where none names it, the only one there is. */
function entryOf(entries: readonly JsonObject[], usagePoint: string): JsonObject | undefined {
  const idOf = (entry: JsonObject): string | undefined =>
    usagePointOf(objectOf(entry['usage_point'])['usage_point_id'] ?? entry['usage_point_id']);
  const [only, ...others] = entries;
  return (
    entries.find((entry) => idOf(entry) === usagePoint) ??
    (others.length === 0 && only && idOf(only) === undefined ? only : undefined)
  );
}

function entriesOf(value: unknown, usagePoint: string): JsonObject[] {
  const found = usagePointsOf(objectOf(value));
  const is2026 = found.length === 0 && listOf(value).some((entry) => 'segment' in objectOf(entry));
  if (!is2026) return found;
  return usagePointsOf(objectOf(contractsDocument(usagePoint, readContracts(value), {})));
}

/**
 * What an answer about contracts tells of a meter: v5 (spec/device-flow 4.5), or the list of contracts of 2026 (4.10.3).
 * Nothing about persons is taken over.
 * @throws EnergyError `reply_invalid` where it tells nothing about the usage point
 */
export function readMeterInformation(usagePoint: string, body: string): MeterInformation {
  const entry = entryOf(entriesOf(parseJson(body), usagePoint), usagePoint);
  if (!entry) throw new EnergyError('reply_invalid', 'The reply holds no contract of the usage point.');
  const contract = objectOf(listOf(entry['contracts'])[0]);
  return known<MeterInformation>({
    usagePoint,
    segment: shortText(contract, 'segment'),
    subscribedPower: powerOf(contract['subscribed_power']),
    activationDate: parseWallTime(textOf(contract['last_activation_date']))?.day,
    distributionTariff: shortText(contract, 'distribution_tariff'),
    offpeakHours: shortText(contract, 'offpeak_hours'),
    contractStatus: shortText(contract, 'contract_status'),
    meterType: shortText(objectOf(entry['usage_point']), 'meter_type'),
  });
}
