import { EnergyError } from '../../../../lib/errors.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';

/** When a write fails: before it was carried out, or after, so that only its acknowledgement is lost. */
export type Moment = 'before' | 'after';

/** A store one of whose writes fails. */
export interface FailingStore {
  readonly store: RecordStore;
  /** How many writes there were. */
  writes(): number;
}

/** A store that does what the one beneath does, except that its write number `nth` (from 1) raises. */
export function failingStore(beneath: RecordStore, nth: number, moment: Moment): FailingStore {
  let writes = 0;
  async function write<R>(task: () => Promise<R>): Promise<R> {
    const fails = ++writes === nth;
    if (fails && moment === 'before') throw new EnergyError('storage_failed', 'The store failed.');
    const result = await task();
    if (fails) throw new EnergyError('storage_failed', 'The acknowledgement was lost.');
    return result;
  }
  return {
    writes: () => writes,
    store: {
      get: (kind, id) => beneath.get(kind, id),
      find: (kind, index, key, limit) => beneath.find(kind, index, key, limit),
      insert: (kind, record, durability) => write(() => beneath.insert(kind, record, durability)),
      replace: (kind, record, expected, durability) => write(() => beneath.replace(kind, record, expected, durability)),
      delete: (kind, id, expected) => write(() => beneath.delete(kind, id, expected)),
      check: () => beneath.check(),
      close: () => beneath.close(),
    },
  };
}
