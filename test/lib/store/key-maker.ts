import { once } from 'node:events';
import { keyFromFile } from '../../../lib/store/sealing.js';

// Waits for the starting signal on its input, then takes the key and says which one it got.
const [path = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const key = await keyFromFile(path);
process.stdout.write(`${Buffer.from(key.bytes).toString('hex')}\n`);
process.exit(0);
