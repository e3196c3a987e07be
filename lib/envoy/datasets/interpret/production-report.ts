import { invalidReply, isFields, numberAt, objectsIn, requiredNumber, whole, type Fields } from '../fields.js';
import { entryTotals, phasesOf, type MeasuredTotals } from './totals.js';

/** The quantities of the consumption section of a production report. */
export type ConsumptionType = 'total-consumption' | 'net-consumption';

const isActive = (entry: Fields): boolean => (numberAt(entry, 'activeCount') ?? 0) > 0;

function section(report: unknown, name: 'production' | 'consumption'): readonly Fields[] {
  return isFields(report) ? objectsIn(report[name]) : [];
}

function requireSection(report: unknown, name: 'production' | 'consumption', endpoint: string): void {
  if (!isFields(report) || !Array.isArray(report[name])) throw invalidReply(endpoint, name);
}

/** The entry of the built-in production meter, in use or not. */
export function meterEntry(report: unknown): Fields | undefined {
  const entries = section(report, 'production').filter((entry) => entry.type === 'eim');
  return entries.find(isActive) ?? entries[0];
}

/** The entry of the built-in production meter, where it is in use. */
export function activeMeterEntry(report: unknown): Fields | undefined {
  const entry = meterEntry(report);
  return entry && isActive(entry) ? entry : undefined;
}

function inverterEntry(report: unknown): Fields | undefined {
  const entries = section(report, 'production').filter((entry) => entry.type === 'inverters');
  return entries.find(isActive) ?? entries[0];
}

/** Whether the report sums up at least one inverter in use. */
export function hasActiveInverters(report: unknown): boolean {
  const entry = inverterEntry(report);
  return entry !== undefined && isActive(entry);
}

/** The active consumption entry of a type, chosen by its `measurementType`: the order differs between gateways. */
export function consumptionEntry(report: unknown, type: ConsumptionType): Fields | undefined {
  return section(report, 'consumption').find((entry) => isActive(entry) && entry.measurementType === type);
}

/** How many lines of an entry hold any value but zero. */
export function activePhases(entry: Fields): number {
  const isUsed = (line: Fields): boolean => Object.keys(line).some((name) => (numberAt(line, name) ?? 0) !== 0);
  return objectsIn(entry.lines).filter(isUsed).length;
}

function productionOf(report: unknown, entry: Fields, endpoint: string): MeasuredTotals {
  const meter = meterEntry(report) ?? {};
  const inverters = inverterEntry(report) ?? {};
  const sum = (name: string): number => {
    const values = [numberAt(meter, name), numberAt(inverters, name)];
    return whole(values.find((value) => value !== undefined && value !== 0) ?? 0);
  };
  return {
    wattsNow: whole(requiredNumber(entry, 'wNow', endpoint)),
    wattHoursToday: sum('whToday'),
    wattHoursLast7Days: sum('whLastSevenDays'),
    wattHoursLifetime: whole(requiredNumber(entry, 'whLifetime', endpoint)),
    source: endpoint,
  };
}

/**
 * Production as the built-in meter measures it, with its phases (spec 4.1, 4.2); undefined where the meter is not
 * active in this report. It is never replaced by the sum of the inverters, whose lifetime is another one.
 * @throws EnergyError `reply_invalid`
 */
export function meteredProduction(report: unknown, endpoint: string, phaseCount: number): MeasuredTotals | undefined {
  requireSection(report, 'production', endpoint);
  const entry = activeMeterEntry(report);
  return entry && { ...productionOf(report, entry, endpoint), ...phasesOf(entry, phaseCount) };
}

/**
 * Production as the sum of what the inverters report (spec 3.5): now and lifetime; today and the seven days are those
 * of a meter entry beside it, where it has any, else 0.
 * @throws EnergyError `reply_invalid`
 */
export function inverterProduction(report: unknown, endpoint: string): MeasuredTotals {
  requireSection(report, 'production', endpoint);
  const entry = inverterEntry(report);
  if (!entry) throw invalidReply(endpoint, 'production[type=inverters]');
  return productionOf(report, entry, endpoint);
}

/**
 * Total or net consumption with its phases (spec 4.3); undefined where the report has no active entry of that type.
 * @throws EnergyError `reply_invalid`
 */
export function consumption(
  report: unknown,
  type: ConsumptionType,
  endpoint: string,
  phaseCount: number,
): MeasuredTotals | undefined {
  requireSection(report, 'consumption', endpoint);
  const entry = consumptionEntry(report, type);
  return entry && { ...entryTotals(entry, endpoint), source: endpoint, ...phasesOf(entry, phaseCount) };
}
