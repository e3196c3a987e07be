import type { GatewaySession } from '../../lib/envoy/session.js';
import { startGateways, type Gateways } from './gateways.js';
import { plainClient, type PlainClient } from './plain.js';
import { newSession } from './sessions.js';
import { cpuTime, median } from './statistics.js';

/** How the package is read in a measurement. */
interface Manner {
  readonly name: string;
  readonly gentle: boolean;
  /** Simulated time from one read to the next, ms; it decides what the package still has of the one before. */
  readonly step: number;
}

const minute = 60_000;

/** The manners that are measured; the goal is set for the first one. */
const manners: readonly Manner[] = [
  { name: 'full read, nothing kept', gentle: false, step: 361 * minute },
  { name: 'full read, every 5 minutes', gentle: false, step: 5 * minute },
  { name: "a timer's read, every minute", gentle: true, step: minute },
];

/** What a read takes, ms. */
interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** What one manner takes, medians of the rounds. */
export interface CycleCost {
  readonly manner: Manner;
  readonly requests: number;
  readonly own: Cost;
  readonly plain: Cost;
  /** Of the package to the baseline, round by round. */
  readonly ratios: readonly Cost[];
}

/** Every 4th and every 5th read of a timer asks for more than the others: 20 hold a whole pattern. */
const readsPerRound = 20;
/** Until the code is compiled as well as it gets; the first manner warms up for the others. */
const warmUpRounds = 10;
const rounds = 9;

async function costOf(task: () => Promise<void>): Promise<Cost> {
  const [cpu, wall] = [cpuTime(), performance.now()];
  await task();
  return { cpu: (cpuTime() - cpu) / readsPerRound, wall: (performance.now() - wall) / readsPerRound };
}

interface Bench {
  readonly gateways: Gateways;
  readonly session: GatewaySession;
  readonly plain: PlainClient;
  readonly clock: { time: number };
  readonly manner: Manner;
}

async function readByPackage({ session, clock, manner }: Bench): Promise<void> {
  for (let read = 0; read < readsPerRound; read++) {
    clock.time += manner.step;
    await session.read({ datasets: [], raw: false, gentle: manner.gentle });
  }
}

/** One round: the package, and the baseline with the very requests that the package sent; who comes first alternates. */
async function measureRound(
  bench: Bench,
  paths: readonly string[],
  plainFirst: boolean,
): Promise<{ own: Cost; plain: Cost; paths: readonly string[] }> {
  const { gateways, plain } = bench;
  const first = plainFirst ? await costOf(() => plain.read(paths)) : undefined;
  await gateways.takePaths();
  const own = await costOf(() => readByPackage(bench));
  const asked = await gateways.takePaths();
  return { own, plain: first ?? (await costOf(() => plain.read(asked))), paths: asked };
}

async function measureManner(gateways: Gateways, manner: Manner, clock: { time: number }): Promise<CycleCost> {
  const [access] = gateways.accesses;
  if (!access) throw new Error('There is no gateway.');
  const session = newSession(access, () => clock.time);
  const plain = plainClient(access);
  try {
    const bench = { gateways, session, plain, clock, manner };
    let { paths } = await measureRound(bench, [], false);
    const measured: { own: Cost; plain: Cost }[] = [];
    for (let round = 1 - warmUpRounds; round < rounds; round++) {
      const result = await measureRound(bench, paths, round % 2 === 0);
      paths = result.paths;
      if (round >= 0) measured.push(result);
    }
    const middle = (side: 'own' | 'plain'): Cost => ({
      cpu: median(measured.map((round) => round[side].cpu)),
      wall: median(measured.map((round) => round[side].wall)),
    });
    return {
      manner,
      requests: paths.length / readsPerRound,
      own: middle('own'),
      plain: middle('plain'),
      ratios: measured.map((round) => ({
        cpu: round.own.cpu / round.plain.cpu,
        wall: round.own.wall / round.plain.wall,
      })),
    };
  } finally {
    await session.close();
    await plain.close();
  }
}

/** Measures what one cycle costs in each manner, all in this process, the gateway in another one. */
export async function measureCycles(): Promise<readonly CycleCost[]> {
  // The gateway's clock stays with real time: it has less to simulate then while it is waited for.
  const clock = { time: Date.now() };
  const gateways = await startGateways(1);
  try {
    const costs: CycleCost[] = [];
    for (const manner of manners) costs.push(await measureManner(gateways, manner, clock));
    return costs;
  } finally {
    await gateways.stop();
  }
}
