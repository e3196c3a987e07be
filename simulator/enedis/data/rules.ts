import type { UsagePoint } from '../model/customers.js';
import type { Direction } from '../model/meter.js';
import { addDays, addMonths, daysBetween, isDay } from '../model/paris.js';
import { findUsagePoint, today } from '../parts.js';
import type { EnedisParts } from '../parts.js';

/** What kind of measurement is asked for. */
export type Measurement = 'energy' | 'curve' | 'power' | 'index';

/** What both generations ask: which measurement of which point, from a day until another one (excluded). */
export interface MeasurementQuery {
  readonly usagePoint: string;
  readonly measurement: Measurement;
  readonly direction: Direction;
  readonly from: string;
  readonly until: string;
}

/** Why data are refused, before it is put in the words of a generation (spec/device-flow 4.7). */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function refusal(status: number, code: string, message: string): Refusal {
  return { status, code, message };
}

/** Days of the curve that one call gives. */
const curveWindow = 7;

/** The first day that is still kept: 36 months and 15 days back, of the curve 24 months and 15 days. */
function firstKeptDay(measurement: Measurement, now: string): string {
  return addDays(addMonths(now, measurement === 'curve' ? -24 : -36), -15);
}

/** What is wrong with the days of a query, if anything. */
function refusedDays(
  { measurement, from, until }: MeasurementQuery,
  now: string,
  legacy: boolean,
): Refusal | undefined {
  if (!isDay(from) || !isDay(until)) {
    return refusal(400, 'Invalid_request', 'start and end must be dates of the form YYYY-MM-DD.');
  }
  if (from >= until) return refusal(400, 'Invalid_request', 'The start date must be before the end date.');
  if (until > now) return refusal(400, 'Invalid_request', 'The end date must not be after today.');
  if (measurement === 'curve' && daysBetween(from, until) > curveWindow) {
    return refusal(400, legacy ? 'ADAM-DC-0015' : 'ADAM-ERR0126', 'The requested period exceeds 7 days.');
  }
  if (from < firstKeptDay(measurement, now)) {
    return refusal(400, legacy ? 'ADAM-DC-0016' : 'ADAM-ERR0125', 'The start date is before the history limit.');
  }
  return undefined;
}

/** The point that an application may read, or why it may not. */
export function readablePoint(parts: EnedisParts, usagePoint: string, clientId: string): UsagePoint | Refusal {
  const found = findUsagePoint(parts, usagePoint);
  if (!found) return refusal(404, 'STM-ERR-0000019', 'No usage point was found.');
  const { point, customer } = found;
  if (point.movedOutOn !== undefined && point.movedOutOn <= today(parts)) {
    return refusal(403, 'ADAM-DC-0007', 'The customer is no longer the holder of the usage point.');
  }
  if (customer.refusesData || parts.shares.living(clientId, usagePoint).length === 0) {
    return refusal(403, 'ADAM-DC-0008', 'There is no consent of the customer for this usage point.');
  }
  return point;
}

/** Why a point does not give this measurement, if so. */
function refusedMeasurement(
  point: UsagePoint,
  { measurement, direction, from }: MeasurementQuery,
): Refusal | undefined {
  const hasDirection = direction === 'consumption' ? point.consumption : point.production > 0;
  if (!hasDirection)
    return refusal(400, 'ADAM-ERR0069', 'The direction of the measurement does not fit the usage point.');
  if (from < point.activatedOn) {
    return refusal(400, 'ADAM-ERR0123', 'The start date is before the last activation date of the contract.');
  }
  if (measurement === 'curve' && point.curve === 'objected') {
    return refusal(403, 'ADAM-ERR0075', 'The holder objects to the collection of the load curve.');
  }
  return undefined;
}

/** The answer where there is nothing for a period. */
export const noData = refusal(404, 'no_data_found', 'No measure found for this usage point.');

/** Checks a query against the rules that both generations share and gives the point that it is about. */
export function checkQuery(
  parts: EnedisParts,
  query: MeasurementQuery,
  { clientId, legacy }: { readonly clientId: string; readonly legacy: boolean },
): UsagePoint | Refusal {
  if (!/^\d{14}$/.test(query.usagePoint)) {
    return refusal(400, 'Invalid_request', 'The usage point must have 14 digits.');
  }
  const now = today(parts);
  const days = refusedDays(query, now, legacy);
  if (days?.code === 'Invalid_request') return days;
  const point = readablePoint(parts, query.usagePoint, clientId);
  if ('status' in point) return point;
  return refusedMeasurement(point, query) ?? days ?? point;
}
