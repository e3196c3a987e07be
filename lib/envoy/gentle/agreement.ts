import { linesOf, type Flow, type Measured } from './quantities.js';

/** By how many Wh the counter of the report is ahead of the one of the cheap endpoint, by line (`whole`, `L1`, …). */
export type Offsets = Readonly<Record<string, number>>;

/** What came of holding two endpoints against each other. */
export type Comparison =
  | { readonly kind: 'agrees'; readonly offsets: Offsets }
  /** Not the same quantity, or not of the same moment. */
  | { readonly kind: 'differs'; readonly reason: string }
  /** The energy fits and the power does not: it may have changed between the two replies. */
  | { readonly kind: 'changed'; readonly reason: string };

/** What is known of a cheap endpoint and one quantity; plain data. */
export interface Agreement {
  /** `open` where it has to be shown yet, or again; `refuted` until the gateway is probed. */
  readonly verdict: 'open' | 'agrees' | 'refuted';
  /** Comparisons in a row that did not agree. */
  readonly misses: number;
  /** Why the last comparison did not agree. */
  readonly reason?: string;
  readonly offsets?: Offsets;
}

/** What is known before the first comparison. */
export const untried: Agreement = { verdict: 'open', misses: 0 };

/** The power may differ by this many W, or by this part of it: the replies are some seconds apart. */
const powerTolerance = { watts: 100, part: 0.1 } as const;
/** The energy may differ by this many Wh, and by what flows in so many seconds, since both times are whole seconds. */
const energyTolerance = { wattHours: 5, seconds: 2 } as const;
/** Values measured further apart than this are of different moments, seconds: the cheap endpoint is not live. */
const longestGap = 60;
/** So many comparisons in a row refute an endpoint. */
export const patience = 10;
/** So many comparisons in a row with changed power leave an agreement standing. */
export const heldMisses = 3;

const secondsPerHour = 3600;

/** How a quantity is compared. */
export interface ComparisonRule {
  /** True where both have to show one and the same counter; else they may count from different beginnings. */
  readonly sameCounter: boolean;
  /** Of the last comparison, where the counters have different beginnings: they have to stay as they are. */
  readonly offsets?: Offsets;
}

interface Pair {
  readonly name: string;
  readonly full: Flow;
  readonly cheap: Flow;
}

/** By how much the report is ahead once both are of the same moment, and how exactly that is known; Wh. */
function lead({ full, cheap }: Pair, gap: number, rule: ComparisonRule): { ahead: number; tolerance: number } {
  const mean = (full.watts + cheap.watts) / 2;
  // What a production meter draws at night is not taken off what it delivered.
  const flowing = rule.sameCounter ? Math.max(0, mean) : mean;
  const ahead = full.wattHours - (cheap.wattHours + (flowing * gap) / secondsPerHour);
  const largest = Math.max(Math.abs(full.watts), Math.abs(cheap.watts));
  const change = Math.abs(full.watts - cheap.watts);
  const inexact = largest * energyTolerance.seconds + (change / 2) * Math.abs(gap);
  return { ahead, tolerance: energyTolerance.wattHours + inexact / secondsPerHour };
}

function energyFlaw(pair: Pair, gap: number, rule: ComparisonRule): string | undefined {
  const { ahead, tolerance } = lead(pair, gap, rule);
  const expected = rule.sameCounter ? 0 : rule.offsets?.[pair.name];
  if (expected === undefined || Math.abs(ahead - expected) <= tolerance) return undefined;
  return `lifetime (${pair.name}) off by ${Math.round(ahead - expected)} Wh, allowed ${Math.round(tolerance)}`;
}

function powerFlaw({ name, full, cheap }: Pair): string | undefined {
  const largest = Math.max(Math.abs(full.watts), Math.abs(cheap.watts));
  const difference = Math.abs(full.watts - cheap.watts);
  if (difference <= Math.max(powerTolerance.watts, powerTolerance.part * largest)) return undefined;
  return `power (${name}) off by ${Math.round(difference)} W`;
}

function gapOf(full: Measured, cheap: Measured): number {
  return full.at === undefined || cheap.at === undefined ? 0 : full.at - cheap.at;
}

/**
 * Holds a quantity of the production report against the same one of a cheap endpoint, both just read (spec/envoy 7.3).
 * Power: within 100 W or 10 %. Energy, brought to the same moment by the mean power: within 5 Wh, what flows in two
 * seconds, and what the change of power between the two leaves open. Every phase of the report has to be there.
 */
export function compare(full: Measured, cheap: Measured, rule: ComparisonRule): Comparison {
  const gap = gapOf(full, cheap);
  if (Math.abs(gap) > longestGap) return { kind: 'differs', reason: `measured ${Math.abs(gap)} s apart` };
  const others = new Map(linesOf(cheap));
  const pairs: Pair[] = [];
  for (const [name, line] of linesOf(full)) {
    const other = others.get(name);
    if (!other) return { kind: 'differs', reason: `no phase ${name}` };
    pairs.push({ name, full: line, cheap: other });
  }
  const energy = pairs.map((pair) => energyFlaw(pair, gap, rule)).find((flaw) => flaw !== undefined);
  if (energy !== undefined) return { kind: 'differs', reason: energy };
  const power = pairs.map(powerFlaw).find((flaw) => flaw !== undefined);
  if (power !== undefined) return { kind: 'changed', reason: power };
  const offsets = pairs.map((pair) => [pair.name, rule.sameCounter ? 0 : lead(pair, gap, rule).ahead] as const);
  return { kind: 'agrees', offsets: Object.fromEntries(offsets) };
}

/** The agreement after another comparison. */
export function updateAgreement(before: Agreement, comparison: Comparison): Agreement {
  if (before.verdict === 'refuted') return before;
  if (comparison.kind === 'agrees') {
    // The first one after a contradiction only takes the offsets; whether they stay is seen at the next.
    const misses = before.offsets ? 0 : before.misses;
    return { verdict: 'agrees', misses, offsets: comparison.offsets };
  }
  const misses = before.misses + 1;
  const { kind, reason } = comparison;
  if (misses >= patience) return { verdict: 'refuted', misses, reason };
  if (kind === 'changed' && before.verdict === 'agrees' && misses < heldMisses) return { ...before, misses, reason };
  // Counters that moved against each other have to be measured anew; changed power says nothing about them.
  const offsets = kind === 'changed' ? before.offsets : undefined;
  return { verdict: 'open', misses, reason, ...(offsets && { offsets }) };
}

/** An endpoint that this gateway does not have, or does not give to this account. */
export function refuted(reason: string): Agreement {
  return { verdict: 'refuted', misses: 1, reason };
}
