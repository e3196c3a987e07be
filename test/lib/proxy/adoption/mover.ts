import { moveOver } from '../../../../lib/proxy/adoption/move-over.js';
import { adoptPhpCache } from '../../../../lib/proxy/adoption/php-cache.js';
import { openInstance } from './php-server.js';

const [uri = ''] = process.argv.slice(2);
const { store, context } = await openInstance(uri);
const cache = await adoptPhpCache(store.database);
if (!cache) throw new Error('There is nothing to move.');
await moveOver(context, cache);
await store.close();
