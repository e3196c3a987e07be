import { randomBytes } from 'node:crypto';
import type { RecordKind, StoredRecord } from '../../../../lib/store/records/store.js';

/** A record of the tests. */
export interface Note {
  readonly text: string;
  readonly tags: readonly string[];
  readonly owner?: string;
  readonly purgeAt?: number;
  readonly more?: unknown;
}

/** The kind of record the tests work with. */
export const notes: RecordKind<Note> = {
  name: 'test_notes',
  indexes: { tag: ({ tags }) => tags, owner: ({ owner }) => (owner === undefined ? [] : [owner]) },
  purgeAt: ({ purgeAt }) => purgeAt,
};

/** Another kind, whose ids are its own. */
export const otherNotes: RecordKind<Note> = { name: 'test_other_notes', purgeAt: () => undefined };

/** The kinds for which a store of the tests is opened. */
export const testKinds = [notes, otherNotes] as readonly RecordKind<never>[];

/** A text that no other test uses. */
export function unique(): string {
  return randomBytes(9).toString('base64url');
}

/** A record of the tests with a version of its own. */
export function stored(id: string, note: Partial<Note> = {}): StoredRecord<Note> {
  return { id, value: { text: 'a note', tags: [], ...note }, version: unique() };
}

/** Their ids, in order. */
export function ids(found: readonly StoredRecord<Note>[]): string[] {
  return found.map(({ id }) => id).sort();
}
