import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPlatform } from '../../scripts/platforms.mjs';
import { packedPackage } from '../../test/support/packed.js';
import { digits, median } from '../cost/statistics.js';
import { table, type Row } from '../table.js';
import { install, type Installed } from './install.js';
import { measureStart, prepareDirectory, type Start } from './start.js';

const rounds = Number(process.env['ROUNDS'] ?? 15);
const goal = { milliseconds: 150, megabytes: 20 };
/** Packages that must not be loaded before a node of ours needs them. */
const onDemand = ['mongodb', 'classic-level', 'prom-client', 'undici', 'saxes', 'multicast-dns'];
/** What people install for the same purposes, and a large package of nodes; as far as the registry has them. */
const peers = [
  '@flecoufle/node-red-linky',
  'node-red-linky',
  'linky',
  'homebridge-enphase-envoy',
  'node-red-contrib-home-assistant-websocket',
];

const notes = `
Both user directories hold an empty flow; starts are taken in turns, the difference is that of the medians. Memory is that of the
whole process after a garbage collection (resident, and the heap of JavaScript). Goal on 4.1: at most ${goal.milliseconds} ms and
${goal.megabytes} MB resident. ROUNDS=30 takes more turns.
`;

interface Side {
  readonly name: string;
  readonly userDir: string;
  readonly starts: Start[];
}

const mega = (bytes: number): number => bytes / 1e6;

function middle(side: Side, value: (start: Start) => number): number {
  return median(side.starts.map(value));
}

const figures: readonly (readonly [name: string, value: (start: Start) => number])[] = [
  ['until the flows run, ms', ({ milliseconds }) => milliseconds],
  ['CPU, ms', ({ cpuMilliseconds }) => cpuMilliseconds],
  ['resident, MB', ({ residentBytes }) => mega(residentBytes)],
  ['heap, MB', ({ heapBytes }) => mega(heapBytes)],
];

function startTable(without: Side, withPackage: Side): string {
  const rows = figures.map(([name, value]): Row => {
    const [before, after] = [middle(without, value), middle(withPackage, value)];
    return [name, digits(before, 1), digits(after, 1), digits(after - before, 1), digits(after / before, 2)];
  });
  return table([['', 'without', 'with', 'added', 'ratio'], ...rows]);
}

async function measurePlatform(name: string, empty: Installed, ours: Installed): Promise<void> {
  const platform = await findPlatform(name);
  const without: Side = { name: 'without', userDir: empty.userDir, starts: [] };
  const withPackage: Side = { name: 'with', userDir: ours.userDir, starts: [] };
  const sides = [without, withPackage];
  // The first start writes caches and files of its own.
  for (const { userDir } of sides) await measureStart(platform, userDir);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const side of order) side.starts.push(await measureStart(platform, side.userDir));
  }
  console.log(`\nNode-RED ${platform.version} (${name}), ${rounds} starts each\n${startTable(without, withPackage)}`);
  const loaded = [...new Set(withPackage.starts.flatMap((start) => start.loaded))];
  const early = onDemand.filter((each) => loaded.includes(each));
  console.log(
    `Loaded although no node is deployed: ${early.length > 0 ? early.join(', ') : 'none'} of ${onDemand.join(', ')}.`,
  );
}

async function installRow(folder: string, name: string): Promise<Row> {
  try {
    const { packages, bytes } = await install(folder, name);
    return [name, String(packages), digits(mega(bytes), 1)];
  } catch {
    return [name, '-', 'not to be had'];
  }
}

const folder = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
try {
  const [empty, ours] = [await install(folder), await install(folder, await packedPackage())];
  for (const { userDir } of [empty, ours]) prepareDirectory(userDir);
  console.log('What the installed package adds to the start of Node-RED while none of its nodes is deployed.');
  for (const name of ['4.1', '5.0']) await measurePlatform(name, empty, ours);
  console.log(notes);
  const head: Row = ['installed', 'packages', 'MB'];
  const rows: Row[] = [['this package', String(ours.packages), digits(mega(ours.bytes), 1)]];
  for (const name of peers) rows.push(await installRow(folder, name));
  console.log(table([head, ...rows]));
} finally {
  await rm(folder, { recursive: true, force: true });
}
