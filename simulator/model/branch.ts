import { cellMilliseconds, createSeries, rampEnergy } from './series.js';
import type { Energy, Series } from './series.js';

/** How a series goes on from a moment. */
export interface Continuation {
  /** ms since the epoch. */
  readonly from: number;
  /** Power at that moment, W. */
  readonly watts: number;
  /** Power at the five-minute points after it. */
  readonly nodeWatts: (index: number) => number;
  readonly seed: number;
}

/** The first five-minute point after a moment. */
export function nextNode(time: number): number {
  return Math.floor(time / cellMilliseconds) + 1;
}

/** A value that is worked out when it is first needed. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * A series that is `before` up to a moment and another one after it. What was counted stays counted: the power may jump,
 * the counters go on from where they were.
 */
export function continueSeries(before: Series, { from, watts, nodeWatts, seed }: Continuation): Series {
  const first = nextNode(from);
  const boundary = first * cellMilliseconds;
  const after = createSeries(nodeWatts, boundary, seed);
  const part = (time: number): number => Math.min(1, (time - from) / (boundary - from));
  const sum = (a: Energy, b: Energy, sign = 1): Energy => ({
    delivered: a.delivered + sign * b.delivered,
    received: a.received + sign * b.received,
  });
  const start = once(() => before.energy(from));
  const ramp = (time: number): Energy =>
    sum(start(), rampEnergy(watts, after.node(first), boundary - from, part(time)));
  const offset = once(() => sum(ramp(boundary), after.energy(boundary), -1));
  return {
    node: (index) => (index < first ? before.node(index) : after.node(index)),
    watts: (time) => {
      if (time < from) return before.watts(time);
      return time < boundary ? watts + (after.node(first) - watts) * part(time) : after.watts(time);
    },
    energy: (time) => {
      if (time < from) return before.energy(time);
      return time < boundary ? ramp(time) : sum(offset(), after.energy(time));
    },
  };
}
