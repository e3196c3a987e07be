import { digits } from '../cost/statistics.js';
import { table, type Row } from '../table.js';
import type { DataCosts } from './data.js';
import type { MeasuredPolls, PollCosts } from './polls.js';
import type { ProgramCosts } from './program.js';
import { middle, quiet, ratio, type Turn, type Turns } from './rounds.js';

const pollHead: Row = [
  'pending codes',
  'codes',
  'of them polled',
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

function pollRow(name: string, codes: readonly number[], turns: Turns, bare: Turns, smallest: Turns): Row {
  const columns = [fullTail, evenTail].map((of) => [
    digits(quiet(turns, of), 1),
    digits(quiet(turns, of) / quiet(bare, of), 2),
    digits(quiet(turns, of) / quiet(smallest, of), 2),
  ]);
  return [
    name,
    ...codes.map((count) => digits(count, 0)),
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
  const rows = proxies.map((each) =>
    pollRow(each.store, [each.pending, each.polled], each.turns, bare, smallest(each)),
  );
  const fewest = proxies[0]?.pending ?? 0;
  return table([pollHead, pollRow('bare findOne', [fewest, fewest], bare, bare, bare), ...rows]);
}

/** What is to be said of the calls for data. */
export function dataReport({ direct, proxied }: DataCosts): string {
  const usual = ({ full }: Turn): number => full.median;
  const times = (turns: Turns): string =>
    `${digits(middle(turns, usual), 2)} ms (p99 ${digits(quiet(turns, fullTail), 1)}, failed ${failed(turns)})`;
  return [
    'Data of a few days with a warm token, embedded store, one call at a time, medians:',
    `through the proxy ${times(proxied)}, the same from the simulated Enedis directly ${times(direct)},`,
    `ratio ${digits(ratio(proxied, direct, usual), 2)}; store: ${operations(proxied, 'get')} reads and ` +
      `${operations(proxied, 'insert', 'replace')} writes a call.`,
  ].join('\n');
}

/** What is to be said of the program. */
export function programReport({ start, memory }: ProgramCosts): string {
  return `Program with the embedded store: listens ${digits(start, 0)} ms after its start, ${digits(memory, 0)} MiB resident then.`;
}
