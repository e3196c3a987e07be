/**
 * A kind of record that a store keeps: JSON documents, each under an id. Ids must spread evenly (hashes, random
 * identifiers), since a sharded cluster distributes by them.
 */
export interface RecordKind<T> {
  /** Name of the collection, lower case with underscores. */
  readonly name: string;
  /** Further keys under which a record is found; they are derived from the value alone. */
  readonly indexes?: Readonly<Record<string, (value: T) => readonly string[]>>;
  /**
   * When the record may be thrown away, ms since the epoch. For garbage collection only: whether a record still counts
   * is decided by whoever reads it. `undefined` keeps it.
   */
  purgeAt(value: T): number | undefined;
}

/** A record as it is stored. */
export interface StoredRecord<T> {
  readonly id: string;
  readonly value: T;
  /** Changes with every write; made by the writer, so that he recognises his own write after a lost answer. */
  readonly version: string;
}

/**
 * How safe a write must be when it is acknowledged: `safe` survives a power cut (embedded) or the loss of the primary
 * (MongoDB, majority); `quick` survives the end of the process and is for what costs nothing when it is lost.
 */
export type Durability = 'safe' | 'quick';

/**
 * What the proxy needs of a store, and all of it (spec/device-flow 2.5). Each method is one atomic operation. A store
 * that cannot be reached raises EnergyError `storage_failed`; whether a write was carried out is then unknown, see
 * `Records`.
 */
export interface RecordStore {
  get<T>(kind: RecordKind<T>, id: string): Promise<StoredRecord<T> | undefined>;
  /** Puts the record there if its id is free; `false` where it is taken. */
  insert<T>(kind: RecordKind<T>, record: StoredRecord<T>, durability?: Durability): Promise<boolean>;
  /** Puts the record in the place of its predecessor if that still has the version `expected`; `false` where not. */
  replace<T>(kind: RecordKind<T>, record: StoredRecord<T>, expected: string, durability?: Durability): Promise<boolean>;
  /** The records that an index has under a key, `limit` at most. */
  find<T>(kind: RecordKind<T>, index: string, key: string, limit: number): Promise<StoredRecord<T>[]>;
  /** Removes a record; with `expected` only if it still has this version. `false` where nothing was removed. */
  delete<T>(kind: RecordKind<T>, id: string, expected?: string): Promise<boolean>;
  /** Resolves where the store works. */
  check(): Promise<void>;
  /** Ends everything; what was acknowledged is kept. */
  close(): Promise<void>;
}
