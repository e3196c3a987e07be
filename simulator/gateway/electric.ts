import { noise } from '../model/noise.js';
import type { Flow } from '../model/plant.js';
import type { View } from './identity.js';

/** A power and what an electric meter tells beside it: V, A, VA, var, Hz. */
export interface Electric {
  readonly watts: number;
  readonly voltage: number;
  readonly current: number;
  readonly apparent: number;
  readonly reactive: number;
  readonly powerFactor: number;
  readonly frequency: number;
}

/** Three decimals, as the meters give them. */
export function milli(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}

/** Hertz of the grid; North American where the wiring is split phase. */
export function gridFrequency({ plant, time }: View): number {
  const nominal = plant.parameters.phases === 2 ? 60 : 50;
  return milli(nominal - 0.03 + 0.06 * noise(plant.parameters.seed + 401, time / 120_000));
}

/** One phase that carries `watts`. */
export function phaseElectric(view: View, watts: number, phase: number): Electric {
  const { seed, phases } = view.plant.parameters;
  const nominal = phases === 2 ? 120 : 230;
  const voltage = nominal * (0.99 + 0.03 * noise(seed + 410 + phase, view.time / 240_000)) + watts / 2000;
  const reactive = 24 + 40 * noise(seed + 420 + phase, view.time / 90_000);
  const apparent = Math.hypot(watts, reactive);
  return {
    watts,
    voltage,
    current: apparent / voltage,
    apparent,
    reactive,
    powerFactor: watts / apparent,
    frequency: gridFrequency(view),
  };
}

/** All phases together: voltages and currents are sums, as the gateways give them (spec/envoy 4.5). */
export function sumElectric(view: View, parts: readonly Electric[]): Electric {
  const sum = (pick: (part: Electric) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const watts = sum((part) => part.watts);
  const apparent = sum((part) => part.apparent);
  return {
    watts,
    voltage: sum((part) => part.voltage),
    current: sum((part) => part.current),
    apparent,
    reactive: sum((part) => part.reactive),
    powerFactor: apparent > 0 ? watts / apparent : 1,
    frequency: gridFrequency(view),
  };
}

/** Apparent and reactive counters that go with an active one, VAh and varh. */
export function accompanying({ delivered, received }: Pick<Flow, 'delivered' | 'received'>): {
  apparent: number;
  lagging: number;
  leading: number;
} {
  return {
    apparent: milli((delivered + received) * 1.04),
    lagging: milli((delivered + received) * 0.11),
    leading: milli((delivered + received) * 0.023),
  };
}
