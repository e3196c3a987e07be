import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How many gateways one process reads. */
export const count = 500;
/** How many times as fast as real time the clocks of sessions and gateways run. */
export const scale = 12;
/** Real ms between two reads of a gateway: a minute of those clocks. */
export const interval = 60_000 / scale;

/** What came of the timers of all sessions; ms. */
export interface Beats {
  /** From the moment at which a read was due until it began. */
  readonly late: readonly number[];
  /** From that moment until its payload was there. */
  readonly done: readonly number[];
  /** Beats left out since the reading before was still under way. */
  readonly skipped: number;
  readonly failed: number;
  /** Of the process while the timers ran. */
  readonly cpu: number;
  readonly wall: number;
}

/** What the sessions cost together; ms and bytes. */
export interface FleetCost {
  /** Finding out what each gateway is and has, and its first read. */
  readonly opening: { readonly cpu: number; readonly wall: number };
  /** Timers started evenly over one interval. */
  readonly spread: Beats;
  /** Timers all started at the same moment. */
  readonly together: Beats;
  /** Of one gateway: on the heap, with buffers; and of the whole process as the system sees it. */
  readonly heap: number;
  readonly resident: number;
}

const script = fileURLToPath(new URL('fleet-process.ts', import.meta.url));

/** Measures many sessions in a process that does nothing else; their gateways are in a third one. */
export async function measureFleet(): Promise<FleetCost> {
  const child = fork(script, { execArgv: ['--expose-gc', '--import', 'tsx'] });
  const exited = once(child, 'exit');
  const gone = exited.then(() => Promise.reject(new Error('The process of the sessions ended early.')));
  const [cost] = await Promise.race([once(child, 'message') as Promise<[FleetCost]>, gone]);
  await exited;
  return cost;
}
