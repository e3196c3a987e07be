import { EnergyError } from '../../errors.js';
import { measurementResources, type IndexDataset, type MeasurementResource } from '../datasets.js';
import { objectOf, parseJson } from '../json.js';
import { startOfDay } from '../paris.js';
import type { Reading, SeriesDataset } from '../readings.js';
import { readMeasurement2026 } from '../translation/measurement.js';
import type { CurveStamps } from '../translation/points.js';
import type { DayRange } from './meter-api.js';
import { readingsOf } from './readings.js';
import { readRegisters } from './registers.js';
import { readMeasurementV5 } from './v5.js';

/** Whether the dataset is about the registers of a meter. */
export function isIndexDataset(dataset: SeriesDataset): dataset is IndexDataset {
  return dataset === 'index_consumption' || dataset === 'index_production';
}

/** How a dataset that is no index is asked for. */
export function resourceOf(dataset: Exclude<SeriesDataset, IndexDataset>): MeasurementResource {
  const found = measurementResources.find((resource) => resource.dataset === dataset);
  if (!found) throw new EnergyError('invalid_argument', 'This dataset is no series of measured values.');
  return found;
}

/** What was asked for, to hold the answer against. */
export interface AskedSeries {
  readonly dataset: SeriesDataset;
  readonly usagePoint: string;
  readonly range: DayRange;
  /** What the points of a curve in the shape of 2026 stand for; some services moved them (spec/device-flow 6.2). */
  readonly curveStamps: CurveStamps;
}

function readAny(value: unknown, { dataset, usagePoint, range, curveStamps }: AskedSeries): Reading[] {
  if (isIndexDataset(dataset)) return readRegisters(value, dataset, usagePoint);
  const resource = resourceOf(dataset);
  const is2026 = 'grandeur' in objectOf(value);
  return readingsOf(
    is2026
      ? readMeasurement2026(value, { resource, usagePoint, ...range, curveStamps })
      : readMeasurementV5(value, { resource, usagePoint, range }),
  );
}

/**
 * The readings of an answer of whichever generation, of the days that were asked for, in the order of time
 * (spec/device-flow 4.5, 4.10.1).
 * @throws EnergyError `reply_invalid`
 */
export function readSeries(body: string, asked: AskedSeries): Reading[] {
  const value = parseJson(body);
  if (value === undefined) throw new EnergyError('reply_invalid', 'The reply is no JSON.');
  const from = startOfDay(asked.range.start);
  const until = startOfDay(asked.range.end);
  return readAny(value, asked).filter(({ start }) => start >= from && start < until);
}
