import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EnergyError } from '../../errors.js';
import { keptInMemory, SealedFile, type Kept } from '../../store/sealed-file.js';
import type { Sealer } from '../../store/sealing.js';

/** Where a reader keeps what it read: values by name. */
export interface LinkyStore {
  kept<T>(name: string): Kept<T>;
  /** Removes a value. @throws EnergyError `storage_failed` */
  remove(name: string): Promise<void>;
  /** Removes everything. @throws EnergyError `storage_failed` */
  clear(): Promise<void>;
}

const suffix = '.sealed';

async function removed(removing: Promise<unknown>): Promise<void> {
  try {
    await removing;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const text = `The data read earlier could not be removed from disk (${reason}).`;
    throw new EnergyError('storage_failed', text, { cause, parameters: { reason } });
  }
}

/** Keeps values in sealed files of a directory that belongs to one account alone. */
export function openLinkyDirectory(directory: string, sealer: () => Promise<Sealer>): LinkyStore {
  // One object per file, so that writes of one file follow one another.
  const files = new Map<string, SealedFile<unknown>>();
  const pathOf = (name: string): string => join(directory, name + suffix);
  return {
    kept: <T>(name: string): Kept<T> => {
      const file = files.get(name) ?? new SealedFile<unknown>(pathOf(name), sealer);
      files.set(name, file);
      return file as Kept<unknown> as Kept<T>;
    },
    remove: (name) => {
      files.delete(name);
      return removed(rm(pathOf(name), { force: true }));
    },
    clear: async () => {
      files.clear();
      await removed(mkdir(directory, { recursive: true, mode: 0o700 }));
      const names = await readdir(directory).catch(() => [] as string[]);
      const own = names.filter((name) => name.includes(suffix));
      await removed(Promise.all(own.map((name) => rm(join(directory, name), { force: true }))));
    },
  };
}

/** Keeps values in memory only, for a Node-RED whose settings are read-only and for trials. */
export function linkyMemory(): LinkyStore {
  const values = new Map<string, Kept<unknown>>();
  return {
    kept: <T>(name: string): Kept<T> => {
      const value = values.get(name) ?? keptInMemory<unknown>();
      values.set(name, value);
      return value as Kept<T>;
    },
    remove: (name) => {
      values.delete(name);
      return Promise.resolve();
    },
    clear: () => {
      values.clear();
      return Promise.resolve();
    },
  };
}
