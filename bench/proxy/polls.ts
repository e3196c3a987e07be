import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreSettings } from '../../lib/proxy/settings/settings.js';
import { newDatabaseName, withDatabase } from '../../test/support/mongodb.js';
import { discard, fill } from './fill.js';
import type { LoadOrder, LoadResult } from './load.js';
import { measureRounds, type Contestant, type Rounds, type Turns } from './rounds.js';
import { startBenchServer } from './servers.js';
import { startWorker } from './worker.js';

/** The stores that are compared. */
type StoreName = 'embedded' | 'mongodb';

/** What is measured. */
export interface PollPlan extends Rounds {
  /** How many codes are pending, the smallest first. */
  readonly sizes: readonly number[];
  /** So many of the codes belong to devices that still wait; where there are more, they are polled by themselves, too. */
  readonly waiting: number;
  /** The server where the databases are made, and dropped in the end. */
  readonly mongodb: string;
}

/** One store of one size. */
export interface MeasuredPolls {
  readonly store: StoreName;
  readonly pending: number;
  /** So many of the codes were polled, in turn. */
  readonly polled: number;
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
 * and no poll may come sooner than its interval allows. Up to 100,000 polls a second it does not.
 */
function scaleFor(sizes: readonly number[]): number {
  return 500_000 / Math.min(...sizes);
}

interface Place {
  readonly store: StoreName;
  readonly pending: number;
  readonly settings: StoreSettings;
}

/** How many codes are polled, in each measurement of a store of this size. */
function polledOf({ waiting }: PollPlan, pending: number): readonly number[] {
  return pending > waiting ? [waiting, pending] : [pending];
}

function nameOf({ store, pending }: Place, polled: number): string {
  return `${store} ${pending} ${polled}`;
}

function places({ sizes, mongodb }: PollPlan, directory: string): Place[] {
  const prefix = newDatabaseName();
  return sizes.flatMap((pending) => [
    { store: 'embedded', pending, settings: { kind: 'embedded', directory: join(directory, String(pending)) } },
    { store: 'mongodb', pending, settings: { kind: 'mongodb', uri: withDatabase(mongodb, `${prefix}_${pending}`) } },
  ]);
}

/** Starts what takes turns; adds each to `contestants` as soon as it runs. */
async function startAll(all: readonly Place[], plan: PollPlan, contestants: Contestant[]): Promise<void> {
  const scale = scaleFor(plan.sizes);
  const fewest = all.find(({ store }) => store === 'mongodb');
  if (fewest?.settings.kind === 'mongodb') {
    const server = await startBenchServer({ what: 'bare', uri: fewest.settings.uri });
    contestants.push({ name: 'bare', server, load: { what: 'documents', codes: fewest.pending, first: 0 } });
  }
  for (const place of all) {
    const server = await startBenchServer({ what: 'proxy', store: place.settings, scale });
    for (const codes of polledOf(plan, place.pending)) {
      contestants.push({ name: nameOf(place, codes), server, load: { what: 'polls', codes, first: 0 } });
    }
  }
}

/** Measures polls of pending codes: every store in every size, and the baseline, in turns. */
export async function measurePolls(plan: PollPlan, tell: (what: string) => void): Promise<PollCosts> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const load = startWorker<LoadOrder, LoadResult>('load-process.ts');
  const all = places(plan, directory);
  const contestants: Contestant[] = [];
  try {
    for (const { store, pending, settings } of all) {
      const started = performance.now();
      await fill(settings, pending);
      tell(`${store}: ${pending} codes filled in in ${Math.round((performance.now() - started) / 1000)} s`);
    }
    await startAll(all, plan, contestants);
    const measured = await measureRounds(load, contestants, plan);
    return {
      bare: measured.get('bare') ?? [],
      proxies: all.flatMap((place) =>
        polledOf(plan, place.pending).map((polled) => {
          const { store, pending } = place;
          return { store, pending, polled, turns: measured.get(nameOf(place, polled)) ?? [] };
        }),
      ),
    };
  } finally {
    const servers = new Set(contestants.map(({ server }) => server));
    await Promise.all([load, ...servers].map((each) => each.stop()));
    await Promise.all(all.map(({ settings }) => discard(settings)));
    await rm(directory, { recursive: true, force: true });
  }
}
