import { EnergyError } from '../../errors.js';
import type { MeasurementResource, SeriesKind } from '../datasets.js';
import type { IntervalReading, MeterReadingDocument, ReadingType } from '../documents.js';
import { objectOf, textOf, usagePointOf } from '../json.js';
import type { Measurement, MeasurementPoint } from '../measurement.js';
import { parseWallTime, wallText } from '../wall-time.js';
import { readPoints, type CurveStamps } from './points.js';

/** What was asked for, to hold the reply against. */
export interface AskedMeasurement {
  readonly resource: MeasurementResource;
  /** 14 digits. */
  readonly usagePoint: string;
  /** Days; `end` is the first that is left out. */
  readonly start: string;
  readonly end: string;
  readonly curveStamps: CurveStamps;
}

/**
 * Reads measured values of Data Connect 2026 (spec/device-flow 1.13, 4.10.1), from a JSON value.
 * @throws EnergyError `reply_invalid` where it is no such document, or one about another usage point
 */
export function readMeasurement2026(value: unknown, asked: AskedMeasurement): Measurement {
  const document = objectOf(value);
  const { resource, curveStamps } = asked;
  if (!('grandeur' in document)) throw new EnergyError('reply_invalid', 'The reply holds no measured values.');
  const usagePoint = usagePointOf(document['idPrm']) ?? asked.usagePoint;
  if (usagePoint !== asked.usagePoint) {
    throw new EnergyError('reply_invalid', 'The reply is about another usage point than the one asked for.');
  }
  const period = objectOf(document['periode']);
  return {
    resource,
    usagePoint,
    start: parseWallTime(period['dateDebut'])?.day ?? asked.start,
    end: parseWallTime(period['dateFin'])?.day ?? asked.end,
    quality: textOf(document['etapeMetier']) ?? 'BRUT',
    points: readPoints(document, resource, { firstDay: asked.start, curveStamps }),
  };
}

const readingTypes: Readonly<Record<SeriesKind, ReadingType>> = {
  curve: { unit: 'W', measurement_kind: 'power', aggregate: 'average' },
  daily: { unit: 'Wh', measurement_kind: 'energy', aggregate: 'sum', measuring_period: 'P1D' },
  max_power: { unit: 'VA', measurement_kind: 'power', aggregate: 'maximum', measuring_period: 'P1D' },
};

function intervalReading(kind: SeriesKind, { value, at, minutes, measureType }: MeasurementPoint): IntervalReading {
  const integer = String(Math.round(value) || 0);
  if (kind === 'daily') return { value: integer, date: at.day };
  if (kind === 'max_power') return { value: integer, date: wallText(at) };
  return {
    value: integer,
    date: wallText({ time: '00:00:00', ...at }),
    interval_length: `PT${minutes ?? 30}M`,
    measure_type: measureType ?? 'B',
  };
}

/** Measured values in the words of v5 (spec/device-flow 4.5). */
export function meterReading(measurement: Measurement): MeterReadingDocument {
  const { resource, usagePoint, start, end, quality, points } = measurement;
  return {
    meter_reading: {
      usage_point_id: usagePoint,
      start,
      end,
      quality,
      reading_type: readingTypes[resource.kind],
      interval_reading: points.map((point) => intervalReading(resource.kind, point)),
    },
  };
}
