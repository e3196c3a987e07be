import { hash, seedOf } from '../../model/noise.js';
import type { UsagePoint } from './customers.js';
import { offPeakHours } from './off-peak.js';
import { addDays, clockHours, startOf } from './paris.js';
import { householdPower, panelPower } from './power.js';
import type { Moment } from './power.js';

const tenMinutes = 600_000;

/** Which way energy flows. */
export type Direction = 'consumption' | 'production';

/** One direction of one day. */
export interface DirectionDay {
  /** Mean power of each step, W, in the order of time. */
  readonly powers: readonly number[];
  /** Energy of the day, Wh: exactly that of the powers. */
  readonly energy: number;
  /** The part of it in off-peak hours, Wh. */
  readonly offPeakEnergy: number;
  /** Highest apparent power, VA, and when, ms since the epoch. */
  readonly peak: number;
  readonly peakAt: number;
}

/** A day of a meter; 46 or 50 half-hours where clocks change. */
export interface MeterDay {
  /** ms since the epoch. */
  readonly start: number;
  /** Minutes of a step: 10 or 30. */
  readonly step: 10 | 30;
  readonly consumption: DirectionDay;
  readonly production: DirectionDay;
}

/** What a meter measures, for any day; the same at every start. */
export interface Meter {
  /** What was measured on a day (`YYYY-MM-DD`). */
  day(day: string): MeterDay;
}

const keptDays = 2_000;

function dayOfYear(day: string): number {
  return (
    Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${day.slice(0, 4)}-01-01T00:00:00Z`)) / 86_400_000) + 1
  );
}

/** The means of so many values each. */
function grouped(values: readonly number[], size: number): number[] {
  return Array.from({ length: values.length / size }, (_, index) => {
    const group = values.slice(index * size, (index + 1) * size);
    return Math.round(group.reduce((sum, value) => sum + value, 0) / size);
  });
}

/** The same powers, the highest one raised by some watts, so that the day's energy is whole watt-hours. */
function wholeEnergy(powers: readonly number[], step: number): number[] {
  const perHour = 60 / step;
  const missing = (perHour - (powers.reduce((sum, power) => sum + power, 0) % perHour)) % perHour;
  const highest = powers.indexOf(Math.max(...powers));
  return powers.map((power, index) => (index === highest ? power + missing : power));
}

function directionDay(fine: readonly number[], start: number, step: 10 | 30, kind: DirectionKind): DirectionDay {
  const powers = wholeEnergy(grouped(fine, step / 10), step);
  const milliseconds = step * 60_000;
  const energyOf = (chosen: readonly number[]): number => (chosen.reduce((sum, power) => sum + power, 0) * step) / 60;
  const cheap = powers.filter((_, index) => kind.isOffPeak(clockHours(start + index * milliseconds)));
  const highest = powers.indexOf(Math.max(...powers));
  const peakPower = powers[highest] ?? 0;
  return {
    powers,
    energy: Math.round(energyOf(powers)),
    offPeakEnergy: Math.floor(energyOf(cheap)),
    peak: Math.round(peakPower * (1.02 + 0.2 * hash(kind.seed, start / tenMinutes))),
    peakAt: start + Math.floor((highest + 0.99 * hash(kind.seed + 1, start / tenMinutes)) * step * 60) * 1000,
  };
}

interface DirectionKind {
  readonly seed: number;
  isOffPeak(clock: number): boolean;
}

/**
 * The meter of a usage point. The curve adds up exactly to the day's energy; the day's highest power lies in its
 * highest step.
 * @param seed two simulators with one seed measure the same
 */
export function createMeter(point: UsagePoint, seed: number): Meter {
  const own = seedOf(`${seed} ${point.id}`);
  const offPeak = offPeakHours(point.offPeak);
  const days = new Map<string, MeterDay>();

  const measure = (day: string): MeterDay => {
    const start = startOf(day);
    const count = (startOf(addDays(day, 1)) - start) / tenMinutes;
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    const common = { weekend: weekday === 0 || weekday === 6, dayOfYear: dayOfYear(day) };
    const taken: number[] = [];
    const injected: number[] = [];
    for (let index = 0; index < count; index++) {
      const time = start + index * tenMinutes;
      const moment: Moment = { time, clock: clockHours(time), ...common };
      const load = point.consumption ? householdPower(point, moment, offPeak, own) : 0;
      const balance = load - panelPower(point, moment, own);
      taken.push(Math.max(0, balance));
      injected.push(Math.max(0, -balance));
    }
    const step = point.tenMinutesFrom !== undefined && day >= point.tenMinutesFrom ? 10 : 30;
    const kind = { seed: own, isOffPeak: (clock: number) => offPeak.includes(clock) };
    return {
      start,
      step,
      consumption: directionDay(taken, start, step, kind),
      production: directionDay(injected, start, step, kind),
    };
  };
  return {
    day: (day) => {
      const known = days.get(day);
      if (known) return known;
      if (days.size >= keptDays) days.clear();
      const measured = measure(day);
      days.set(day, measured);
      return measured;
    },
  };
}
