import { hash, noise } from './noise.js';
import type { Plant } from './plant.js';
import { cellMilliseconds } from './series.js';
import { inverterLimit } from './sources.js';
import { clearSky } from './sun.js';

/** What an inverter told in its last report. Times in ms since the epoch, powers in W, energies in Wh. */
export interface InverterReport {
  readonly index: number;
  readonly serialNumber: string;
  readonly reportedAt: number;
  readonly watts: number;
  readonly maximumWatts: number;
  /** Over the five minutes that the report is about. */
  readonly energy: number;
  readonly today: number;
  readonly yesterday: number;
  readonly lastSevenDays: number;
  readonly lifetime: number;
  /** Volts, amperes, hertz, degrees Celsius. */
  readonly alternatingVoltage: number;
  readonly frequency: number;
  readonly directVoltage: number;
  readonly temperature: number;
}

/** Panels differ by up to five percent; the factors of all of them average to one. */
function factors({ parameters: { seed, inverters } }: Plant): number[] {
  const raw = Array.from({ length: inverters }, (_, index) => 0.95 + 0.1 * hash(seed + 301, index));
  const mean = raw.reduce((sum, factor) => sum + factor, 0) / Math.max(1, inverters);
  return raw.map((factor) => factor / mean);
}

/** When an inverter that reports `delay` after each five-minute point did so last with power from its panel. */
function lastReport(plant: Plant, time: number, delay: number): number {
  const first = Math.ceil(plant.parameters.commissionedAt / cellMilliseconds);
  let index = Math.floor((time - delay) / cellMilliseconds);
  while (index > first && plant.panels.node(index) <= 0 && plant.panels.node(index + 1) <= 0) index--;
  return index * cellMilliseconds + delay;
}

/** The serial number of an inverter: twelve digits, other ones for another plant. */
function serialNumber(seed: number, index: number): string {
  const lot = 10 + Math.floor(hash(seed + 302, 0) * 80);
  return `4822${lot}${String(100_001 + index * 7).padStart(6, '0')}`;
}

function report(plant: Plant, index: number, factor: number, time: number): InverterReport {
  const { panels, calendar, parameters } = plant;
  const { seed, inverters } = parameters;
  const reportedAt = lastReport(plant, time, Math.floor(hash(seed + 303, index) * cellMilliseconds));
  const part = factor / inverters;
  const energyAt = (moment: number): number => panels.energy(moment).delivered * part;
  const lifetime = energyAt(reportedAt);
  const midnight = energyAt(calendar.midnight(time));
  const dayBefore = energyAt(calendar.midnight(time, 1));
  const watts = panels.watts(reportedAt) * part;
  const { irradiance } = clearSky(reportedAt, parameters);
  return {
    index,
    serialNumber: serialNumber(seed, index),
    reportedAt,
    watts,
    maximumWatts: inverterLimit * factor,
    energy: lifetime - energyAt(reportedAt - cellMilliseconds),
    today: Math.max(0, lifetime - midnight),
    yesterday: midnight - dayBefore,
    lastSevenDays: midnight - energyAt(calendar.midnight(time, 7)),
    lifetime,
    alternatingVoltage: 229 + 7 * noise(seed + 304 + index, reportedAt / 900_000),
    frequency: 49.97 + 0.06 * noise(seed + 305, reportedAt / 200_000),
    directVoltage: 31 + 4 * noise(seed + 306 + index, reportedAt / 1_800_000),
    temperature: 8 + irradiance * 0.03 + 6 * hash(seed + 307, index),
  };
}

/**
 * The reports of all inverters as the gateway has them at `time`: each one reports every five minutes at its own
 * second while there is light; at night its last report of the day stays.
 */
export function inverterReports(plant: Plant, time: number): InverterReport[] {
  return factors(plant).map((factor, index) => report(plant, index, factor, time));
}

/** Whether the inverters are awake. */
export function awake(plant: Plant, time: number): boolean {
  return plant.panels.watts(time) > 0;
}
