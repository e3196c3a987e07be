import { digits } from '../cost/statistics.js';
import { table, type Row } from '../table.js';
import type { MeasuredPolls, PollCosts } from './polls.js';
import type { ProgramCosts } from './program.js';
import { middle, quiet, ratio, type Turn, type Turns } from './rounds.js';

const pollHead: Row = [
  'polls of pending codes',
  'codes',
  'polls/s',
  'to bare',
  'p99 ms',
  'to bare',
  'to fewest',
  'p99 ms even',
  'to bare',
  'to fewest',
  'CPU ms/1000',
  'reads',
  'writes',
  'failed',
];

const fullTail = (turn: Turn): number => turn.full.p99;
const rate = (turn: Turn): number => turn.rate;
const evenTail = (turn: Turn): number => turn.even.p99;

function failed(turns: Turns): string {
  const all = turns.flatMap(({ full, even }) => [full.failures, even.failures].flatMap((each) => Object.entries(each)));
  const sums = new Map<string, number>();
  for (const [name, count] of all) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums.size === 0 ? '0' : [...sums].map(([name, count]) => `${count} × ${name}`).join(', ');
}

function operations(turns: Turns, ...names: readonly string[]): string {
  const count = ({ operations }: Turn): number => names.reduce((sum, name) => sum + (operations[name] ?? 0), 0);
  return digits(middle(turns, count), 1);
}

function pollRow(name: string, codes: number, turns: Turns, bare: Turns, smallest: Turns): Row {
  const columns = [fullTail, evenTail].map((of) => [
    digits(quiet(turns, of), 1),
    digits(quiet(turns, of) / quiet(bare, of), 2),
    digits(quiet(turns, of) / quiet(smallest, of), 2),
  ]);
  return [
    name,
    digits(codes, 0),
    digits(middle(turns, rate), 0),
    digits(ratio(turns, bare, rate), 2),
    ...columns.flat(),
    digits(1000 * middle(turns, ({ cpu }) => cpu), 0),
    operations(turns, 'get'),
    operations(turns, 'insert', 'replace'),
    failed(turns),
  ];
}

/** The table of the polls. */
export function pollReport({ bare, proxies }: PollCosts): string {
  const smallest = ({ store }: MeasuredPolls): Turns => proxies.find((each) => each.store === store)?.turns ?? [];
  const rows = proxies.map((each) => pollRow(each.store, each.pending, each.turns, bare, smallest(each)));
  const fewest = proxies[0]?.pending ?? 0;
  return table([pollHead, pollRow('bare findOne', fewest, bare, bare, bare), ...rows]);
}

/** What is to be said of the program. */
export function programReport({ start, memory, data: { direct, proxied } }: ProgramCosts): string {
  const usual = ({ full }: Turn): number => full.median;
  const time = (turns: Turns): string => digits(middle(turns, usual), 2);
  const size = (value: number | undefined): string => (value === undefined ? 'unknown' : `${digits(value, 0)} MiB`);
  return [
    `Start of the program, embedded store: ${digits(start, 0)} ms until it listens.`,
    `Resident memory: ${size(memory.listening)} when it listens, ${size(memory.worked)} after the calls for data.`,
    `Data of a few days, warm token, one call at a time: ${time(proxied)} ms through the proxy, ${time(direct)} ms from ` +
      `the simulated Enedis directly (ratio ${digits(ratio(proxied, direct, usual), 2)}); ` +
      `p99 ${digits(quiet(proxied, fullTail), 1)} and ${digits(quiet(direct, fullTail), 1)} ms; ` +
      `failed: ${failed(proxied)} and ${failed(direct)}.`,
  ].join('\n');
}
