import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Problem, root } from '../prepare.mjs';

const beside = resolve(root, '../shared');
const toolNames = { player: 'replay-envoy.mjs', comparer: 'compare.mjs' };

/** A path as typed: npm runs scripts in another folder than the one in which it was called. */
function typed(path) {
  const candidates = [process.env.INIT_CWD ?? '.', '.'].map((folder) => resolve(folder, path));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found) throw new Problem(`There is no folder ${candidates[0]}.`);
  return found;
}

function systemsIn(folder) {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'info')))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function recordingsIn(folder) {
  const inside = join(folder, 'envoy-recordings');
  const recordings = existsSync(inside) ? inside : folder;
  if (systemsIn(recordings).length > 0) return recordings;
  throw new Problem(
    `There are no recordings in ${folder}: neither envoy-recordings/SYSTEM/info nor SYSTEM/info is there.`,
  );
}

function expectedFor(recordings, given) {
  const parent = dirname(recordings);
  if (given !== undefined) {
    const folder = typed(given);
    const inside = join(folder, 'envoy-expected');
    return existsSync(inside) ? inside : folder;
  }
  const found = join(parent, 'envoy-expected');
  if (existsSync(found)) return found;
  throw new Problem(`There are no expected values beside ${recordings}: name their folder with --expected DIR.`);
}

function toolIn(folders, name) {
  return folders.map((folder) => join(folder, 'tools', name)).find((path) => existsSync(path));
}

function chosen(systems, only) {
  if (only === undefined) return systems;
  const names = only.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !systems.includes(name));
  if (unknown !== undefined) throw new Problem(`There is no recorded system "${unknown}".`);
  return systems.filter((name) => names.includes(name));
}

function expectedNames(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));
}

/**
 * Where everything is: the folders of recordings and of expected values, the systems to compare, the names of which only
 * one of both is there, and the paths of the player and of the comparer where there are any.
 * @throws Problem
 */
export function findFolders({ directory, expected: givenExpected, only, own }) {
  if (directory === undefined && !existsSync(beside)) {
    throw new Problem('Name the folder that holds envoy-recordings/ and envoy-expected/: npm run conformance -- DIR');
  }
  const given = directory === undefined ? beside : typed(directory);
  const recordings = recordingsIn(given);
  const expected = expectedFor(recordings, givenExpected);
  const systems = chosen(systemsIn(recordings), only);
  const known = expectedNames(expected);
  const places = own ? [] : [given, dirname(recordings), beside];
  return {
    recordings,
    expected,
    systems: systems.filter((name) => known.includes(name)),
    withoutExpected: systems.filter((name) => !known.includes(name)),
    withoutRecording: only === undefined ? known.filter((name) => !systems.includes(name)) : [],
    player: toolIn(places, toolNames.player),
    comparer: toolIn(places, toolNames.comparer),
  };
}
