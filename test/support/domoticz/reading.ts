import { addDays } from '../../../lib/linky/paris.js';
import type { PluginAnswer } from './connection.js';
import { amountOf, HourStore, type Point } from './hours.js';

/** Which way energy flows. */
export type Direction = 'consumption' | 'production';

/** A period to ask for; `end` is left out. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

/** What the plugin asks for of one usage point. */
export interface DataQuery extends Period {
  /** Of v5. */
  readonly path: string;
  readonly usagePoint: string;
  readonly direction: Direction;
  /** The first batch of a direction tells whether there is anything at all. */
  readonly first: boolean;
}

/** What the plugin makes of an answer of the data proxy (spec/device-flow 5.3). */
export type Verdict =
  | { readonly kind: 'points'; readonly points: readonly Point[] }
  | { readonly kind: 'no_data' | 'no_direction' | 'refresh' | 'fatal' | 'resend' | 'failed' };

/** Paths of v5. */
export const paths = {
  curve: {
    consumption: 'metering_data_clc/v5/consumption_load_curve',
    production: 'metering_data_plc/v5/production_load_curve',
  },
  daily: {
    consumption: 'metering_data_dc/v5/daily_consumption',
    production: 'metering_data_dp/v5/daily_production',
  },
  power: 'metering_data_dcmp/v5/daily_consumption_max_power',
} as const;

/** Whether an answer says, in its body or its challenge, that the token is no good. */
function isInvalidToken({ headers, json }: PluginAnswer): boolean {
  const challenge = (headers['www-authenticate'] ?? '').split(',').map((part) => part.trim());
  return json?.['error'] === 'invalid_token' || challenge.includes('error="invalid_token"');
}

function pointsOf({ json }: PluginAnswer, usagePoint: string): readonly Point[] | undefined {
  const reading = json?.['meter_reading'] as Record<string, unknown> | undefined;
  const points = reading?.['interval_reading'];
  return reading?.['usage_point_id'] === usagePoint && Array.isArray(points) ? (points as Point[]) : undefined;
}

/** Judges an answer of the data proxy. */
export function judge(answer: PluginAnswer, { usagePoint, direction, first }: DataQuery): Verdict {
  const { status, json } = answer;
  if (status === 200) {
    const points = pointsOf(answer, usagePoint);
    return points ? { kind: 'points', points } : { kind: 'failed' };
  }
  if (isInvalidToken(answer)) return { kind: 'refresh' };
  if (status === 403) return { kind: 'fatal' };
  const code = String(json?.['error']);
  if (first && (code === 'ADAM-ERR0069' || code === 'ADAM-ERR0123')) return { kind: 'no_direction' };
  if (status === 404) return { kind: 'no_data' };
  if (direction === 'production' && (status === 400 || status === 500)) return { kind: 'no_direction' };
  return { kind: status === 429 || status === 500 ? 'resend' : 'failed' };
}

/** Periods of so many days, the latest first, which together cover the days before `until`. */
export function periodsBackwards(until: string, days: number, longest: number): Period[] {
  const count = Math.ceil(days / longest);
  return Array.from({ length: count }, (_, index) => ({
    start: addDays(until, -Math.min(days, (index + 1) * longest)),
    end: addDays(until, -index * longest),
  }));
}

/** What the plugin keeps of a usage point. */
export class PointStore {
  readonly hours: Readonly<Record<Direction, HourStore>> = {
    consumption: new HourStore(),
    production: new HourStore(),
  };
  /** Wh, by day. */
  readonly daily: Readonly<Record<Direction, Map<string, number>>> = { consumption: new Map(), production: new Map() };
  /** VA, by wall time. */
  readonly powers = new Map<string, number>();
  /** Directions of which there is nothing, so that they are not asked for again. */
  readonly none = new Set<Direction>();

  /** The latest periods of the curve, back to the first that is known already. */
  missingPeriods(direction: Direction, until: string, days: number, longest: number): Period[] {
    const periods = periodsBackwards(until, days, longest);
    const known = periods.findIndex(({ start, end }) => this.#isKnown(direction, start, end));
    return known < 0 ? periods : periods.slice(0, known);
  }

  #isKnown(direction: Direction, start: string, end: string): boolean {
    for (let day = start; day < end; day = addDays(day, 1)) {
      if (!this.hours[direction].isComplete(day)) return false;
    }
    return true;
  }
}

/** Keeps values by their date. */
export function keep(into: Map<string, number>, points: readonly Point[]): void {
  for (const point of points) {
    const amount = amountOf(point);
    if (amount !== undefined && typeof point.date === 'string') into.set(point.date, amount);
  }
}
