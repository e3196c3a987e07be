import { resolve } from 'node:path';
import { Commits } from './embedded/commits.js';
import { Database } from './embedded/database.js';
import type { Repair } from './embedded/files.js';
import { GarbageCollector } from './embedded/garbage.js';
import { indexRange, packRecord, readRecord, recordKey, type Packed } from './embedded/layout.js';
import type { Durability, RecordKind, RecordStore, StoredRecord } from './store.js';

export type { Repair } from './embedded/files.js';

/** What the embedded store needs. */
export interface EmbeddedStoreOptions {
  /** Directory of its own; it is made where it is missing, and readable by its owner only. */
  readonly directory: string;
  /** ms since the epoch; decides what may be thrown away. */
  readonly now?: () => number;
  /** Called when the store was found damaged, for instance by a power cut, and repaired. */
  readonly onRepaired?: (repair: Repair) => void;
}

/** The embedded store: a RecordStore for one process. */
export interface EmbeddedStore extends RecordStore {
  /** Throws away all that may go; resolves with the number of records. Otherwise this happens by itself in time. */
  collectGarbage(): Promise<number>;
}

class LevelStore implements EmbeddedStore {
  readonly #database: Database;
  readonly #commits: Commits;
  readonly #garbage: GarbageCollector;
  #closing: Promise<void> | undefined;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#commits = new Commits(database);
    this.#garbage = new GarbageCollector(database, this.#commits, now);
  }

  start(): Promise<void> {
    return this.#garbage.start();
  }

  async get<T>(kind: RecordKind<T>, id: string): Promise<StoredRecord<T> | undefined> {
    // Reading in this thread takes some µs; a thread of its own takes longer to be woken.
    return this.#database.read((level) => {
      const text = level.getSync(recordKey(kind.name, id));
      return Promise.resolve(text === undefined ? undefined : readRecord<T>(id, text));
    });
  }

  async #put(kind: string, id: string, next: Packed, expected: string | undefined, durability: Durability) {
    const decide = (current: { readonly version: string } | undefined) =>
      current?.version === expected ? { answer: true, next } : { answer: false };
    try {
      return await this.#commits.run({ kind, id, decide }, durability, next.body.length);
    } finally {
      // Only now: what is noted before it is written could be passed over by the collector.
      const { purgeAt } = next.head;
      if (purgeAt !== undefined) this.#garbage.note(purgeAt);
    }
  }

  async insert<T>(kind: RecordKind<T>, record: StoredRecord<T>, durability: Durability = 'safe'): Promise<boolean> {
    return this.#put(kind.name, record.id, packRecord(kind, record), undefined, durability);
  }

  async replace<T>(
    kind: RecordKind<T>,
    record: StoredRecord<T>,
    expected: string,
    durability: Durability = 'safe',
  ): Promise<boolean> {
    return this.#put(kind.name, record.id, packRecord(kind, record), expected, durability);
  }

  async find<T>(kind: RecordKind<T>, index: string, key: string, limit: number): Promise<StoredRecord<T>[]> {
    const range = indexRange(kind.name, index, key);
    return this.#database.read(async (level) => {
      const snapshot = level.snapshot();
      try {
        const entries = await level.keys({ ...range, limit, snapshot }).all();
        return entries.flatMap((entry) => {
          const id = entry.slice(range.gte.length);
          const text = level.getSync(recordKey(kind.name, id), { snapshot });
          return text === undefined ? [] : [readRecord<T>(id, text)];
        });
      } finally {
        await snapshot.close();
      }
    });
  }

  async delete<T>(kind: RecordKind<T>, id: string, expected?: string): Promise<boolean> {
    const write = {
      kind: kind.name,
      id,
      decide: (current: { readonly version: string } | undefined) =>
        current === undefined || (expected !== undefined && current.version !== expected)
          ? { answer: false }
          : { answer: true, next: 'remove' as const },
    };
    return this.#commits.run(write, 'safe', id.length);
  }

  async check(): Promise<void> {
    await this.#database.ready();
    await this.#database.read((level) => level.get('check'));
  }

  collectGarbage(): Promise<number> {
    return this.#garbage.collect();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#garbage.stop();
    await this.#commits.finish();
    await this.#database.close();
  }
}

/**
 * Opens the embedded store: LevelDB in one directory, for one process. The cost of an operation does not depend on
 * the number of records. An acknowledged write survives the end of the process, a `safe` one also a power cut.
 * @throws EnergyError `storage_failed`: the directory is in use, not writable, or damaged beyond repair
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { now = Date.now, onRepaired = () => undefined } = options;
  const database = await Database.open(resolve(options.directory), onRepaired);
  const store = new LevelStore(database, now);
  try {
    await store.start();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}
