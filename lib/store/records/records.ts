import { Attempts } from './attempts.js';
import type { Durability, RecordKind, RecordStore, StoredRecord } from './store.js';
import { versionAfter, ledTo } from './versions.js';

/** What a pure transition decides: the record as it should become (absent: it stays as it is), and the answer. */
export interface Change<T, R> {
  readonly next?: T;
  readonly answer: R;
}

/** How a change is carried out. */
export interface ChangeOptions {
  readonly durability?: Durability;
}

/** How records are kept at hand and how long a store in trouble is waited for. */
export interface RecordsOptions {
  /** So many records are remembered, so that a change of one costs a single write; 0 by default. */
  readonly remembered?: number;
  /** A store that fails is tried again for so long, ms; 20 s by default. */
  readonly patience?: number;
  /** Others who change the same record all the time are competed with for so long, ms; 10 s by default. */
  readonly contention?: number;
}

/**
 * Records of one kind, and the one way to change them: a pure transition decides on the record as it is, and a
 * compare-and-set proves that it still was so when the outcome was written. A store that fails leaves open whether a
 * write was carried out; then the version that is found tells, unless so many others wrote since that it names them
 * only.
 */
export class Records<T> {
  readonly #store: RecordStore;
  readonly #kind: RecordKind<T>;
  readonly #capacity: number;
  readonly #patience: number;
  readonly #contention: number;
  /** The last used is last. */
  readonly #remembered = new Map<string, StoredRecord<T>>();

  constructor(store: RecordStore, kind: RecordKind<T>, options: RecordsOptions = {}) {
    this.#store = store;
    this.#kind = kind;
    this.#capacity = options.remembered ?? 0;
    this.#patience = options.patience ?? 20_000;
    this.#contention = options.contention ?? 10_000;
  }

  #attempts(): Attempts {
    return new Attempts(this.#kind.name, this.#patience, this.#contention);
  }

  #remember(record: StoredRecord<T>): void {
    if (this.#capacity === 0) return;
    this.#remembered.delete(record.id);
    this.#remembered.set(record.id, record);
    if (this.#remembered.size <= this.#capacity) return;
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest);
      return;
    }
  }

  async #read(id: string, attempts: Attempts): Promise<StoredRecord<T> | undefined> {
    const record = await attempts.run(() => this.#store.get(this.#kind, id));
    if (record) this.#remember(record);
    else this.#remembered.delete(id);
    return record;
  }

  /** The record as it is now. @throws EnergyError `storage_failed` */
  async get(id: string): Promise<T | undefined> {
    return (await this.#read(id, this.#attempts()))?.value;
  }

  /** Puts a record there if its id is free; `false` where it is taken. @throws EnergyError `storage_failed` */
  async create(id: string, value: T, durability: Durability = 'safe'): Promise<boolean> {
    return this.#write({ id, value, version: versionAfter(undefined) }, undefined, durability, this.#attempts());
  }

  /**
   * Changes a record, or makes it, as `transition` decides, which may be asked several times. Its last answer is
   * given once what it decided is written; the answer to a record that stays as it is was decided on one just read.
   * @throws EnergyError `storage_failed`: the store failed for longer than the patience, or others kept changing the
   * record; whether the change was made is then unknown. What `transition` throws is raised as it is.
   */
  async change<R>(
    id: string,
    transition: (value: T | undefined) => Change<T, R>,
    { durability = 'safe' }: ChangeOptions = {},
  ): Promise<R> {
    const attempts = this.#attempts();
    let record = this.#remembered.get(id);
    let current = record === undefined;
    if (current) record = await this.#read(id, attempts);
    for (;;) {
      const { next, answer } = transition(record?.value);
      if (next === undefined && current) return answer;
      if (next !== undefined) {
        const written = { id, value: next, version: versionAfter(record?.version) };
        if (await this.#write(written, record?.version, durability, attempts)) return answer;
        // A remembered record that is out of date is no sign of a crowd.
        if (current) await attempts.conflicted();
      }
      record = await this.#read(id, attempts);
      current = true;
    }
  }

  /** Writes in the place of the version `expected`, or where nothing is; `false` where something else is there. */
  async #write(
    record: StoredRecord<T>,
    expected: string | undefined,
    durability: Durability,
    attempts: Attempts,
  ): Promise<boolean> {
    for (let uncertain = false; ;) {
      const written = await attempts.once(() => this.#put(record, expected, durability));
      if (written === true) break;
      if (written === false && !uncertain) return false;
      uncertain = true;
      const present = await this.#read(record.id, attempts);
      if (present && ledTo(record.version, present.version)) return true;
      if (present?.version !== expected) return false;
    }
    this.#remember(record);
    return true;
  }

  #put(record: StoredRecord<T>, expected: string | undefined, durability: Durability): Promise<boolean> {
    return expected === undefined
      ? this.#store.insert(this.#kind, record, durability)
      : this.#store.replace(this.#kind, record, expected, durability);
  }

  /** The records that an index has under a key, 1,000 at most if not told. @throws EnergyError `storage_failed` */
  async find(index: string, key: string, limit = 1000): Promise<{ readonly id: string; readonly value: T }[]> {
    const found = await this.#attempts().run(() => this.#store.find(this.#kind, index, key, limit));
    return found.map(({ id, value }) => ({ id, value }));
  }

  /**
   * Removes a record; `false` where there was none. After a failure of the store on the way it is `true` where none is
   * left, since nobody can tell then who removed it. @throws EnergyError `storage_failed`
   */
  async delete(id: string): Promise<boolean> {
    const attempts = this.#attempts();
    this.#remembered.delete(id);
    for (let uncertain = false; ; uncertain = true) {
      const removed = await attempts.once(() => this.#store.delete(this.#kind, id));
      if (removed !== undefined) return removed || uncertain;
    }
  }
}
