import { openEmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { Records } from '../../../../lib/store/records/records.js';
import { notes } from './note.js';

// Makes and changes records for ever, several at once, and says on its output which of them are acknowledged.
const [directory = '', start = '0'] = process.argv.slice(2);
const store = await openEmbeddedStore({ directory });
const records = new Records(store, notes, { remembered: 10 });

async function write(number: number): Promise<void> {
  const id = `n${number}`;
  const durability = number % 3 === 0 ? 'quick' : 'safe';
  await records.create(id, { text: '1', tags: [`made-${number % 5}`], purgeAt: 9e12 }, durability);
  process.stdout.write(`${id} 1\n`);
  await records.change(id, (note) => ({
    next: { text: '2', tags: [`changed-${number % 7}`, ...(note?.tags ?? [])] },
    answer: 0,
  }));
  process.stdout.write(`${id} 2\n`);
}

async function writeForEver(first: number, step: number): Promise<never> {
  for (let number = first; ; number += step) await write(number);
}

const writers = 4;
await Promise.all(Array.from({ length: writers }, (_, index) => writeForEver(Number(start) + index, writers)));
