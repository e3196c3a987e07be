import type { RecordStore } from './store.js';

/** Told how long each operation of a store took and whether it failed. */
export type StoreObserver = (operation: keyof RecordStore, seconds: number, failed: boolean) => void;

/** The store with every operation told to an observer. */
export function observedStore(store: RecordStore, observe: StoreObserver): RecordStore {
  async function timed<R>(operation: keyof RecordStore, run: () => Promise<R>): Promise<R> {
    const started = performance.now();
    let failed = true;
    try {
      const result = await run();
      failed = false;
      return result;
    } finally {
      observe(operation, (performance.now() - started) / 1000, failed);
    }
  }
  return {
    get: (kind, id) => timed('get', () => store.get(kind, id)),
    insert: (kind, record, durability) => timed('insert', () => store.insert(kind, record, durability)),
    replace: (kind, record, expected, durability) =>
      timed('replace', () => store.replace(kind, record, expected, durability)),
    find: (kind, index, key, limit) => timed('find', () => store.find(kind, index, key, limit)),
    delete: (kind, id, expected) => timed('delete', () => store.delete(kind, id, expected)),
    check: () => timed('check', () => store.check()),
    close: () => store.close(),
  };
}
