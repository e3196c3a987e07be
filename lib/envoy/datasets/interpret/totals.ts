import { isFields, numberAt, requiredNumber, whole, type Fields } from '../fields.js';

/** Power and energy of one measured quantity (spec 4.1): W and Wh, whole numbers. */
export interface Totals {
  readonly wattsNow: number;
  readonly wattHoursToday: number;
  /** The seven days before today. */
  readonly wattHoursLast7Days: number;
  readonly wattHoursLifetime: number;
}

/** The totals by phase: `L1`, `L2`, `L3`. */
export type PhaseTotals = Readonly<Record<string, Totals>>;

/** Totals as they stand in the payload (design section 4). */
export interface MeasuredTotals extends Totals {
  /** The endpoint that they came from. */
  readonly source: string;
  readonly phases?: PhaseTotals;
}

/**
 * The totals of an entry of a production report, all four of them required.
 * @throws EnergyError `reply_invalid`
 */
export function entryTotals(entry: Fields, endpoint: string): Totals {
  return {
    wattsNow: whole(requiredNumber(entry, 'wNow', endpoint)),
    wattHoursToday: whole(requiredNumber(entry, 'whToday', endpoint)),
    wattHoursLast7Days: whole(requiredNumber(entry, 'whLastSevenDays', endpoint)),
    wattHoursLifetime: whole(requiredNumber(entry, 'whLifetime', endpoint)),
  };
}

function lineTotals(line: Fields): Totals {
  return {
    wattsNow: whole(numberAt(line, 'wNow') ?? 0),
    wattHoursToday: whole(numberAt(line, 'whToday') ?? 0),
    wattHoursLast7Days: whole(numberAt(line, 'whLastSevenDays') ?? 0),
    wattHoursLifetime: whole(numberAt(line, 'whLifetime') ?? 0),
  };
}

/** The items of a list that belong to the configured phases, by phase name; none on a one-phase gateway. */
export function byPhase(list: unknown, phaseCount: number): readonly (readonly [string, Fields])[] {
  if (phaseCount < 2 || !Array.isArray(list)) return [];
  const items: readonly unknown[] = list;
  return items
    .slice(0, phaseCount)
    .flatMap((item, index) => (isFields(item) ? [[`L${index + 1}`, item] as const] : []));
}

/**
 * The phases of an entry (its `lines`) as a part of the payload (spec 4.2): missing numbers of a line count as 0, a
 * phase without a line is left out, and the key `phases` is there only where one is left.
 */
export function phasesOf(entry: Fields, phaseCount: number): { phases?: PhaseTotals } {
  const lines = byPhase(entry.lines, phaseCount);
  if (lines.length === 0) return {};
  return { phases: Object.fromEntries(lines.map(([phase, line]) => [phase, lineTotals(line)])) };
}
