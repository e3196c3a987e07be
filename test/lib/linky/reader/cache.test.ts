import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, startOfDay } from '../../../../lib/linky/paris.js';
import { LinkyCache } from '../../../../lib/linky/reader/cache.js';
import { daysOf } from '../../../../lib/linky/reader/days.js';
import type { Reading, SeriesDataset } from '../../../../lib/linky/readings.js';
import { buildProgram } from '../../../support/child.js';
import { sealedDirectory } from './meter-world.js';

const usagePoint = '22516914714270';
const curve: SeriesDataset = 'consumption_load_curve';

function readingsOf(day: string): Reading[] {
  const start = startOfDay(day);
  const count = (startOfDay(addDays(day, 1)) - start) / 1_800_000;
  return Array.from({ length: count }, (_, index) => ({
    start: start + index * 1_800_000,
    end: start + (index + 1) * 1_800_000,
    value: index * 7,
    unit: 'W',
    quality: 'BRUT',
  }));
}

const week = (start: string) =>
  new Map(
    daysOf(start, addDays(start, 7)).map((day) => [
      day,
      { askedAt: startOfDay(addDays(day, 1)), readings: readingsOf(day) },
    ]),
  );

describe('What was read', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = (): LinkyCache => new LinkyCache(sealedDirectory(directory));

  it('is there after a restart, for each meter and dataset by itself', async () => {
    const days = week('2026-10-23');
    const book = await open().open(usagePoint, curve, { start: '2026-10-23', end: '2026-10-30' });
    await book.put(days);
    const cache = open();
    const again = await cache.open(usagePoint, curve, { start: '2026-10-20', end: '2026-11-02' });
    for (const [day, cached] of days) assert.deepEqual(again.get(day), cached);
    assert.equal(again.get('2026-10-22'), undefined);
    const range = { start: '2026-10-23', end: '2026-10-30' };
    assert.equal((await cache.open('00000000000001', curve, range)).get('2026-10-25'), undefined);
    assert.equal((await cache.open(usagePoint, 'production_load_curve', range)).get('2026-10-25'), undefined);
  });

  it('keeps everything that a reading may have', async () => {
    const at = startOfDay('2026-11-03');
    const readings: Reading[] = [
      { start: at, end: at, value: 0, unit: 'Wh', register: 'HC', label: 'Heures Creuses', quality: 'BEST' },
      { start: at, end: at, value: 1.5, unit: 'Wh', register: 'TOTAL' },
    ];
    const highest: Reading[] = [{ start: at, end: at + 86_400_000, value: 6000, unit: 'VA', at: at + 5000 }];
    const range = { start: '2026-11-03', end: '2026-11-04' };
    const keep = async (dataset: SeriesDataset, list: Reading[]) =>
      (await open().open(usagePoint, dataset, range)).put(new Map([['2026-11-03', { askedAt: 1, readings: list }]]));
    await keep('index_consumption', readings);
    await keep('daily_consumption_max_power', highest);
    assert.deepEqual((await open().open(usagePoint, 'index_consumption', range)).get('2026-11-03')?.readings, readings);
    assert.deepEqual(
      (await open().open(usagePoint, 'daily_consumption_max_power', range)).get('2026-11-03')?.readings,
      highest,
    );
  });

  it('is found neither in the names nor in the text of the files', async () => {
    await (await open().open(usagePoint, curve, { start: '2026-10-23', end: '2026-10-30' })).put(week('2026-10-23'));
    const names = await readdir(directory);
    assert.ok(names.length >= 2);
    for (const name of names) {
      assert.match(name, /^(ledger|data-[\w-]{22})\.sealed$/);
      const text = await readFile(join(directory, name), 'utf8');
      assert.ok(!text.includes(usagePoint) && !text.includes('BRUT') && !text.includes('load_curve'));
    }
  });

  it('is whole after the process was killed while it wrote', async () => {
    const program = await buildProgram(new URL('cache-writer.ts', import.meta.url));
    try {
      const child = program.start([directory]);
      const kept: string[] = [];
      for await (const day of child.lines) if (kept.push(day) === 40) child.process.kill('SIGKILL');
      await child.ended;
      assert.ok(kept.length >= 40);
      const last = kept.at(-1) ?? '';
      const book = await open().open(usagePoint, curve, { start: '2026-01-01', end: addDays(last, 1) });
      for (const day of kept) assert.equal(book.get(day)?.readings.length, 48, day);
      assert.deepEqual(
        (await readdir(directory)).filter((name) => !name.endsWith('.sealed')),
        [],
      );
    } finally {
      await program.remove();
    }
  });

  it('counts as not read where a file was damaged or exchanged', async () => {
    await (await open().open(usagePoint, curve, { start: '2026-10-02', end: '2026-10-09' })).put(week('2026-10-02'));
    const [october] = (await readdir(directory)).filter((each) => each.startsWith('data-'));
    await (await open().open(usagePoint, curve, { start: '2026-11-02', end: '2026-11-09' })).put(week('2026-11-02'));
    const [november] = (await readdir(directory)).filter((each) => each.startsWith('data-') && each !== october);
    await writeFile(join(directory, october ?? ''), await readFile(join(directory, november ?? '')));
    const book = await open().open(usagePoint, curve, { start: '2026-10-02', end: '2026-11-09' });
    assert.equal(book.get('2026-10-05'), undefined);
    assert.equal(book.get('2026-11-05')?.readings.length, 48);
    await writeFile(join(directory, november ?? ''), 'not sealed');
    const damaged = await open().open(usagePoint, curve, { start: '2026-10-02', end: '2026-11-09' });
    assert.equal(damaged.get('2026-11-05'), undefined);
  });

  it('goes when it is older than what could be had again, and all of it when it is forgotten', async () => {
    const cache = open();
    for (const start of ['2024-02-02', '2024-10-10', '2026-10-02']) {
      await (await cache.open(usagePoint, curve, { start, end: addDays(start, 7) })).put(week(start));
    }
    const data = async () => (await readdir(directory)).filter((each) => each.startsWith('data-')).length;
    assert.equal(await data(), 3);
    await cache.forgetBefore(usagePoint, curve, '2024-10-31', 745);
    assert.equal(await data(), 2);
    assert.ok((await cache.open(usagePoint, curve, { start: '2024-10-10', end: '2024-10-17' })).get('2024-10-12'));
    await writeFile(join(directory, 'other.txt'), 'not ours');
    await cache.clear();
    assert.deepEqual(await readdir(directory), ['other.txt']);
  });

  it('cannot be kept where the directory cannot be written, and that is told', async () => {
    await rm(directory, { recursive: true });
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, 'a file');
    await assert.rejects(open().open(usagePoint, curve, { start: '2026-10-02', end: '2026-10-09' }), {
      code: 'storage_failed',
    });
  });
});
