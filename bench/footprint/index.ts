import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongod } from '../../scripts/mongodb.mjs';
import { startMongod } from '../../test/support/mongodb.js';
import { table, type Row } from '../table.js';
import { none, type Operations } from './counting.js';
import { Meters, steps, type Counts, type Place, type Step } from './meters.js';
import { embeddedSizes, mongodbSizes, type Size, type Sizes } from './sizes.js';

const counted = 20;
const filled = Number(process.env['METERS'] ?? 1000);

const notes = `
Operations are counted, bytes are those of real records: every meter was led through a dance with one pending poll,
one refresh and one data call. Each address and each token family has counters of its own (rate_buckets), as in real life.
"content" is what the records hold, key included, "indexes" what the further keys take, per record; "disk" is all files of
the store, after LevelDB was compacted, and after a checkpoint of MongoDB (compressed; young files have room to spare).
METERS=10000 npm run bench -- footprint measures with more meters.
`;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function sumOf(operations: Iterable<Operations>): Operations {
  const sum = none();
  for (const { reads, finds, safe, quick } of operations) {
    sum.reads += reads;
    sum.finds += finds;
    sum.safe += safe;
    sum.quick += quick;
  }
  return sum;
}

function operationsRow(step: Step, byKind: ReadonlyMap<string, Operations>): Row {
  const { reads, finds, safe, quick } = sumOf(byKind.values());
  const limits = byKind.get('rate_buckets') ?? none();
  const ofLimits = limits.reads + limits.safe + limits.quick;
  return [step, ...[reads, finds, safe, quick, ofLimits].map((count) => oneDigit.format(count / counted))];
}

function operationsTable(counts: Counts): string {
  const head = ['step', 'reads', 'finds', 'safe writes', 'quick writes', 'of which limits'];
  return table([head, ...steps.map((step) => operationsRow(step, counts.get(step) ?? new Map()))]);
}

function sizeRow([name, { records, content, indexes }]: readonly [string, Size], meters: number): Row {
  const each = (bytes: number) => whole.format(records === 0 ? 0 : bytes / records);
  return [name, oneDigit.format(records / meters), each(content), each(indexes), each(content + indexes)];
}

function sizesTable({ kinds, disk }: Sizes, meters: number): string {
  const head = ['collection', 'records/meter', 'content', 'indexes', 'bytes/record'];
  const sorted = [...kinds].sort(([one], [other]) => one.localeCompare(other));
  const rows = sorted.map((entry) => sizeRow(entry, meters));
  return `${table([head, ...rows])}\ndisk: ${whole.format(disk / meters)} bytes a meter`;
}

async function measure(name: string, place: Place, sizes: () => Promise<Sizes>): Promise<void> {
  const meters = await Meters.open(place, counted + filled + 1);
  let counts: Counts;
  try {
    // The first one also fetches the application's token.
    await meters.count(1);
    counts = await meters.count(counted);
    await meters.fill(filled);
  } finally {
    await meters.close();
  }
  console.log(`\n${name}: operations of one meter\n${operationsTable(counts)}`);
  console.log(`\n${name}: bytes, ${whole.format(filled)} meters\n${sizesTable(await sizes(), counted + filled + 1)}`);
}

async function measureEmbedded(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
  try {
    await measure('Embedded store', { directory }, () => embeddedSizes(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measureMongodb(): Promise<void> {
  try {
    await findMongod();
  } catch (error) {
    console.log(`\nMongoDB: not measured, there is none. ${String(error)}`);
    return;
  }
  const server = await startMongod();
  try {
    const uri = `mongodb://${server.address}/footprint`;
    await measure('MongoDB', { mongodb: uri }, () => mongodbSizes(uri));
  } finally {
    await server.stop();
  }
}

console.log('What a meter costs the store of the device-flow proxy.');
await measureEmbedded();
await measureMongodb();
console.log(notes);
