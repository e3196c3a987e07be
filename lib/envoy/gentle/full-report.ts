import { isFields, numberAt, whole, type Fields } from '../datasets/fields.js';
import { consumptionEntry, meterEntry } from '../datasets/interpret/production-report.js';
import type { MeasuredTotals } from '../datasets/interpret/totals.js';
import { consumptionSource } from '../datasets/sources/consumption.js';
import { meteredProductionSource } from '../datasets/sources/metered-production.js';
import type { Parts, Source } from '../datasets/types.js';
import type { Offsets } from './agreement.js';
import type { Flow, Measured, Quantity } from './quantities.js';

/** A quantity as the production source or the consumption source gives it. */
export function totalsIn(parts: Parts, quantity: Quantity): MeasuredTotals | undefined {
  // The sources say what they fill their parts with; their type is lost on the way through the registry.
  return parts[quantity] as MeasuredTotals | undefined;
}

function entryOf(report: unknown, quantity: Quantity): Fields | undefined {
  if (quantity === 'production') return meterEntry(report);
  return consumptionEntry(report, quantity === 'consumption' ? 'total-consumption' : 'net-consumption');
}

/** A quantity of the production report, with the moment at which the reply says it was measured. */
export function measuredOf(totals: MeasuredTotals, quantity: Quantity, report: unknown): Measured {
  const flowOf = ({ wattsNow, wattHoursLifetime }: Pick<MeasuredTotals, 'wattsNow' | 'wattHoursLifetime'>): Flow => ({
    watts: wattsNow,
    wattHours: wattHoursLifetime,
  });
  const phases = Object.entries(totals.phases ?? {}).map(([phase, values]) => [phase, flowOf(values)] as const);
  const entry = entryOf(report, quantity);
  const at = entry && numberAt(entry, 'readingTime');
  return { ...flowOf(totals), ...(at !== undefined && at > 0 && { at }), phases: Object.fromEntries(phases) };
}

/**
 * The totals of the last full report with power and lifetime replaced by newer ones, phase by phase; today and the
 * seven days stay. Undefined where a phase is missing in the newer ones.
 */
export function renewed(totals: MeasuredTotals, newer: Measured, offsets: Offsets): MeasuredTotals | undefined {
  const renew = (name: string, { watts, wattHours }: Flow) => ({
    wattsNow: whole(watts),
    wattHoursLifetime: whole(wattHours + (offsets[name] ?? 0)),
  });
  const renewedWhole = { ...totals, ...renew('whole', newer) };
  if (!totals.phases) return renewedWhole;
  const phases = Object.entries(totals.phases).map(([phase, values]) => {
    const flow = newer.phases[phase];
    return [phase, flow && { ...values, ...renew(phase, flow) }] as const;
  });
  const complete = phases.filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== undefined);
  if (complete.length < phases.length) return undefined;
  return { ...renewedWhole, phases: Object.fromEntries(complete) };
}

/** Power and lifetimes that come from a cheap endpoint, in totals whose `source` still names the full report. */
export interface CheapParts {
  readonly path: string;
  readonly parts: Readonly<Partial<Record<Quantity, MeasuredTotals>>>;
}

/** What each source of the full report fills. */
const filledBy = new Map<Source, readonly Quantity[]>([
  [meteredProductionSource, ['production']],
  [consumptionSource, ['consumption', 'netConsumption']],
]);

/** The quantities that a source of the full report gives; none of any other source. */
export function quantitiesOf(source: Source): readonly Quantity[] {
  return filledBy.get(source) ?? [];
}

/** The cheap parts in the place of what a source gives; undefined where they have nothing for it. */
export function partsOf(source: Source, parts: CheapParts['parts']): Parts | undefined {
  const own = quantitiesOf(source).flatMap((quantity) =>
    parts[quantity] ? [[quantity, parts[quantity]] as const] : [],
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/**
 * The judged parts with the endpoint that their power came from as `source`. Until then they keep the report's name:
 * shown to be the same counters, they must not be judged as others.
 */
export function withSource(data: Parts, { path, parts }: CheapParts): Parts {
  const changed = Object.keys(parts).flatMap((quantity) => {
    const part = data[quantity];
    return isFields(part) ? [[quantity, { ...part, source: path }] as const] : [];
  });
  return { ...data, ...Object.fromEntries(changed) };
}
