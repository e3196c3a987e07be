import { measureCycles, type CycleCost } from './cycle.js';
import { count, interval, measureFleet, scale, type Beats, type FleetCost } from './fleet.js';
import { digits, quantile, median } from './statistics.js';
import { table, type Row } from '../table.js';

const introduction = `
What it costs to read a metered gateway with 20 inverters and batteries, as the package is installed. Baseline: undici
requests one after the other for the very paths that the package asked for, over one TLS connection that is kept, with
JSON.parse of each answer and nothing else. Package and baseline take turns in this process; the simulated gateway is
another one: its CPU time does not count, the time it takes to answer does. Each ratio is the median of the rounds,
with the lower and upper quartile; ms are medians per read. Goal for the first line: at most 1.3.`;

const fleetIntroduction = `
${count} gateways in one process: one session for each, all gateways in one other process with a port, a serial number and a
TLS connection each. A minute of the clocks of sessions and gateways takes ${interval / 1000} s (${scale}-fold), so that what is asked every
five minutes is asked then too. Every session has a timer of its own, as envoy-gateway has.`;

function ratio(values: readonly number[]): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => digits(quantile(values, part), 2));
  return `${middle ?? ''} (${low ?? ''} to ${high ?? ''})`;
}

function cycleRow({ manner, requests, own, plain, ratios }: CycleCost): Row {
  return [
    manner.name,
    digits(requests, 1),
    ratio(ratios.map(({ cpu }) => cpu)),
    ratio(ratios.map(({ wall }) => wall)),
    `${digits(own.cpu, 2)} / ${digits(plain.cpu, 2)}`,
    `${digits(own.wall, 2)} / ${digits(plain.wall, 2)}`,
  ];
}

const cycleHead: Row = ['read', 'requests', 'CPU ratio', 'wall ratio', 'CPU ms', 'wall ms'];

function beatsRow(name: string, { late, done, skipped, failed, cpu }: Beats): Row {
  const middleAndLast = (values: readonly number[]): string =>
    `${digits(median(values), 0)} / ${digits(quantile(values, 0.99), 0)}`;
  return [
    name,
    digits(done.length, 0),
    digits(cpu / done.length, 2),
    `${digits((cpu / done.length / 60_000) * count * 100, 1)} %`,
    middleAndLast(late),
    middleAndLast(done),
    String(skipped),
    String(failed),
  ];
}

const beatsHead: Row = [
  'timers',
  'cycles',
  'CPU ms/cycle',
  'of a core at one a minute',
  'begun late ms, median / p99',
  'payload after ms, median / p99',
  'left out',
  'failed',
];

function fleetReport({ opening, spread, together, heap, resident }: FleetCost): string {
  const beats = [beatsHead, beatsRow('spread over the minute', spread), beatsRow('all at the same moment', together)];
  return [
    table(beats),
    `Memory per gateway: ${digits(heap / 1024, 0)} KiB heap and buffers, ${digits(resident / 1024, 0)} KiB resident.`,
    `Opening all (probe, first read): ${digits(opening.cpu / count, 1)} ms CPU per gateway, ${digits(opening.wall / 1000, 1)} s in all.`,
  ].join('\n');
}

console.log(introduction);
console.log(table([cycleHead, ...(await measureCycles()).map(cycleRow)]));
console.log(fleetIntroduction);
console.log(fleetReport(await measureFleet()));
