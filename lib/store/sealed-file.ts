import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EnergyError } from '../errors.js';
import { readIfPresent, removeLeftovers, writeAtomically } from './atomic-file.js';
import type { Sealer } from './sealing.js';

const removedSuffix = '.removed';
const graceMilliseconds = 30 * 24 * 3600 * 1000;

/** One value kept between runs. */
export interface Kept<T> {
  /** The value as last written, `undefined` where there is none that can be used. */
  read(): Promise<T | undefined>;
  /** Keeps the value; resolved once it is safe. @throws EnergyError `storage_failed` */
  write(value: T): Promise<void>;
}

/**
 * One value in one sealed file. Writes follow one another; of several that wait only the newest is written. A file
 * that cannot be opened any more (another key, damage) is put aside as `*.unreadable` and counts as absent.
 */
export class SealedFile<T> implements Kept<T> {
  readonly #path: string;
  readonly #sealer: () => Promise<Sealer>;
  #writing: Promise<void> = Promise.resolve();
  #next: { value: T } | undefined;

  constructor(path: string, sealer: () => Promise<Sealer>) {
    this.#path = path;
    this.#sealer = sealer;
  }

  async read(): Promise<T | undefined> {
    await removeLeftovers(this.#path);
    const sealed = (await readIfPresent(this.#path)) ?? (await this.#restored());
    if (sealed === undefined) return undefined;
    try {
      return JSON.parse(await (await this.#sealer()).open(sealed)) as T;
    } catch {
      await rename(this.#path, `${this.#path}.unreadable`).catch(() => undefined);
      return undefined;
    }
  }

  write(value: T): Promise<void> {
    this.#next = { value };
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#flush());
    return this.#writing;
  }

  async #flush(): Promise<void> {
    const next = this.#next;
    if (!next) return;
    this.#next = undefined;
    try {
      await writeAtomically(this.#path, await (await this.#sealer()).seal(JSON.stringify(next.value)));
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new EnergyError('storage_failed', `The state could not be written to disk (${reason}).`, {
        cause,
        parameters: { reason },
      });
    }
  }

  /**
   * Puts the file aside because its owner was removed; `read` takes it back where the owner returns within 30 days
   * (Node-RED says "removed" also of a node that is only disabled: spec/node-red A7).
   */
  async retire(): Promise<void> {
    await this.#writing.catch(() => undefined);
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
