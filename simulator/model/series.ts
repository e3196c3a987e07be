import { hash } from './noise.js';

/** Power is known every five minutes and runs straight in between, apart from a ripple. */
export const cellMilliseconds = 300_000;
const cellsPerDay = 288;
const cellHours = cellMilliseconds / 3_600_000;

/** The ripple's largest part of the power, and its largest size in W. */
const ripplePart = 0.015;
const rippleLimit = 20;

/** One stretch of five minutes: power at both ends and the ripple on the way. */
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly amplitude: number;
  readonly cycles: number;
}

/** Energy that went one way and the other, Wh. */
export interface Energy {
  readonly delivered: number;
  readonly received: number;
}

/** A power over time and the counters that follow from it. */
export interface Series {
  /** Power at a multiple of five minutes, W; `index` counts five minutes since the epoch. */
  node(index: number): number;
  /** Power, W. */
  watts(time: number): number;
  /** Integral since the start of its positive part (`delivered`) and of its negative part (`received`). */
  energy(time: number): Energy;
}

function wattsWithin(cell: Cell, x: number): number {
  return cell.from + (cell.to - cell.from) * x + cell.amplitude * Math.sin(2 * Math.PI * cell.cycles * x);
}

/**
 * The exact integrals from the start of a cell to its part `x`. A ripple is smaller than the power where both ends have
 * one sign and absent where they have not, so the sign of a cell is known without looking inside.
 */
function energyWithin({ from, to, amplitude, cycles }: Cell, x: number): Energy {
  const straight = from * x + ((to - from) * x * x) / 2;
  if (from * to >= 0) {
    const turn = 2 * Math.PI * cycles;
    const total = (straight + (amplitude * (1 - Math.cos(turn * x))) / turn) * cellHours;
    return total >= 0 ? { delivered: total, received: 0 } : { delivered: 0, received: -total };
  }
  const zero = from / (from - to);
  const first = x <= zero ? straight : (from * zero) / 2;
  const second = straight - first;
  const [positive, negative] = from > 0 ? [first, second] : [second, first];
  return { delivered: positive * cellHours, received: -negative * cellHours };
}

/**
 * The energy of a power that runs straight from one value to another.
 * @param milliseconds how long that takes
 * @param part how much of it is over, 0 … 1
 */
export function rampEnergy(from: number, to: number, milliseconds: number, part = 1): Energy {
  const { delivered, received } = energyWithin({ from, to, amplitude: 0, cycles: 1 }, part);
  const scale = milliseconds / cellMilliseconds;
  return { delivered: delivered * scale, received: received * scale };
}

const none: Energy = { delivered: 0, received: 0 };

/** Power at five-minute points, worked out a day at a time and kept. */
class Nodes {
  readonly startDay: number;
  readonly #startCell: number;
  readonly #watts: (index: number) => number;
  readonly #seed: number;
  readonly #days = new Map<number, Float64Array>();

  constructor(watts: (index: number) => number, start: number, seed: number) {
    this.#watts = watts;
    this.#startCell = Math.ceil(start / cellMilliseconds);
    this.startDay = Math.floor(this.#startCell / cellsPerDay);
    this.#seed = seed;
  }

  at(index: number): number {
    const day = Math.floor(index / cellsPerDay);
    return day < this.startDay ? 0 : (this.#day(day)[index - day * cellsPerDay] ?? 0);
  }

  cell(index: number): Cell {
    const from = this.at(index);
    const to = this.at(index + 1);
    const amplitude = from * to > 0 ? Math.min(ripplePart * Math.min(Math.abs(from), Math.abs(to)), rippleLimit) : 0;
    return { from, to, amplitude, cycles: 3 + Math.floor(hash(this.#seed, index) * 6) };
  }

  #day(day: number): Float64Array {
    let nodes = this.#days.get(day);
    if (!nodes) {
      const first = day * cellsPerDay;
      nodes = Float64Array.from({ length: cellsPerDay }, (_, index) =>
        first + index < this.#startCell ? 0 : this.#watts(first + index),
      );
      this.#days.set(day, nodes);
    }
    return nodes;
  }
}

/** How many days keep the sums of their cells; older ones keep only the sum of the day. */
const detailedDays = 12;

/** The counters at every five-minute point. */
class Counters {
  readonly #nodes: Nodes;
  readonly #dayStarts: Energy[] = [none];
  readonly #days = new Map<number, readonly Energy[]>();

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  /** The counters at the start of a cell. */
  at(index: number): Energy {
    const day = Math.floor(index / cellsPerDay);
    if (day < this.#nodes.startDay) return none;
    return this.#day(day)[index - day * cellsPerDay] ?? none;
  }

  /** The counters at the start of each cell of a day, and at its end. */
  #sums(day: number, before: Energy): Energy[] {
    let { delivered, received } = before;
    const sums: Energy[] = [before];
    for (let index = day * cellsPerDay; index < (day + 1) * cellsPerDay; index++) {
      const part = energyWithin(this.#nodes.cell(index), 1);
      delivered += part.delivered;
      received += part.received;
      sums.push({ delivered, received });
    }
    return sums;
  }

  #dayStart(day: number): Energy {
    const { startDay } = this.#nodes;
    for (let known = this.#dayStarts.length; known <= day - startDay; known++) {
      const sums = this.#sums(startDay + known - 1, this.#dayStarts[known - 1] ?? none);
      this.#dayStarts.push(sums[cellsPerDay] ?? none);
    }
    return this.#dayStarts[day - startDay] ?? none;
  }

  #day(day: number): readonly Energy[] {
    let sums = this.#days.get(day);
    if (!sums) {
      sums = this.#sums(day, this.#dayStart(day));
      this.#days.set(day, sums);
      const oldest = this.#days.keys().next();
      if (this.#days.size > detailedDays && !oldest.done) this.#days.delete(oldest.value);
    }
    return sums;
  }
}

/**
 * A series out of a function that gives the power at five-minute points. The counters are the exact integral of the
 * power, so they never run backwards and agree with it however often they are read.
 * @param nodeWatts power in W at a point, counted in five minutes since the epoch
 * @param start ms since the epoch; before it power and counters are zero
 */
export function createSeries(nodeWatts: (index: number) => number, start: number, seed: number): Series {
  const nodes = new Nodes(nodeWatts, start, seed);
  const counters = new Counters(nodes);
  return {
    node: (index) => nodes.at(index),
    watts: (time) => {
      const index = Math.floor(time / cellMilliseconds);
      return wattsWithin(nodes.cell(index), time / cellMilliseconds - index);
    },
    energy: (time) => {
      const index = Math.floor(time / cellMilliseconds);
      const before = counters.at(index);
      const part = energyWithin(nodes.cell(index), time / cellMilliseconds - index);
      return { delivered: before.delivered + part.delivered, received: before.received + part.received };
    },
  };
}
