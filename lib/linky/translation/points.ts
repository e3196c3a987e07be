import { EnergyError } from '../../errors.js';
import type { MeasurementResource } from '../datasets.js';
import { listOf, numberOf, objectOf, textOf, type JsonObject } from '../json.js';
import type { MeasurementPoint } from '../measurement.js';
import { chronological, instantsOf, parseWallTime, wallText, wallTimeAt } from '../wall-time.js';

/** Whether the points of a curve stand for the end or the start of their interval; `auto` looks (spec/device-flow 1.13). */
export type CurveStamps = 'auto' | 'end' | 'start';

/** Minutes of an interval where nothing says how long it is. */
export const usualMinutes = 30;

/**
 * By which an amount of this unit becomes one of the expected unit.
 * @throws EnergyError `reply_invalid` where it is an energy instead of a power, or the other way round
 */
export function unitFactor(unit: string | undefined, expected: MeasurementResource['unit']): number {
  const [, prefix = '', base = ''] = /^([kKM]?)(W|Wh|VA)$/i.exec(unit ?? expected) ?? [];
  const isEnergy = base.toLowerCase() === 'wh';
  if (base === '' || isEnergy !== (expected === 'Wh')) {
    throw new EnergyError('reply_invalid', 'The reply has values in an unexpected unit.');
  }
  return prefix === '' ? 1 : prefix === 'M' ? 1_000_000 : 1000;
}

/** Minutes of an ISO 8601 duration such as `PT30M` or `PT1H`. */
export function minutesOf(duration: unknown): number | undefined {
  const [, hours, minutes] = /^PT(?:(\d{1,2})H)?(?:(\d{1,3})M)?$/i.exec(textOf(duration) ?? '') ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return total > 0 ? total : undefined;
}

/**
 * The entry of `grandeur` that holds what was asked for: of the right direction, and where several are, of the right
 * physical quantity. `undefined` where none fits.
 */
function chosenQuantity(document: JsonObject, { direction, quantity }: MeasurementResource): JsonObject | undefined {
  const upper = (value: unknown): string | undefined => textOf(value)?.toUpperCase();
  const entries = listOf(document['grandeur'])
    .map(objectOf)
    .filter((entry) => (upper(entry['grandeurMetier']) ?? direction) === direction);
  if (entries.length <= 1) return entries[0];
  return entries.find((entry) => upper(entry['grandeurPhysique']) === quantity);
}

interface DatedPoint extends Omit<MeasurementPoint, 'value'> {
  readonly value: number | undefined;
}

function datedPoint(value: unknown, minutes: number, factor: number, isCurve: boolean): DatedPoint | undefined {
  const point = objectOf(value);
  const at = parseWallTime(point['d']);
  const amount = numberOf(point['v']);
  if (at === undefined) return undefined;
  const dated = { value: amount === undefined ? undefined : amount * factor, at };
  if (!isCurve) return dated;
  return { ...dated, minutes: minutesOf(point['p']) ?? minutes, measureType: textOf(point['n']) ?? 'B' };
}

/** Gives every point of a curve its moment; with those that stand for the start of their interval moved to its end. */
function withMoments(points: readonly DatedPoint[], stampsStart: boolean): DatedPoint[] {
  const moments = instantsOf(points.map(({ at }) => at));
  return points.map((point, index) => {
    const moment = moments[index];
    if (moment === undefined) return point;
    if (!stampsStart) return { ...point, at: { ...point.at, instant: moment } };
    return { ...point, at: wallTimeAt(moment + (point.minutes ?? usualMinutes) * 60_000) };
  });
}

/**
 * The points of a document of 2026 in the order of time and in the unit of the resource; those without a number or a
 * date are left out. Curves stand for the end of their interval: where the upstream server stamps the start, they are
 * moved. `auto` knows it by a point at the very beginning of the first day.
 * @throws EnergyError `reply_invalid` for a unit of another kind
 */
export function readPoints(
  document: JsonObject,
  resource: MeasurementResource,
  given: { readonly firstDay: string; readonly curveStamps: CurveStamps },
): MeasurementPoint[] {
  const quantity = chosenQuantity(document, resource);
  if (quantity === undefined) return [];
  const isCurve = resource.kind === 'curve';
  const factor = unitFactor(textOf(quantity['unite']), resource.unit);
  const minutes = minutesOf(document['pas']) ?? usualMinutes;
  const dated = listOf(quantity['points']).flatMap((point) => datedPoint(point, minutes, factor, isCurve) ?? []);
  // Points without a value go last: until then they tell which of two equal wall times comes first.
  const ordered = chronological(dated, ({ at }) => at);
  const isAtStart = ordered.some(({ at }) => wallText({ time: '00:00:00', ...at }) === `${given.firstDay} 00:00:00`);
  const stampsStart = given.curveStamps === 'start' || (given.curveStamps === 'auto' && isAtStart);
  return (isCurve ? withMoments(ordered, stampsStart) : ordered).filter(
    (point): point is MeasurementPoint => point.value !== undefined,
  );
}
