import { chmod, mkdir, readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { EnergyError } from '../../../errors.js';
import { loadOptional } from '../../optional-package.js';

/** A database of LevelDB with text under text. */
export type Level = ClassicLevel;

/** Read cache, bytes. */
const cacheSize = 16 * 1024 * 1024;

/**
 * What is written is sorted into the files when it has become so much, bytes: four times what LevelDB does by itself.
 * With many records that costs a third less, and the slowest writes take a third of the time.
 */
const writeBufferSize = 16 * 1024 * 1024;

/** What the operator is told of a repair. */
export interface Repair {
  /** The directory of the store. */
  readonly directory: string;
  /** What was wrong, in the words of LevelDB. */
  readonly reason: string;
  /** Where the files that could not be used lie now. */
  readonly remains: string;
}

/** Letters of an error's `code` here and underneath. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = (error as NodeJS.ErrnoException).code;
  return [...(code === undefined ? [] : [code]), ...codesOf(error.cause)];
}

function reasonOf(error: unknown): string {
  const innermost = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return innermost instanceof Error ? innermost.message : String(innermost);
}

/** An error of the store in `directory` while it did `what`, with what to do about it. */
export function storeError(directory: string, what: 'opened' | 'read' | 'written', cause: unknown): EnergyError {
  if (cause instanceof EnergyError) return cause;
  const codes = codesOf(cause);
  const text = reasonOf(cause);
  const begin = `The store in ${directory} cannot be ${what}: `;
  const of = (reason: string, explanation: string) =>
    new EnergyError('storage_failed', begin + explanation, { cause, parameters: { directory, reason } });
  if (codes.includes('LEVEL_LOCKED')) {
    return of('locked', 'another process uses it. Stop that process, or give each its own directory.');
  }
  if (codes.some((code) => code === 'EACCES' || code === 'EPERM') || /permission denied/i.test(text)) {
    return of('forbidden', 'this user may not write there. Change the owner of the directory, or choose another one.');
  }
  if (codes.includes('ENOSPC') || /no space left|file too large|disk quota/i.test(text)) {
    return of('full', 'the disk is full. Free some space; the store then goes on by itself.');
  }
  if (codes.includes('LEVEL_CORRUPTION') || cause instanceof SyntaxError) {
    return of('damaged', `it is damaged (${text}). Restart it to have it repaired, or put a backup in its place.`);
  }
  return of('failed', text);
}

/** Raised by a store that was closed. */
export function closedError(directory: string): EnergyError {
  const parameters = { directory, reason: 'closed' };
  return new EnergyError('storage_failed', `The store in ${directory} is closed.`, { parameters });
}

/** Whether the disk has so little room left that LevelDB cannot even start; `false` where this is not known. */
export async function isDiskFull(directory: string): Promise<boolean> {
  const neededBytes = 8 * 1024 * 1024;
  const room = await statfs(directory).catch(() => undefined);
  return room !== undefined && room.bavail * room.bsize < neededBytes;
}

/** Makes the directory, for its owner only. */
async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // A mounted volume may belong to somebody else; then its owner decides.
  await chmod(directory, 0o700).catch(() => undefined);
}

/**
 * What is wrong with the files at first sight. LevelDB would start anew, and throw away all it finds, where the file
 * `CURRENT` is gone; and it does not call it damage where the file that this one names is gone.
 */
async function visibleDamage(directory: string): Promise<string | undefined> {
  const names = await readdir(directory);
  if (!names.includes('CURRENT')) {
    return names.some((name) => /^MANIFEST-|\.(ldb|sst|log)$/.test(name)) ? 'the file CURRENT is missing' : undefined;
  }
  const manifest = (await readFile(join(directory, 'CURRENT'), 'utf8')).trim();
  return names.includes(manifest) ? undefined : 'the file that CURRENT names is missing';
}

const loadLevel = () => loadOptional('classic-level', () => import('classic-level'));

/** Opens LevelDB in a directory. Raises its errors and those of the file system. */
export async function openLevel(directory: string): Promise<Level> {
  const { ClassicLevel } = await loadLevel();
  const options = { keyEncoding: 'utf8', valueEncoding: 'utf8', cacheSize, writeBufferSize };
  const level: Level = new ClassicLevel(directory, options);
  await level.open();
  return level;
}

/**
 * Opens LevelDB; a damaged database is repaired once: LevelDB keeps every table it can read and moves the files that
 * it cannot use to the folder `lost`. @throws EnergyError `storage_failed`
 */
export async function openOrRepair(directory: string): Promise<{ level: Level; repair: Repair | undefined }> {
  try {
    await makeDirectory(directory);
    let reason = await visibleDamage(directory);
    if (reason === undefined) {
      try {
        return { level: await openLevel(directory), repair: undefined };
      } catch (error) {
        if (!codesOf(error).includes('LEVEL_CORRUPTION')) throw error;
        reason = reasonOf(error);
      }
    }
    const { ClassicLevel } = await loadLevel();
    await ClassicLevel.repair(directory);
    return { level: await openLevel(directory), repair: { directory, reason, remains: join(directory, 'lost') } };
  } catch (error) {
    throw storeError(directory, 'opened', error);
  }
}
