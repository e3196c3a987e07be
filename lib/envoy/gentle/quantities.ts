import type { DatasetName, Facts } from '../datasets/types.js';

/** The parts of a payload whose power a cheap endpoint may give. */
export const quantities = ['production', 'consumption', 'netConsumption'] as const;

/** One of them. */
export type Quantity = (typeof quantities)[number];

/** Power and energy at one moment: W and Wh. */
export interface Flow {
  readonly watts: number;
  /** Since the beginning of its counter. */
  readonly wattHours: number;
}

/** A measured quantity with its phases. */
export interface Measured extends Flow {
  /** When it was measured, seconds since the epoch by the clock of the gateway; absent where it does not say. */
  readonly at?: number;
  /** `L1`, `L2`, `L3`; empty where there are none. */
  readonly phases: Readonly<Record<string, Flow>>;
}

/** What one reply tells. */
export type Measurements = Readonly<Partial<Record<Quantity, Measured>>>;

/** Whether a dataset is wanted: none named means all. */
export function isWanted(datasets: readonly DatasetName[], name: DatasetName): boolean {
  return datasets.length === 0 || datasets.includes(name);
}

/** The quantities that a gateway has and that are wanted of it. */
export function wantedQuantities(facts: Facts, datasets: readonly DatasetName[]): readonly Quantity[] {
  const [production, consumption] = [isWanted(datasets, 'production'), isWanted(datasets, 'consumption')];
  const has: Readonly<Record<Quantity, boolean>> = {
    production: production && facts.production !== undefined,
    consumption: consumption && facts.consumptionPath !== undefined,
    netConsumption: consumption && facts.netConsumptionPath !== undefined,
  };
  return quantities.filter((quantity) => has[quantity]);
}

/** Each line of a measured quantity by its name, the whole under `whole`. */
export function linesOf(measured: Measured): readonly (readonly [string, Flow])[] {
  return [['whole', measured], ...Object.entries(measured.phases)];
}

/** Two measured quantities added up line by line; `sign` -1 takes the second one away. */
export function combined(first: Measured, second: Measured, sign: 1 | -1 = 1): Measured {
  const add = (a: Flow, b: Flow): Flow => ({
    watts: a.watts + sign * b.watts,
    wattHours: a.wattHours + sign * b.wattHours,
  });
  const phases = Object.entries(first.phases).flatMap(([phase, flow]) => {
    const other = second.phases[phase];
    return other ? [[phase, add(flow, other)] as const] : [];
  });
  return {
    ...add(first, second),
    ...(first.at !== undefined && { at: first.at }),
    phases: Object.fromEntries(phases),
  };
}
