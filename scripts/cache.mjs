import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

function userCache() {
  const { XDG_CACHE_HOME: given, LOCALAPPDATA: local } = process.env;
  if (given) return given;
  if (process.platform === 'win32' && local) return local;
  return process.platform === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache');
}

/** Folders for what was fetched of one kind, in the order in which they are tried; nobody else may write to any of them. */
export function cacheFolders(kind) {
  return [join(userCache(), 'energy-nodes', kind), join(root, 'node_modules/.cache/energy-nodes', kind)];
}

/** The first of these folders that can be written to. @throws Error where none can */
export async function writableCache(kind) {
  for (const folder of cacheFolders(kind)) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rm(await mkdtemp(join(folder, 'try-')), { recursive: true });
      return folder;
    } catch {
      // The next one, then.
    }
  }
  throw new Error('there is no folder to keep it in');
}
