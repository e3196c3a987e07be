import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

const temporarySuffix = '.tmp';
/** Files of writes that this process has under way. */
const underWay = new Set<string>();

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** The file's text, or `undefined` where there is no such file. Raises any other file system error. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function writeAndSync(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  let handle;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } catch {
    // Windows and some network file systems cannot sync a directory; the rename itself is atomic all the same.
  } finally {
    await handle?.close();
  }
}

async function placed(path: string, text: string, place: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${resolve(path)}.${randomBytes(6).toString('hex')}${temporarySuffix}`;
  underWay.add(temporary);
  try {
    await writeAndSync(temporary, text);
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
    underWay.delete(temporary);
  }
  await syncDirectory(dirname(path));
}

/**
 * Replaces a file as a whole: whoever reads it, also after a crash at any moment, finds the old text or the new one.
 * The file is readable by its owner only. Raises file system errors; the old file is then untouched.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await placed(path, text, (temporary) => rename(temporary, path));
}

/** What file systems without hard links (FAT, some network shares) answer to one. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function createInPlace(path: string, text: string): Promise<boolean> {
  try {
    await writeAndSync(path, text);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Creates a file in one step; `false` where it was there already, which is then left as it is. */
export async function createAtomically(path: string, text: string): Promise<boolean> {
  try {
    await placed(path, text, (temporary) => link(temporary, path));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === undefined || !withoutLinks.has(code)) throw error;
  }
  return createInPlace(path, text);
}

/** Removes what a killed process left of writes to this file. */
export async function removeLeftovers(path: string): Promise<void> {
  const directory = dirname(path);
  const names = await readdir(directory).catch(() => [] as string[]);
  const prefix = `${basename(path)}.`;
  const leftovers = names
    .filter((name) => name.startsWith(prefix) && name.endsWith(temporarySuffix))
    .map((name) => resolve(directory, name))
    .filter((leftover) => !underWay.has(leftover));
  await Promise.all(leftovers.map((leftover) => rm(leftover, { force: true })));
}
