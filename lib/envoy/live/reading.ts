import type { KnownGateway } from '../session-options.js';

/** A power now, in W. */
interface LivePower {
  readonly wattsNow: number;
}

/** What one meter tells of one phase: W, VA, var, V, A, Hz. The stream of the meters gives them all, live data two. */
export interface LivePhasePower extends LivePower {
  readonly apparentPower?: number;
  readonly reactivePower?: number;
  readonly voltage?: number;
  readonly current?: number;
  readonly powerFactor?: number;
  readonly frequency?: number;
}

/** The batteries now. */
interface LiveBattery extends LivePower {
  /** % */
  readonly stateOfCharge?: number;
}

/** What is told of each power, in total and of each phase. */
export type LiveQuantity = 'production' | 'consumption' | 'grid' | 'battery' | 'generator';

/** One phase now. */
export type LivePhase = Readonly<Partial<Record<LiveQuantity, LivePhasePower>>>;

/** What a gateway measures at this moment. What it lacks is absent. */
export interface LiveReading {
  /** When it came, ms since the epoch. */
  readonly readAt: number;
  /** The endpoint that it came from. */
  readonly source: string;
  /** When the gateway says it measured, its seconds since the epoch; the stream of the meters does not tell. */
  readonly lastUpdate?: number;
  readonly production?: LivePower;
  /** All that the house uses. */
  readonly consumption?: LivePower;
  /** + = import from the grid, - = export to it. */
  readonly grid?: LivePower;
  /** + = discharge, - = charge. */
  readonly battery?: LiveBattery;
  readonly generator?: LivePower;
  /** By phase `L1` to `L3`; absent where there is one phase only. */
  readonly phases?: Readonly<Record<string, LivePhase>>;
}

/** What is worth telling of a gateway: it writes zeros for what it lacks. */
export interface LiveView {
  /** 1, 2 or 3. */
  readonly phaseCount: number;
  readonly has: Readonly<Record<LiveQuantity, boolean>>;
}

/** All that a gateway may write. */
export const wholeView: LiveView = {
  phaseCount: 3,
  has: { production: true, consumption: true, grid: true, battery: true, generator: true },
};

/** What a gateway measures, by what the probe found. */
export function viewOf({ facts }: KnownGateway): LiveView {
  const meters = facts.meters.map(({ measurementType }) => measurementType);
  const battery = facts.features.includes('batteries') || facts.features.includes('acBatteries');
  // A gateway that tells nothing of its meters is believed.
  const consumption = meters.length === 0 || battery || meters.some((type) => type.endsWith('-consumption'));
  return {
    phaseCount: facts.phaseCount,
    has: {
      production: meters.length === 0 || meters.includes('production'),
      consumption,
      grid: consumption,
      battery,
      generator: facts.features.includes('generator'),
    },
  };
}

/** W to the thousandth, which is what the gateways measure in; never a negative zero. */
export function watts(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}

/** The phases of a reading; undefined where there is only one or nothing is known of any. */
export function phasesOf(
  view: LiveView,
  phase: (index: number) => LivePhase,
): Readonly<Record<string, LivePhase>> | undefined {
  if (view.phaseCount < 2) return undefined;
  const names = ['L1', 'L2', 'L3'].slice(0, view.phaseCount);
  const found = names.map((name, index) => [name, phase(index)] as const);
  const told = found.filter(([, values]) => Object.keys(values).length > 0);
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}
