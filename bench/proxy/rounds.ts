import { median } from '../cost/statistics.js';
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
}

/** A server that takes its turn. */
export interface Contestant {
  readonly name: string;
  readonly server: BenchServer;
  readonly load: Load;
}

/** One turn. */
export interface Turn extends LoadResult {
  /** Requests a second. */
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

/** Gives each contestant its turn, round after round, each time beginning with another one. */
export async function measureRounds(
  load: Worker<LoadOrder, LoadResult>,
  contestants: readonly Contestant[],
  { warmUp, counted, milliseconds, connections }: Rounds,
): Promise<ReadonlyMap<string, Turns>> {
  const turns = new Map<string, Turn[]>(contestants.map(({ name }) => [name, []]));
  const asked = new Map<string, number>();
  for (let round = -warmUp; round < counted; round++) {
    const start = (round + warmUp) % contestants.length;
    for (const { name, server, load: given } of [...contestants.slice(start), ...contestants.slice(0, start)]) {
      const first = asked.get(name) ?? 0;
      const order = given.what === 'get' ? given : { ...given, first };
      const before = await server.usage();
      const result = await load.ask({ port: server.port, load: order, connections, milliseconds });
      const failed = Object.values(result.failures).reduce((sum, count) => sum + count, 0);
      const count = result.done + failed;
      asked.set(name, first + count);
      if (round < 0) continue;
      const used = perRequest(before, await server.usage(), count);
      turns.get(name)?.push({ ...result, ...used, rate: (1000 * result.done) / result.milliseconds });
    }
  }
  return turns;
}

/** The middle of what each turn gives. */
export function middle(turns: Turns, of: (turn: Turn) => number): number {
  return median(turns.map(of));
}

/** Of one contestant to another, round by round. */
export function ratios(turns: Turns, others: Turns, of: (turn: Turn) => number): number[] {
  return turns.flatMap((turn, round) => {
    const other = others[round];
    return other ? [of(turn) / of(other)] : [];
  });
}
