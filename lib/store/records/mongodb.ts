import type { Collection, Db, MongoClient, MongoClientOptions, WriteConcernSettings } from 'mongodb';
import { EnergyError } from '../../errors.js';
import { loadOptional } from '../optional-package.js';
import { Gathering } from './gathering.js';
import { findEach, replaceEach, type Replacement } from './mongodb-batches.js';
import { documentOf, recordOf, type RecordDocument } from './mongodb-documents.js';
import { addressError, isDuplicateKey, storageError } from './mongodb-errors.js';
import { prepareCollections } from './mongodb-indexes.js';
import type { Durability, RecordKind, RecordStore, StoredRecord } from './store.js';

/** What a MongoDB store is opened with. */
export interface MongoStoreOptions {
  /** Connection string; options in it count, save those that the store needs otherwise. */
  readonly uri: string;
  /** Name of the database; by default the one in the connection string, else `device_flow_proxy`. */
  readonly database?: string;
  /** Kinds whose collections and indexes are prepared. */
  readonly kinds: readonly RecordKind<never>[];
}

/** A store in a MongoDB database, which further things may be kept in. */
export type MongoStore = RecordStore & { readonly database: Db };

const usualDatabase = 'device_flow_proxy';
const checkPatience = 2_000;

/**
 * A write that meets the election of a new primary waits for it and is repeated once; its transaction number keeps it
 * from happening twice.
 */
const fixedOptions: MongoClientOptions = {
  readPreference: 'primary',
  retryReads: true,
  retryWrites: true,
  ignoreUndefined: true,
};

/** What counts unless the connection string says otherwise. Heartbeats end what waits for a server that stands still. */
const usualOptions: MongoClientOptions = {
  appName: 'device-flow-proxy',
  serverSelectionTimeoutMS: 10_000,
  connectTimeoutMS: 5_000,
  heartbeatFrequencyMS: 5_000,
  waitQueueTimeoutMS: 10_000,
};

/**
 * Without a time limit: one that runs out says nothing of the write, which is seen by readers and may be lost
 * nevertheless. A primary that has lost its majority steps down, which ends the waiting.
 */
const writeConcerns: Readonly<Record<Durability, WriteConcernSettings>> = {
  safe: { w: 'majority', journal: true },
  quick: { w: 1 },
};

function namesDatabase(uri: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/[^/?]+\/[^?]/.test(uri);
}

function clientOptions(uri: string): MongoClientOptions {
  const given = [...uri.matchAll(/[?&]([^=&]+)=/g)].map(([, name = '']) => name.toLowerCase());
  const usual = Object.entries(usualOptions).filter(([name]) => !given.includes(name.toLowerCase()));
  return { ...Object.fromEntries(usual), ...fixedOptions };
}

async function createClient(uri: string): Promise<MongoClient> {
  const { MongoClient } = await loadOptional('mongodb', () => import('mongodb'));
  try {
    return new MongoClient(uri, clientOptions(uri));
  } catch {
    throw addressError();
  }
}

/** What is asked of one collection at the same time. */
interface CollectionBatches {
  readonly reads: Gathering<string, RecordDocument | undefined>;
  readonly quickWrites: Gathering<Replacement, boolean>;
}

class DatabaseStore implements MongoStore {
  readonly database: Db;
  readonly #client: MongoClient;
  readonly #batches = new Map<string, CollectionBatches>();
  #closed = false;

  constructor(client: MongoClient, database: Db) {
    this.#client = client;
    this.database = database;
  }

  get<T>(kind: RecordKind<T>, id: string): Promise<StoredRecord<T> | undefined> {
    return this.#run(async () => {
      const found = await this.#batchesOf(kind).reads.ask(id);
      return found && recordOf<T>(found);
    });
  }

  async insert<T>(kind: RecordKind<T>, record: StoredRecord<T>, durability: Durability = 'safe'): Promise<boolean> {
    return this.#run(async () => {
      const { _id, ...document } = documentOf(kind, record);
      const options = { upsert: true, writeConcern: writeConcerns[durability] };
      try {
        // The same write may come again after its answer was lost: it finds itself there, and waits for its majority.
        await this.#collection(kind).replaceOne({ _id, version: record.version }, document, options);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    });
  }

  replace<T>(
    kind: RecordKind<T>,
    record: StoredRecord<T>,
    expected: string,
    durability: Durability = 'safe',
  ): Promise<boolean> {
    return this.#run(async () => {
      const replacement = { document: documentOf(kind, record), expected };
      if (durability === 'quick') return this.#batchesOf(kind).quickWrites.ask(replacement);
      // By itself: whoever waits for a majority is to know for certain whether he wrote.
      const [written = false] = await replaceEach(this.#collection(kind), [replacement], writeConcerns.safe);
      return written;
    });
  }

  find<T>(kind: RecordKind<T>, index: string, key: string, limit: number): Promise<StoredRecord<T>[]> {
    return this.#run(async () => {
      // A limit of 0 means none to the database.
      if (limit < 1) return [];
      const found = await this.#collection(kind)
        .find({ [`keys.${index}`]: key }, { limit, singleBatch: true, batchSize: limit })
        .toArray();
      return found.map((document) => recordOf<T>(document));
    });
  }

  delete<T>(kind: RecordKind<T>, id: string, expected?: string): Promise<boolean> {
    return this.#run(async () => {
      const filter = { _id: id, ...(expected !== undefined && { version: expected }) };
      const { deletedCount } = await this.#collection(kind).deleteOne(filter, { writeConcern: writeConcerns.safe });
      return deletedCount === 1;
    });
  }

  check(): Promise<void> {
    return this.#run(async () => {
      await this.database.command(
        { ping: 1 },
        { signal: AbortSignal.timeout(checkPatience), readPreference: 'primary' },
      );
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.close();
  }

  #batchesOf<T>(kind: RecordKind<T>): CollectionBatches {
    const known = this.#batches.get(kind.name);
    if (known) return known;
    const collection = this.#collection(kind);
    const batches = {
      reads: new Gathering((ids: readonly string[]) => this.#run(() => findEach(collection, ids))),
      quickWrites: new Gathering((replacements: readonly Replacement[]) =>
        this.#run(() => replaceEach(collection, replacements, writeConcerns.quick)),
      ),
    };
    this.#batches.set(kind.name, batches);
    return batches;
  }

  #collection<T>(kind: RecordKind<T>): Collection<RecordDocument> {
    return this.database.collection<RecordDocument>(kind.name);
  }

  async #run<R>(operation: () => Promise<R>): Promise<R> {
    // A closed client would connect anew.
    if (this.#closed)
      throw new EnergyError('storage_failed', 'The store is closed.', { parameters: { reason: 'closed' } });
    try {
      return await operation();
    } catch (error) {
      throw storageError(error);
    }
  }
}

/**
 * Opens a store in a MongoDB database: a standalone server, a replica set or a sharded cluster (spec/device-flow 2.4,
 * 2.5). Every change is one operation of the server, none needs a transaction, and any number of instances may share
 * the database. On a sharded cluster shard every collection by `{ _id: 'hashed' }`.
 *
 * A `safe` write is acknowledged by the majority of the members, in their journals; a `quick` one by the primary.
 * @throws EnergyError `invalid_argument` where the address cannot be understood; `storage_failed` where the database
 * cannot be reached or prepared
 */
export async function openMongoStore({ uri, database, kinds }: MongoStoreOptions): Promise<MongoStore> {
  const client = await createClient(uri);
  try {
    const db = client.db(database ?? (namesDatabase(uri) ? undefined : usualDatabase));
    await prepareCollections(db, kinds);
    return new DatabaseStore(client, db);
  } catch (error) {
    await client.close();
    throw storageError(error);
  }
}
