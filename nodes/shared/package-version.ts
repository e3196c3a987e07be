import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageName = '@energy-nodes/node-red-envoy-linky';

/** The version of this package, from its own package.json; `unknown` where that cannot be found. */
export async function packageVersion(): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (dirname(folder) !== folder) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
    const { name, version } = JSON.parse(text) as { name?: string; version?: string };
    if (name === packageName) return version ?? 'unknown';
    folder = dirname(folder);
  }
  return 'unknown';
}
