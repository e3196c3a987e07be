import type { Calendar } from './calendar.js';
import type { Energy, Series } from './series.js';

/** A power and its counters over a day, at one moment. Powers in W, energies in Wh. */
export interface Flow extends Energy {
  readonly watts: number;
  /** Delivered since local midnight, and over the seven days before it. */
  readonly today: number;
  readonly lastSevenDays: number;
}

/** Every flow of the house at one moment: the whole and phase by phase. */
export interface Flows {
  readonly total: Flow;
  readonly phases: readonly Flow[];
}

/** A power and its counters at one moment. */
export type Reading = Energy & { readonly watts: number };

const nothing: Reading = { watts: 0, delivered: 0, received: 0 };

function added(readings: readonly Reading[]): Reading {
  const sum = { watts: 0, delivered: 0, received: 0 };
  for (const reading of readings) {
    sum.watts += reading.watts;
    sum.delivered += reading.delivered;
    sum.received += reading.received;
  }
  return sum;
}

/** What a share of a series reads at a time. */
export function read(series: Series, time: number, share = 1): Reading {
  const { delivered, received } = series.energy(time);
  return { watts: series.watts(time) * share, delivered: delivered * share, received: received * share };
}

/** Phase by phase what several sources give together; what they receive is taken off what they deliver. */
export function netted(sources: readonly (readonly Reading[])[], phases: number): Reading[] {
  return Array.from({ length: phases }, (_, phase) => {
    const { watts, delivered, received } = added(sources.map((source) => source[phase] ?? nothing));
    return { watts, delivered: delivered - received, received: 0 };
  });
}

function flow(now: Reading, midnight: Energy, weekEarlier: Energy): Flow {
  return {
    ...now,
    today: now.delivered - midnight.delivered,
    lastSevenDays: midnight.delivered - weekEarlier.delivered,
  };
}

/** Builds the flows out of what gives the readings of every phase at a time. */
export function flowsOf(calendar: Calendar, phasesAt: (time: number) => readonly Reading[]): (time: number) => Flows {
  return (time) => {
    const now = phasesAt(time);
    const midnight = phasesAt(calendar.midnight(time));
    const weekEarlier = phasesAt(calendar.midnight(time, 7));
    return {
      total: flow(added(now), added(midnight), added(weekEarlier)),
      phases: now.map((reading, phase) => flow(reading, midnight[phase] ?? reading, weekEarlier[phase] ?? reading)),
    };
  };
}
