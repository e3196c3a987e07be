import { fieldsAt, isFields, numberAt, present, whole, type Fields } from '../fields.js';
import type { Parts } from '../types.js';

/** All batteries of a house as one: W, Wh and %. Each value is absent where it is unknown. */
export interface Battery {
  /** Power now: + = discharge, - = charge. */
  readonly wattsNow?: number;
  /** Everything ever charged. */
  readonly chargeWattHours?: number;
  /** Everything ever discharged. */
  readonly dischargeWattHours?: number;
  /** % */
  readonly stateOfCharge?: number;
}

function unitsOf(payload: Parts): readonly Fields[] {
  return Object.values(fieldsAt(fieldsAt(payload, 'batteries'), 'units')).filter(isFields);
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);
}

/** What the batteries say themselves, all of them; undefined where one of them does not. */
function reportedWatts(payload: Parts): number | undefined {
  const milliwatts = unitsOf(payload).map((unit) => numberAt(unit, 'realPowerMw'));
  const units = milliwatts.map((power) => (power === undefined ? undefined : power / 1000));
  const power = fieldsAt(payload, 'acBatteries').power;
  const acBatteries = isFields(power) ? [numberAt(power, 'power')] : [];
  const sum = sumOf([...units, ...acBatteries]);
  return sum === undefined ? undefined : whole(sum);
}

/** The mean charge of the IQ Batteries, by their capacity where all of them tell it. */
function meanCharge(units: readonly Fields[]): number | undefined {
  const capacities = units.map((unit) => numberAt(unit, 'enchargeCapacity'));
  const total = sumOf(capacities);
  const weights = total !== undefined && total > 0 ? capacities : units.map(() => 1);
  const charges = units.map((unit, index) => {
    const charge = numberAt(unit, 'soc') ?? numberAt(unit, 'percentFull');
    return charge === undefined ? undefined : charge * (weights[index] ?? 0);
  });
  const [sum, weight] = [sumOf(charges), sumOf(weights)];
  return sum === undefined || weight === undefined || weight <= 0
    ? undefined
    : Math.round((sum / weight) * 10) / 10 + 0;
}

/** The charge over all batteries there are; a gateway without any reports zeros, which say nothing. */
function chargeOf(payload: Parts): number | undefined {
  const units = unitsOf(payload);
  const acBatteries = fieldsAt(fieldsAt(payload, 'acBatteries'), 'power');
  if ('acBatteries' in payload && units.length > 0) {
    return numberAt(fieldsAt(payload, 'batteryAggregate'), 'stateOfCharge');
  }
  if ('acBatteries' in payload) return numberAt(acBatteries, 'stateOfCharge');
  if (units.length === 0) return undefined;
  return numberAt(fieldsAt(fieldsAt(payload, 'batteries'), 'aggregate'), 'stateOfCharge') ?? meanCharge(units);
}

/**
 * Power, energy and charge of the batteries (spec 4.5, 4.7, 4.8), from the parts of a payload. Power comes from the
 * storage CT where there is one, since the batteries' own values are late, else it is the sum of theirs; energies come
 * from the storage CT only. Undefined where nothing is known.
 */
export function batteryOf(payload: Parts): Battery | undefined {
  const meter = fieldsAt(fieldsAt(payload, 'meters'), 'storage');
  const battery = present({
    wattsNow: numberAt(meter, 'activePower') ?? reportedWatts(payload),
    chargeWattHours: numberAt(meter, 'energyReceived'),
    dischargeWattHours: numberAt(meter, 'energyDelivered'),
    stateOfCharge: chargeOf(payload),
  });
  return Object.keys(battery).length === 0 ? undefined : battery;
}
