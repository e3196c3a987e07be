import type { Measurement, MeasurementPoint } from '../measurement.js';
import { addDays, startOfDay } from '../paris.js';
import type { Reading } from '../readings.js';
import { usualMinutes } from '../translation/points.js';
import { instantsOf } from '../wall-time.js';

/** An interval of the curve: it ends where its point stands (spec/device-flow 4.5). */
function curveReading(point: MeasurementPoint, end: number): Pick<Reading, 'start' | 'end'> {
  return { start: end - (point.minutes ?? usualMinutes) * 60_000, end };
}

function dayReading({ at }: MeasurementPoint): Pick<Reading, 'start' | 'end'> {
  return { start: startOfDay(at.day), end: startOfDay(addDays(at.day, 1)) };
}

/** Of readings that begin at the same moment the last one counts. Keeps the order of time. */
function withoutRepeats(readings: readonly Reading[]): Reading[] {
  const last = new Map<number, Reading>();
  for (const reading of readings) last.set(reading.start, reading);
  return [...last.values()].sort((one, other) => one.start - other.start);
}

/**
 * Measured values as readings with start and end in the order of time: curves per interval with their own lengths, daily
 * values from midnight to midnight in Europe/Paris (23 or 25 hours where clocks change), the highest power also with its
 * moment. Negative values are none: a meter counts each direction by itself.
 */
export function readingsOf({ resource, quality, points }: Measurement): Reading[] {
  const moments = instantsOf(points.map(({ at }) => at));
  const readings = points.flatMap((point, index): Reading[] => {
    const moment = moments[index];
    if (moment === undefined || point.value < 0) return [];
    const interval = resource.kind === 'curve' ? curveReading(point, moment) : dayReading(point);
    const hasMoment = resource.kind === 'max_power' && point.at.time !== undefined;
    return [
      {
        ...interval,
        value: point.value,
        unit: resource.unit,
        ...(hasMoment && { at: moment }),
        ...(quality !== '' && { quality }),
      },
    ];
  });
  return withoutRepeats(readings);
}
