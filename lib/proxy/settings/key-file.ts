import { join } from 'node:path';
import { keyFromFile } from '../../store/sealing.js';
import { keysFromSecret } from './keys.js';
import type { KeySettings } from './settings.js';

/**
 * Keys from a file beside the embedded store (`proxy.key`, readable by its owner only), made at the first start.
 * Without this file nothing that is stored can be used: it belongs into the backup.
 */
export async function keysBesideStore(directory: string): Promise<KeySettings> {
  const { bytes } = await keyFromFile(join(directory, 'proxy.key'));
  return keysFromSecret(Buffer.from(bytes).toString('base64url'));
}
