import { addDays, startOfDay } from '../../../../lib/linky/paris.js';
import { LinkyCache } from '../../../../lib/linky/reader/cache.js';
import { daysOf } from '../../../../lib/linky/reader/days.js';
import { openLinkyDirectory } from '../../../../lib/linky/reader/store.js';
import { createSealer, namedKey } from '../../../../lib/store/sealing.js';

/** Keeps one day of the curve after the other and prints each once it is kept, until the process is killed. */
const [directory = ''] = process.argv.slice(2);
const sealer = createSealer([namedKey(new Uint8Array(32).fill(7))]);
const cache = new LinkyCache(openLinkyDirectory(directory, () => Promise.resolve(sealer)));
const start = '2026-01-01';
const book = await cache.open('22516914714270', 'consumption_load_curve', { start, end: start });
for (const day of daysOf(start, addDays(start, 5000))) {
  const from = startOfDay(day);
  const readings = Array.from({ length: 48 }, (_, index) => ({
    start: from + index * 1_800_000,
    end: from + (index + 1) * 1_800_000,
    value: index,
    unit: 'W' as const,
  }));
  await book.put(new Map([[day, { askedAt: from, readings }]]));
  console.log(day);
}
