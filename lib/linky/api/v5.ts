import { EnergyError } from '../../errors.js';
import type { MeasurementResource } from '../datasets.js';
import { listOf, numberOf, objectOf, textOf, usagePointOf, type JsonObject } from '../json.js';
import type { Measurement, MeasurementPoint } from '../measurement.js';
import { minutesOf, unitFactor, usualMinutes } from '../translation/points.js';
import { chronological, instantsOf, parseWallTime, type WallTime } from '../wall-time.js';
import type { DayRange } from './meter-api.js';

interface DatedValue {
  readonly at: WallTime;
  readonly value: number | undefined;
  readonly minutes: number;
  readonly measureType?: string;
}

function datedValue(entry: unknown, factor: number): DatedValue | undefined {
  const point = objectOf(entry);
  const at = parseWallTime(point['date']);
  const value = numberOf(point['value']);
  const measureType = textOf(point['measure_type']);
  if (at === undefined) return undefined;
  return {
    at,
    value: value === undefined ? undefined : value * factor,
    minutes: minutesOf(point['interval_length']) ?? usualMinutes,
    ...(measureType !== undefined && { measureType }),
  };
}

/** Points in the order of time. Those without a value go last: their place tells which of two equal wall times is which. */
function pointsOf(values: readonly DatedValue[], isCurve: boolean): MeasurementPoint[] {
  const ordered = chronological(values, ({ at }) => at);
  const moments = isCurve ? instantsOf(ordered.map(({ at }) => at)) : [];
  return ordered.flatMap(({ at, value, minutes, measureType }, index): MeasurementPoint[] => {
    if (value === undefined) return [];
    const instant = moments[index];
    if (!isCurve || instant === undefined) return [{ value, at }];
    return [{ value, at: { ...at, instant }, minutes, ...(measureType !== undefined && { measureType }) }];
  });
}

/** The object that holds the values: with the wrapper of Enedis, or its content alone as Conso API gave it. */
function meterReadingOf(value: unknown): JsonObject {
  const root = objectOf(value);
  const wrapped = objectOf(root['meter_reading']);
  return 'interval_reading' in wrapped ? wrapped : root;
}

/**
 * Reads measured values of v5 (spec/device-flow 4.5), with the `meter_reading` wrapper or without it. Curves stand for the
 * end of their intervals.
 * @throws EnergyError `reply_invalid` where it is no such document, is about another usage point or in another unit
 */
export function readMeasurementV5(
  value: unknown,
  asked: { readonly resource: MeasurementResource; readonly usagePoint: string; readonly range: DayRange },
): Measurement {
  const { resource, usagePoint, range } = asked;
  const reading = meterReadingOf(value);
  if (!('interval_reading' in reading)) throw new EnergyError('reply_invalid', 'The reply holds no measured values.');
  if ((usagePointOf(reading['usage_point_id']) ?? usagePoint) !== usagePoint) {
    throw new EnergyError('reply_invalid', 'The reply is about another usage point than the one asked for.');
  }
  const factor = unitFactor(textOf(objectOf(reading['reading_type'])['unit']), resource.unit);
  const values = listOf(reading['interval_reading']).flatMap((entry) => datedValue(entry, factor) ?? []);
  return {
    resource,
    usagePoint,
    start: parseWallTime(reading['start'])?.day ?? range.start,
    end: parseWallTime(reading['end'])?.day ?? range.end,
    quality: textOf(reading['quality']) ?? '',
    points: pointsOf(values, resource.kind === 'curve'),
  };
}
