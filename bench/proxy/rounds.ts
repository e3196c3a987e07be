import { median, quantile } from '../cost/statistics.js';
import type { Load, LoadOrder, LoadResult } from './load.js';
import type { BenchServer, ServerUsage } from './servers.js';
import type { Worker } from './worker.js';

/** How long and how often it is measured. */
export interface Rounds {
  /** Until the code is compiled as well as it gets; not counted. */
  readonly warmUp: number;
  readonly counted: number;
  readonly milliseconds: number;
  /** Requests at a time. */
  readonly connections: number;
  /** Requests a second where all are loaded alike. */
  readonly rate: number;
}

/** A server that takes its turn. */
export interface Contestant {
  readonly name: string;
  readonly server: BenchServer;
  readonly load: Load;
}

/** One turn: as many requests as it manages, then as many as everybody gets. */
export interface Turn {
  readonly full: LoadResult;
  readonly even: LoadResult;
  /** Requests a second that it managed. */
  readonly rate: number;
  /** CPU time of the server for one request, ms. */
  readonly cpu: number;
  /** Operations of its store for one request, by name. */
  readonly operations: Readonly<Record<string, number>>;
}

/** All turns of a contestant, in order; the turns of one round stand at the same place. */
export type Turns = readonly Turn[];

function perRequest(before: ServerUsage, after: ServerUsage, count: number): Pick<Turn, 'cpu' | 'operations'> {
  const operations = Object.entries(after.operations).map(
    ([name, number]) => [name, (number - (before.operations[name] ?? 0)) / count] as const,
  );
  return { cpu: (after.cpu - before.cpu) / count, operations: Object.fromEntries(operations) };
}

function countOf({ done, failures }: LoadResult): number {
  return Object.values(failures).reduce((sum, count) => sum + count, done);
}

class Turntable {
  readonly #load: Worker<LoadOrder, LoadResult>;
  readonly #rounds: Rounds;
  readonly #asked = new Map<string, number>();

  constructor(load: Worker<LoadOrder, LoadResult>, rounds: Rounds) {
    this.#load = load;
    this.#rounds = rounds;
  }

  /** Goes on with the code after the last one. */
  async #run({ name, server, load }: Contestant, rate?: number): Promise<LoadResult> {
    const { connections, milliseconds } = this.#rounds;
    const first = this.#asked.get(name) ?? 0;
    const result = await this.#load.ask({
      port: server.port,
      load: load.what === 'get' ? load : { ...load, first },
      connections,
      milliseconds,
      ...(rate !== undefined && { rate }),
    });
    this.#asked.set(name, first + countOf(result));
    return result;
  }

  async turn(contestant: Contestant): Promise<Turn> {
    const { server } = contestant;
    const before = await server.usage();
    const full = await this.#run(contestant);
    const used = perRequest(before, await server.usage(), countOf(full));
    const even = await this.#run(contestant, this.#rounds.rate);
    return { full, even, ...used, rate: (1000 * full.done) / full.milliseconds };
  }
}

/** Gives each contestant its turn, round after round, each time beginning with another one. */
export async function measureRounds(
  load: Worker<LoadOrder, LoadResult>,
  contestants: readonly Contestant[],
  rounds: Rounds,
): Promise<ReadonlyMap<string, Turns>> {
  const turns = new Map<string, Turn[]>(contestants.map(({ name }) => [name, []]));
  const turntable = new Turntable(load, rounds);
  for (let round = 0; round < rounds.warmUp + rounds.counted; round++) {
    const start = round % contestants.length;
    for (const contestant of [...contestants.slice(start), ...contestants.slice(0, start)]) {
      const turn = await turntable.turn(contestant);
      if (round >= rounds.warmUp) turns.get(contestant.name)?.push(turn);
    }
  }
  return turns;
}

/** The middle of what each turn gives. */
export function middle(turns: Turns, of: (turn: Turn) => number): number {
  return median(turns.map(of));
}

/**
 * What the quieter turns give, the lower quartile: for the slowest answers, which whatever else runs on the machine makes
 * slower still and never faster.
 */
export function quiet(turns: Turns, of: (turn: Turn) => number): number {
  return quantile(turns.map(of), 0.25);
}

/** Of one contestant to another: the middle of the ratios, round by round. */
export function ratio(turns: Turns, others: Turns, of: (turn: Turn) => number): number {
  const both = turns.flatMap((turn, round) => {
    const other = others[round];
    return other ? [of(turn) / of(other)] : [];
  });
  return median(both);
}
