import type { RecordStore } from './store.js';

/** Told how long each operation of a store took and whether it failed. */
export type StoreObserver = (operation: keyof RecordStore, seconds: number, failed: boolean) => void;

/** The store with every operation told to an observer. */
export function observedStore(store: RecordStore, observe: StoreObserver): RecordStore {
  const timed =
    <A extends unknown[], R>(operation: keyof RecordStore, run: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const started = performance.now();
      let failed = true;
      try {
        const result = await run(...given);
        failed = false;
        return result;
      } finally {
        observe(operation, (performance.now() - started) / 1000, failed);
      }
    };
  return {
    get: timed('get', store.get.bind(store)) as RecordStore['get'],
    insert: timed('insert', store.insert.bind(store)) as RecordStore['insert'],
    replace: timed('replace', store.replace.bind(store)) as RecordStore['replace'],
    find: timed('find', store.find.bind(store)) as RecordStore['find'],
    delete: timed('delete', store.delete.bind(store)) as RecordStore['delete'],
    check: timed('check', store.check.bind(store)),
    close: () => store.close(),
  };
}
