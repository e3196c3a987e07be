import { randomBytes } from 'node:crypto';
import { asEnergyError } from '../../../../lib/errors.js';
import { openEmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { notes, stored } from './note.js';

// Writes one record after another, also when that fails, and says on its output what became of each.
const [directory = '', count = '0'] = process.argv.slice(2);
const store = await openEmbeddedStore({ directory });
for (let number = 0; number < Number(count); number++) {
  const record = stored(`n${number}`, { text: randomBytes(15_000).toString('base64') });
  try {
    await store.insert(notes, record, number % 2 === 0 ? 'quick' : 'safe');
    process.stdout.write(`written ${record.id}\n`);
  } catch (error) {
    process.stdout.write(`failed ${asEnergyError(error).parameters['reason'] ?? ''}\n`);
  }
}
process.kill(process.pid, 'SIGKILL');
