import { noise, hash } from '../../model/noise.js';
import { clearSky } from '../../model/sun.js';
import type { UsagePoint } from './customers.js';
import type { OffPeakHours } from './off-peak.js';

const hour = 3_600_000;
const tenMinutes = 600_000;
const site = { latitude: 47, longitude: 2 };

/** A moment as the household lives it. */
export interface Moment {
  /** ms since the epoch. */
  readonly time: number;
  /** What clocks show, hours since midnight. */
  readonly clock: number;
  readonly weekend: boolean;
  /** Day of the year, 1 … 366. */
  readonly dayOfYear: number;
}

function bump(clock: number, centre: number, width: number): number {
  return Math.exp(-(((clock - centre) / width) ** 2));
}

/** Outside temperature, °C: seasons, the course of the day and weather that lasts some days. */
function temperature({ time, clock, dayOfYear }: Moment, seed: number): number {
  const season = 12.5 - 8.5 * Math.cos((2 * Math.PI * (dayOfYear - 20)) / 365);
  const course = 3.5 * Math.sin((2 * Math.PI * (clock - 9)) / 24);
  return season + course + 8 * (noise(seed, time / (40 * hour)) - 0.5);
}

/** What people do: base load, mornings, noon and evenings, longer at home on weekends, now and then an appliance. */
function living({ time, clock, weekend }: Moment, seed: number): number {
  const base = 140 + 110 * noise(seed + 1, time / (3 * tenMinutes));
  const day = 550 * bump(clock, weekend ? 9.5 : 7.3, 1.1) + (weekend ? 650 : 250) * bump(clock, 12.6, 1);
  const evening = 1100 * bump(clock, 19.6, 1.8);
  const appliance = clock > 8 && clock < 22.5 && hash(seed + 2, Math.floor(time / (3 * tenMinutes))) > 0.95 ? 1600 : 0;
  return base + (day + evening) * (0.5 + noise(seed + 3, time / tenMinutes)) + appliance;
}

/**
 * Power that a household takes, W: living, electric heating by the weather, and hot water that is heated when the
 * off-peak hours begin. Never more than the subscription allows.
 */
export function householdPower(point: UsagePoint, moment: Moment, offPeak: OffPeakHours, seed: number): number {
  const size = point.subscribedPower / 9;
  const cold = Math.max(0, 16.5 - temperature(moment, seed + 4));
  const setback = moment.clock < 6 || moment.clock > 22.5 ? 0.75 : 1;
  const heating = point.electricHeating ? 95 * cold * setback : 0;
  const heater = offPeak.hoursSince(moment.clock) < 2.2 + 0.8 * hash(seed + 5, moment.dayOfYear) ? 2200 : 0;
  const wanted = (living(moment, seed) + heating) * size + heater;
  return Math.min(wanted, point.subscribedPower * 950);
}

/** Power of the panels, W: the sun behind clouds that last hours and days. */
export function panelPower(point: UsagePoint, { time }: Moment, seed: number): number {
  if (point.production === 0) return 0;
  const { irradiance } = clearSky(time, site);
  const clouds = 0.35 + 0.45 * noise(seed + 6, time / (20 * hour)) + 0.2 * noise(seed + 7, time / (2 * tenMinutes));
  return irradiance * point.production * 0.82 * clouds;
}
