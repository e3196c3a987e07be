import { addDays } from '../model/paris.js';
import type { EnedisSwitches } from '../switches.js';
import type { Reading } from './readings.js';
import type { MeasurementQuery } from './rules.js';

interface PointDocument {
  readonly v: string | null;
  readonly d: string;
  readonly p?: string;
  readonly n?: string;
  readonly iv?: string;
}

const quantities = {
  energy: { grandeurPhysique: 'EA', unite: 'Wh' },
  curve: { grandeurPhysique: 'PA', unite: 'W' },
  power: { grandeurPhysique: 'PMA', unite: 'VA' },
  index: { grandeurPhysique: 'EA', unite: 'Wh' },
} as const;

function pointOf({ value, date, step, begins = date }: Reading, switches: EnedisSwitches): PointDocument {
  const v = String(switches.kiloUnits ? value / 1000 : value);
  if (step === undefined) return { v, d: date };
  return { v, d: switches.stampsAtStart ? begins : date, p: `PT${step}M`, n: 'B', iv: '0' };
}

/** The quantities of an answer of 2026, as the switches have it (spec/device-flow 4.10.1). */
export function quantityOf(
  { measurement, direction, until }: MeasurementQuery,
  readings: readonly Reading[],
  switches: EnedisSwitches,
): readonly unknown[] {
  const { grandeurPhysique, unite } = quantities[measurement];
  const broken: PointDocument[] = [
    { v: null, d: measurement === 'curve' ? `${addDays(until, -1)} 12:00:00` : addDays(until, -1) },
    { v: '1', d: '20XX-XX-XX' },
  ];
  const points = readings.map((reading) => pointOf(reading, switches));
  const all = switches.brokenPoints ? [...points, ...broken] : points;
  const quantity = {
    grandeurMetier: direction === 'consumption' ? 'CONS' : 'PROD',
    grandeurPhysique,
    unite: switches.kiloUnits ? `k${unite}` : unite,
    points: switches.reverseOrder ? all.toReversed() : all,
    calendrier: [],
  };
  if (!switches.furtherQuantities) return [quantity];
  const reactive = { ...quantity, grandeurPhysique: 'ERI', unite: 'VArh', points: [{ v: '7', d: addDays(until, -1) }] };
  return [reactive, quantity];
}
