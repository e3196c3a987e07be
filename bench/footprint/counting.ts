import type { Durability, RecordKind, RecordStore } from '../../lib/store/records/store.js';

/** Operations of a store by what they do. */
export interface Operations {
  reads: number;
  finds: number;
  /** Writes that wait for the disk, or for the majority of a replica set. */
  safe: number;
  /** Writes that do not. */
  quick: number;
}

/** No operations. */
export function none(): Operations {
  return { reads: 0, finds: 0, safe: 0, quick: 0 };
}

/** A store whose operations are counted. */
export interface CountedStore {
  readonly store: RecordStore;
  /** Since the last time that it was asked, by the name of the collection. */
  taken(): ReadonlyMap<string, Operations>;
}

/** Counts what goes to a store. */
export function countedStore(store: RecordStore): CountedStore {
  let counts = new Map<string, Operations>();
  const of = ({ name }: RecordKind<never>): Operations => {
    const known = counts.get(name) ?? none();
    counts.set(name, known);
    return known;
  };
  const write = (kind: RecordKind<never>, durability: Durability = 'safe'): void => {
    of(kind)[durability]++;
  };
  const counted: RecordStore = {
    get(kind, id) {
      of(kind).reads++;
      return store.get(kind, id);
    },
    insert(kind, record, durability) {
      write(kind, durability);
      return store.insert(kind, record, durability);
    },
    replace(kind, record, expected, durability) {
      write(kind, durability);
      return store.replace(kind, record, expected, durability);
    },
    find(kind, index, key, limit) {
      of(kind).finds++;
      return store.find(kind, index, key, limit);
    },
    delete(kind, id, expected) {
      write(kind);
      return store.delete(kind, id, expected);
    },
    check: () => store.check(),
    close: () => store.close(),
  };
  return {
    store: counted,
    taken() {
      const taken = counts;
      counts = new Map();
      return taken;
    },
  };
}
