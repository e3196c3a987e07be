import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../prepare.mjs';

/** Everything simulated listens here. */
export const address = '127.0.0.1';

/** A module of the simulator, as the build made it. */
export function built(path) {
  return import(pathToFileURL(join(root, 'dist/simulator', path)).href);
}

/** Starts at the port of the last time, or at any other one where somebody else has taken it since. */
export async function startAtPort(port, start) {
  try {
    return await start(port);
  } catch (error) {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    return start(0);
  }
}

/** Stops simulators. */
export async function closeAll(simulators) {
  await Promise.all(simulators.map((each) => each.close()));
}
