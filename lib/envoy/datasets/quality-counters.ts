import { fieldsAt, isFields, numberAt, textAt, type Fields } from './fields.js';
import type { Parts } from './types.js';

/** A counter of a payload, and how fast it may go up. */
export interface Counter {
  /** Where it stands in the payload. */
  readonly path: readonly string[];
  readonly value: number;
  /** The most power that can pass it, W. */
  readonly ceiling: number;
  /** When the value was counted, ms since the epoch. */
  readonly at: number;
  /** True where it stands still between reports, and then makes up for the time since the last one. */
  readonly isReported: boolean;
  /** Other sources of the same quantity count from another beginning. */
  readonly source?: string;
  /** Of a counter that may go down: by how much power it does now, W, 0 where it goes up. */
  readonly fallingWatts?: number;
}

/** What is known of the size of an installation. */
export interface Size {
  /** The installed power that the inverters show, W; undefined while it is unknown. */
  readonly installedWatts?: number;
  /** The highest production seen, W. */
  readonly peakWatts: number;
}

/** The most that one phase of a house connection carries: 200 A at 250 V. */
const phaseCeiling = 50_000;

/** The least that an inverter counts for: its highest report says little about a new one. */
const inverterFloor = 400;

/** What a value may be above the highest one seen. */
const margin = 1.25;

/** Whether production is measured; else it is summed up from what the inverters report every quarter of an hour. */
function isMetered(payload: Parts): boolean {
  const features = fieldsAt(payload, 'gateway').features;
  return Array.isArray(features) && features.includes('metering');
}

const phaseCountOf = (payload: Parts): number => numberAt(fieldsAt(payload, 'gateway'), 'phaseCount') ?? 1;
const reportOf = (inverter: Fields): number => Math.max(inverterFloor, numberAt(inverter, 'maxReportWatts') ?? 0);

/** The size of the installation, by what was known of it before and what this payload shows. */
export function sizeOf(payload: Parts, known: Size): Size {
  const inverters = Object.values(fieldsAt(payload, 'inverters')).filter(isFields);
  const installed = inverters.length === 0 ? known.installedWatts : inverters.map(reportOf).reduce((a, b) => a + b);
  const watts = Math.abs(numberAt(fieldsAt(payload, 'production'), 'wattsNow') ?? 0);
  // A power that no connection carries is a spike itself.
  const isPlausible = watts <= phaseCeiling * 3;
  const peakWatts = isPlausible ? Math.max(known.peakWatts, watts) : known.peakWatts;
  return { peakWatts, ...(installed !== undefined && { installedWatts: installed }) };
}

interface Ceilings {
  readonly grid: number;
  readonly production: number;
  readonly consumption: number;
}

function ceilingsOf(payload: Parts, size: Size): Ceilings {
  const grid = phaseCeiling * phaseCountOf(payload);
  const { installedWatts, peakWatts } = size;
  const production = installedWatts === undefined ? phaseCeiling * 3 : margin * Math.max(installedWatts, peakWatts);
  return { grid, production, consumption: grid + production };
}

interface Place {
  readonly path: readonly string[];
  readonly names: readonly string[];
  readonly ceiling: number;
  readonly at: number;
  readonly isReported: boolean;
  readonly source?: string;
  readonly mayFall?: boolean;
}

/** The counters of one measured quantity and of its phases. */
function countersOf(measured: Fields, place: Place): Counter[] {
  const { path, names, mayFall, ...rest } = place;
  const fallingWatts = Math.max(0, -(numberAt(measured, 'wattsNow') ?? 0));
  const own = names.flatMap((name) => {
    const value = numberAt(measured, name);
    const counter = { ...rest, path: [...path, name], ...(mayFall && { fallingWatts }) };
    return value === undefined ? [] : [{ ...counter, value }];
  });
  const phases = Object.entries(fieldsAt(measured, 'phases')).filter((entry): entry is [string, Fields] =>
    isFields(entry[1]),
  );
  return [
    ...own,
    ...phases.flatMap(([phase, values]) => countersOf(values, { ...place, path: [...path, 'phases', phase] })),
  ];
}

/** Consumption is computed, in another way by some firmware (spec 4.3): its sum begins anew with each. */
function originOf(payload: Parts, part: 'production' | 'consumption'): string | undefined {
  const source = textAt(fieldsAt(payload, part), 'source');
  const firmware = textAt(fieldsAt(payload, 'gateway'), 'firmware');
  return part === 'consumption' && source !== undefined && firmware !== undefined ? `${source} ${firmware}` : source;
}

function totalsCounters(payload: Parts, part: 'production' | 'consumption', ceiling: number, at: number): Counter[] {
  const measured = fieldsAt(payload, part);
  const source = originOf(payload, part);
  return countersOf(measured, {
    path: [part],
    names: ['wattHoursLifetime'],
    ceiling,
    at,
    isReported: part === 'production' && !isMetered(payload),
    ...(source !== undefined && { source }),
    // It is net and production: while a battery gives more than the house takes it is negative (spec 4.3).
    mayFall: part === 'consumption',
  });
}

function meterCounters(payload: Parts, ceilings: Ceilings, at: number): Counter[] {
  return Object.entries(fieldsAt(payload, 'meters')).flatMap(([type, reading]) => {
    if (!isFields(reading)) return [];
    const ceiling = type === 'production' ? ceilings.production : ceilings.consumption;
    const names = ['energyDelivered', 'energyReceived'];
    return countersOf(reading, {
      path: ['meters', type],
      names,
      ceiling: type === 'net-consumption' ? ceilings.grid : ceiling,
      at,
      isReported: false,
    });
  });
}

function inverterCounters(payload: Parts): Counter[] {
  return Object.entries(fieldsAt(payload, 'inverters')).flatMap(([serial, inverter]) => {
    const date = isFields(inverter) ? numberAt(inverter, 'lastReportDate') : undefined;
    if (!isFields(inverter) || date === undefined) return [];
    const ceiling = margin * reportOf(inverter);
    const path = ['inverters', serial];
    return countersOf(inverter, { path, names: ['lifetimeEnergy'], ceiling, at: date * 1000, isReported: true });
  });
}

/**
 * Every counter of a payload that goes up, consumption apart from some moments of a house with batteries. Net
 * consumption is none: it goes down by what is exported.
 * `readAt` in ms since the epoch.
 */
export function countersIn(payload: Parts, size: Size, readAt: number): readonly Counter[] {
  const ceilings = ceilingsOf(payload, size);
  return [
    ...totalsCounters(payload, 'production', ceilings.production, readAt),
    ...totalsCounters(payload, 'consumption', ceilings.consumption, readAt),
    ...meterCounters(payload, ceilings, readAt),
    ...inverterCounters(payload),
  ];
}
