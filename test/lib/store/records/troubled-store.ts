import { EnergyError } from '../../../../lib/errors.js';
import type { Durability, RecordKind, RecordStore, StoredRecord } from '../../../../lib/store/records/store.js';

/**
 * What happens to a call: it never arrives (`lost`), it is carried out and the answer gets lost, or it is carried out
 * only when the next call has arrived and overtaken it (`late`); the caller sees an error in each case.
 */
export type Trouble = 'none' | 'lost' | 'answer lost' | 'late';

type Side = 'read' | 'write';
type Interference = () => Promise<unknown>;

function failure(): EnergyError {
  return new EnergyError('storage_failed', 'Trouble made by the test.', { parameters: { reason: 'test' } });
}

/** A real store with troubles on the way to it. */
export class TroubledStore implements RecordStore {
  readonly #store: RecordStore;
  readonly #plans: Record<Side, { trouble: Trouble; first: Interference }[]> = { read: [], write: [] };
  #late: Interference | undefined;
  /** Every call fails without being carried out. */
  broken = false;
  /** Happens before every write. */
  always: Interference | undefined;
  /** The calls that were made. */
  readonly calls: string[] = [];
  /** How safe the writes were to be. */
  readonly durabilities: (Durability | undefined)[] = [];

  constructor(store: RecordStore) {
    this.#store = store;
  }

  /** Plans trouble for the next call of this side that has none; before it, `first` happens. */
  trouble(side: Side, trouble: Trouble, first: Interference = () => Promise.resolve()): void {
    this.#plans[side].push({ trouble, first });
  }

  /** No more trouble. */
  clear(): void {
    this.#plans.read.length = 0;
    this.#plans.write.length = 0;
  }

  async #through<T>(side: Side, name: string, call: () => Promise<T>): Promise<T> {
    this.calls.push(name);
    if (this.broken) throw failure();
    if (side === 'write') await this.always?.();
    const plan = this.#plans[side].shift();
    await plan?.first();
    const trouble = plan?.trouble ?? 'none';
    if (trouble === 'none') return this.#afterwards(side, call);
    if (trouble === 'answer lost') await call();
    // A call on its way arrives while the caller looks whether it did.
    if (trouble === 'late') this.#late = call;
    throw failure();
  }

  /** Carries out a call, and before a read's answer is used, what was late. */
  async #afterwards<T>(side: Side, call: () => Promise<T>): Promise<T> {
    const answer = await call();
    const late = this.#late;
    if (side === 'write' || !late) return answer;
    this.#late = undefined;
    await late();
    return answer;
  }

  get<T>(kind: RecordKind<T>, id: string): Promise<StoredRecord<T> | undefined> {
    return this.#through('read', 'get', () => this.#store.get(kind, id));
  }

  insert<T>(kind: RecordKind<T>, record: StoredRecord<T>, durability?: Durability): Promise<boolean> {
    this.durabilities.push(durability);
    return this.#through('write', 'insert', () => this.#store.insert(kind, record, durability));
  }

  replace<T>(kind: RecordKind<T>, record: StoredRecord<T>, expected: string, durability?: Durability) {
    this.durabilities.push(durability);
    return this.#through('write', 'replace', () => this.#store.replace(kind, record, expected, durability));
  }

  find<T>(kind: RecordKind<T>, index: string, key: string, limit: number): Promise<StoredRecord<T>[]> {
    return this.#through('read', 'find', () => this.#store.find(kind, index, key, limit));
  }

  delete<T>(kind: RecordKind<T>, id: string, expected?: string): Promise<boolean> {
    return this.#through('write', 'delete', () => this.#store.delete(kind, id, expected));
  }

  check(): Promise<void> {
    return this.#store.check();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
