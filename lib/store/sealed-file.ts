import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EnergyError } from '../errors.js';
import { readIfPresent, removeLeftovers, writeAtomically } from './atomic-file.js';
import type { Sealer } from './sealing.js';

const removedSuffix = '.removed';
const graceMilliseconds = 30 * 24 * 3600 * 1000;

/** One value kept between runs. */
export interface Kept<T> {
  /** The value as last written, `undefined` where there is none that can be used. @throws EnergyError `storage_failed` */
  read(): Promise<T | undefined>;
  /** Keeps the value; resolved once it is safe. @throws EnergyError `storage_failed` */
  write(value: T): Promise<void>;
}

function storageFailed(what: string, cause: unknown): EnergyError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new EnergyError('storage_failed', `The state could not be ${what} disk (${reason}).`, {
    cause,
    parameters: { reason },
  });
}

/**
 * One value in one sealed file. Writes follow one another; of several that wait only the newest is written. A file
 * that cannot be opened any more (another key, damage) is put aside as `*.unreadable` and counts as absent.
 */
export class SealedFile<T> implements Kept<T> {
  readonly #path: string;
  readonly #sealer: () => Promise<Sealer>;
  /** Settles when the write under way has ended, well or not. */
  #writing: Promise<void> = Promise.resolve();
  /** The write that waits for its turn, shared by all whose value it replaces. */
  #waiting: { value: T; readonly written: Promise<void> } | undefined;

  constructor(path: string, sealer: () => Promise<Sealer>) {
    this.#path = path;
    this.#sealer = sealer;
  }

  async read(): Promise<T | undefined> {
    await this.#writing;
    const sealed = await this.#sealed();
    if (!sealed) return undefined;
    try {
      return JSON.parse(await sealed.sealer.open(sealed.text)) as T;
    } catch {
      await rename(this.#path, `${this.#path}.unreadable`).catch(() => undefined);
      return undefined;
    }
  }

  write(value: T): Promise<void> {
    if (this.#waiting) {
      this.#waiting.value = value;
      return this.#waiting.written;
    }
    const written = this.#writing.then(() => this.#flush());
    this.#waiting = { value, written };
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #flush(): Promise<void> {
    const value = this.#waiting?.value;
    this.#waiting = undefined;
    try {
      await writeAtomically(this.#path, await (await this.#sealer()).seal(JSON.stringify(value)));
    } catch (cause) {
      throw storageFailed('written to', cause);
    }
  }

  /** The file's text with what opens it. A file or a key that is out of reach is no reason to give the file up. */
  async #sealed(): Promise<{ text: string; sealer: Sealer } | undefined> {
    try {
      await removeLeftovers(this.#path);
      const text = (await readIfPresent(this.#path)) ?? (await this.#restored());
      return text === undefined ? undefined : { text, sealer: await this.#sealer() };
    } catch (cause) {
      throw storageFailed('read from', cause);
    }
  }

  /**
   * Puts the file aside because its owner was removed; `read` takes it back where the owner returns within 30 days
   * (Node-RED says "removed" also of a node that is only disabled: spec/node-red A7).
   */
  async retire(): Promise<void> {
    await this.#writing;
    const now = new Date();
    // The month counts from now, not from the last write.
    await utimes(this.#path, now, now).catch(() => undefined);
    await rename(this.#path, this.#path + removedSuffix).catch(() => undefined);
    await forgetOld(dirname(this.#path));
  }

  async #restored(): Promise<string | undefined> {
    await rename(this.#path + removedSuffix, this.#path).catch(() => undefined);
    return readIfPresent(this.#path);
  }
}

async function forgetOld(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [] as string[]);
  for (const name of names.filter((each) => each.endsWith(removedSuffix))) {
    const path = join(directory, basename(name));
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > graceMilliseconds) await rm(path, { force: true });
  }
}

/** Keeps a value in memory only, for a Node-RED whose settings are read-only and for trials. */
export function keptInMemory<T>(initial?: T): Kept<T> {
  let current = initial;
  return {
    read: () => Promise.resolve(current),
    write: (value) => {
      current = value;
      return Promise.resolve();
    },
  };
}
