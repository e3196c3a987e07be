import { createSealer, deriveKey } from '../../../lib/store/sealing.js';
import { SealedFile } from '../../../lib/store/sealed-file.js';

// Writes one value after another for ever, and says on its output which one was begun and which one is safe.
const [path = '', secret = '', start = '0', size = '0'] = process.argv.slice(2);
const sealer = createSealer([deriveKey(secret, 'test')]);
const file = new SealedFile<{ count: number; filling: string }>(path, () => Promise.resolve(sealer));
await file.read();
for (let count = Number(start); ; count++) {
  process.stdout.write(`begun ${count}\n`);
  await file.write({ count, filling: `${count},`.repeat(Number(size)) });
  process.stdout.write(`safe ${count}\n`);
}
