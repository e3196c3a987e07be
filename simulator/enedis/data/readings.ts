import type { UsagePoint } from '../model/customers.js';
import type { DirectionDay, MeterDay } from '../model/meter.js';
import { addDays, daysOf, startOf, wallTime } from '../model/paris.js';
import type { EnedisParts } from '../parts.js';
import type { MeasurementQuery } from './rules.js';

/** One value, before it is put in the words of a generation. */
export interface Reading {
  /** Wh of a day, W of a step of the curve, VA of a day's peak. */
  readonly value: number;
  /** `YYYY-MM-DD`; with the time for the curve (end of the step) and the peak. */
  readonly date: string;
  /** Minutes and beginning of the step; of the curve only. */
  readonly step?: number;
  readonly begins?: string;
}

const hour = 3_600_000;

/** The days of a period that were measured and have been published. */
export function publishedDays(parts: EnedisParts, point: UsagePoint, from: string, until: string): string[] {
  const { now, switches } = parts;
  return daysOf(from, until).filter((day) => {
    const isHolder = day >= point.activatedOn && (point.movedOutOn === undefined || day < point.movedOutOn);
    return isHolder && now() >= startOf(addDays(day, 1)) + switches.publishedAt * hour;
  });
}

/** Whether a step of the curve is missing: Tuesdays from 2:00 to 6:00, Wednesdays from noon on. */
function isHole(day: string, hours: number): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return (weekday === 2 && hours >= 2 && hours < 6) || (weekday === 3 && hours >= 12);
}

function curveOf(point: UsagePoint, day: string, measured: MeterDay, { powers }: DirectionDay): Reading[] {
  if (point.curve !== 'on' || (point.curveFrom !== undefined && day < point.curveFrom)) return [];
  const { start, step } = measured;
  const readings = powers.map((value, index) => ({
    value,
    date: wallTime(start + (index + 1) * step * 60_000),
    step,
    begins: wallTime(start + index * step * 60_000),
  }));
  return point.holes ? readings.filter((_, index) => !isHole(day, (index * step) / 60)) : readings;
}

/** What a point has for a query, in the order of time; nothing where nothing was measured or published. */
export function readingsOf(parts: EnedisParts, point: UsagePoint, query: MeasurementQuery): Reading[] {
  const meter = parts.meter(point);
  return publishedDays(parts, point, query.from, query.until).flatMap((day): Reading[] => {
    const measured = meter.day(day);
    const direction = measured[query.direction];
    if (query.measurement === 'curve') return curveOf(point, day, measured, direction);
    if (query.measurement === 'power') return [{ value: direction.peak, date: wallTime(direction.peakAt) }];
    return [{ value: direction.energy, date: day }];
  });
}
