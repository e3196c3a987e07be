import type { Durability, RecordKind, RecordStore } from './store.js';

/** What a pure transition decides: the record as it should become (absent: it stays as it is), and the answer. */
export interface Change<T, R> {
  readonly next?: T;
  readonly answer: R;
}

/** How a change is carried out. */
export interface ChangeOptions {
  readonly durability?: Durability;
}

/** Placeholder until the helper writes it. */
export declare class Records<T> {
  constructor(store: RecordStore, kind: RecordKind<T>, options?: { readonly remembered?: number });
  get(id: string): Promise<T | undefined>;
  create(id: string, value: T, durability?: Durability): Promise<boolean>;
  change<R>(id: string, transition: (value: T | undefined) => Change<T, R>, options?: ChangeOptions): Promise<R>;
  find(index: string, key: string, limit?: number): Promise<{ readonly id: string; readonly value: T }[]>;
  delete(id: string): Promise<boolean>;
}
