/**
 * The pairs of Node-RED and Node that the package is tested on; what is not installed here is fetched once and kept. As a
 * command it fetches all of them and prints where they are:
 *   node scripts/platforms.mjs
 */
import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolders, writableCache } from './cache.mjs';
import { npm, Problem, root, run } from './prepare.mjs';

/**
 * By name: the version of Node-RED, and that of Node where it is not the one that runs this. 22.9.0 is the oldest Node
 * of Node-RED 5.
 */
export const platforms = {
  4.1: { nodeRed: '4.1.15' },
  '5.0': { nodeRed: '5.0.7', node: '24.21.0' },
  '5.0-node-22.9': { nodeRed: '5.0.7', node: '22.9.0' },
};

const fetching = new Map();

/** The packages `specifications` in a folder of their own below the cache. @returns its `node_modules` */
function fetched(name, ...specifications) {
  const known = fetching.get(name) ?? fetch(name, specifications);
  fetching.set(name, known);
  return known;
}

async function fetch(name, specifications) {
  const found = cacheFolders('platforms').find((folder) => existsSync(join(folder, name, 'complete')));
  if (found) return join(found, name, 'node_modules');
  const cache = await writableCache('platforms');
  const folder = await mkdtemp(join(cache, 'get-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false', '--prefer-offline'];
    await npm(['install', ...options, ...specifications], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    await writeFile(join(folder, 'complete'), '');
    await settle(folder, join(cache, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return join(cache, name, 'node_modules');
}

/** Gives a folder its final name, unless another process was quicker. */
async function settle(folder, target) {
  try {
    await rename(folder, target);
  } catch (error) {
    if (!existsSync(join(target, 'complete'))) throw error;
  }
}

/** The program of one version of Node, from the packages that the npm package `node` is made of. */
async function nodeProgram(version) {
  if (process.version === `v${version}`) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = await fetched(`node-${version}`, `${name}@${version}`);
  return join(folder, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

async function nodeRedFolder(version) {
  const require = createRequire(join(root, 'package.json'));
  const installed = require('node-red/package.json');
  if (installed.version === version) return dirname(require.resolve('node-red/package.json'));
  return join(await fetched(`node-red-${version}`, `node-red@${version}`), 'node-red');
}

/**
 * One pair, ready to run: the program `node` and the folder `nodeRed` of the package node-red.
 * @throws Problem where there is none of that name, or it cannot be fetched
 */
export async function findPlatform(name) {
  const wanted = platforms[name];
  if (!wanted) throw new Problem(`There is no platform ${name}: it is one of ${Object.keys(platforms).join(', ')}.`);
  try {
    const node = wanted.node ? await nodeProgram(wanted.node) : process.execPath;
    return { name, node, nodeRed: await nodeRedFolder(wanted.nodeRed), version: wanted.nodeRed };
  } catch (error) {
    throw new Problem(`Node-RED ${wanted.nodeRed} on Node ${wanted.node ?? process.version}: ${error.message}`);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await run(async () => {
    for (const name of Object.keys(platforms)) {
      const { node, nodeRed } = await findPlatform(name);
      console.log(`${name}: ${node} ${nodeRed}`);
    }
  });
}
