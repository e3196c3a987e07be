import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreSettings } from '../../lib/proxy/settings/settings.js';
import { newDatabaseName, withDatabase } from '../../test/support/mongodb.js';
import { fill } from './fill.js';
import type { LoadOrder, LoadResult } from './load.js';
import { measureRounds, type Contestant, type Rounds, type Turns } from './rounds.js';
import { startBenchServer } from './servers.js';
import { startWorker } from './worker.js';

/** The stores that are compared. */
export const storeNames = ['embedded', 'mongodb'] as const;
export type StoreName = (typeof storeNames)[number];

/** What is measured. */
export interface PollPlan extends Rounds {
  /** How many codes are pending, the smallest first. */
  readonly sizes: readonly number[];
  /** The server where the databases are made; they are left there. */
  readonly mongodb: string;
}

/** One proxy over one store of one size. */
export interface MeasuredPolls {
  readonly store: StoreName;
  readonly pending: number;
  readonly turns: Turns;
}

/** What came of it. */
export interface PollCosts {
  /** node:http with one `findOne` in the smallest of the databases. */
  readonly bare: Turns;
  readonly proxies: readonly MeasuredPolls[];
}

/**
 * How many times as fast as real time the clocks of the proxies run: a code is polled again as soon as all others were,
 * and no poll may come sooner than its interval allows.
 */
const scale = 500;

interface Place {
  readonly store: StoreName;
  readonly pending: number;
  readonly settings: StoreSettings;
}

function places({ sizes, mongodb }: PollPlan, directory: string): Place[] {
  const prefix = newDatabaseName();
  return sizes.flatMap((pending) => [
    { store: 'embedded', pending, settings: { kind: 'embedded', directory: join(directory, String(pending)) } },
    { store: 'mongodb', pending, settings: { kind: 'mongodb', uri: withDatabase(mongodb, `${prefix}_${pending}`) } },
  ]);
}

async function startAll(all: readonly Place[], bareUri: string): Promise<Contestant[]> {
  const [smallest] = all;
  const bare = await startBenchServer({ what: 'bare', uri: bareUri });
  const contestants: Contestant[] = [
    { name: 'bare', server: bare, load: { what: 'documents', codes: smallest?.pending ?? 0, first: 0 } },
  ];
  for (const { store, pending, settings } of all) {
    const server = await startBenchServer({ what: 'proxy', store: settings, scale });
    contestants.push({ name: `${store} ${pending}`, server, load: { what: 'polls', codes: pending, first: 0 } });
  }
  return contestants;
}

/** Measures polls of pending codes: every store in every size, and the baseline, in turns. */
export async function measurePolls(plan: PollPlan, tell: (what: string) => void): Promise<PollCosts> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const load = startWorker<LoadOrder, LoadResult>('load-process.ts');
  let contestants: Contestant[] = [];
  try {
    const all = places(plan, directory);
    for (const { store, pending, settings } of all) {
      const started = performance.now();
      await fill(settings, pending);
      tell(`${store}: ${pending} codes filled in in ${Math.round((performance.now() - started) / 1000)} s`);
    }
    const [bareUri = ''] = all.flatMap(({ settings }) => (settings.kind === 'mongodb' ? [settings.uri] : []));
    contestants = await startAll(all, bareUri);
    const measured = await measureRounds(load, contestants, plan);
    return {
      bare: measured.get('bare') ?? [],
      proxies: all.map(({ store, pending }) => ({ store, pending, turns: measured.get(`${store} ${pending}`) ?? [] })),
    };
  } finally {
    await Promise.all(contestants.map(({ server }) => server.stop()));
    await load.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
