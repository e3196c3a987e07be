import type { RecordKind, StoredRecord } from '../store.js';

/**
 * How records lie in the database. All keys are text:
 *
 * - `r:kind:id` holds a record: one line with its head, and behind it the value as JSON;
 * - `i:kind:index:length:key:id` is one entry of an index, `length` being that of the key, which may hold any letter;
 * - `p:time:kind:id` says when a record may go, the time with 16 digits so that entries are in the order of time.
 */
export interface Packed {
  readonly head: Head;
  /** The value, JSON. */
  readonly body: string;
}

/** What a record carries besides its value, so that a write need not read the value of its predecessor. */
export interface Head {
  readonly version: string;
  /** When it may go, ms since the epoch. */
  readonly purgeAt?: number;
  /** Its entries in the indexes, as they were written: name of the index and key. */
  readonly entries?: readonly (readonly [string, string])[];
}

/** One step of a batch of LevelDB. */
export type Step =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** An entry of the purge index, read. */
export interface Due {
  readonly at: number;
  readonly kind: string;
  readonly id: string;
}

/** The beginning of every key of records. */
export const recordPrefix = 'r:';

/** The key of a record. */
export function recordKey(kind: string, id: string): string {
  return `${recordPrefix}${kind}:${id}`;
}

/** Where the entries of an index under a key begin (`gte`) and end (`lt`). */
export function indexRange(kind: string, index: string, key: string): { readonly gte: string; readonly lt: string } {
  const start = `i:${kind}:${index}:${key.length}:${key}`;
  return { gte: `${start}:`, lt: `${start};` };
}

/** Where the entries of everything but records begin and end. */
export const entryRange = { gte: 'i:', lt: 'q' } as const;

/** The start of the purge index at a time: every entry before it is due earlier. */
export function purgeBound(at: number): string {
  return `p:${Math.min(Math.max(0, Math.ceil(at)), Number.MAX_SAFE_INTEGER)
    .toString()
    .padStart(16, '0')}`;
}

function purgeKey(at: number, kind: string, id: string): string {
  return `${purgeBound(at)}:${kind}:${id}`;
}

/** Kind and id of a record's key. */
export function readRecordKey(key: string): { readonly kind: string; readonly id: string } {
  const end = key.indexOf(':', recordPrefix.length);
  return { kind: key.slice(recordPrefix.length, end), id: key.slice(end + 1) };
}

/** Reads a key of the purge index. */
export function readPurgeKey(key: string): Due {
  const end = key.indexOf(':', 19);
  return { at: Number(key.slice(2, 18)), kind: key.slice(19, end), id: key.slice(end + 1) };
}

/** The keys of a record's entries in the indexes, the purge index among them. */
export function entryKeys(kind: string, id: string, head: Head): string[] {
  const keys = (head.entries ?? []).map(([index, key]) => indexRange(kind, index, key).gte + id);
  if (head.purgeAt !== undefined) keys.push(purgeKey(head.purgeAt, kind, id));
  return keys;
}

function distinct(keys: readonly string[]): string[] {
  return keys.length < 2 ? [...keys] : [...new Set(keys)];
}

/** A record as it is to be written. */
export function packRecord<T>(kind: RecordKind<T>, { value, version }: StoredRecord<T>): Packed {
  const purgeAt = kind.purgeAt(value);
  const entries = Object.entries(kind.indexes ?? {}).flatMap(([index, keysOf]) =>
    distinct(keysOf(value)).map((key) => [index, key] as const),
  );
  const head: Head = {
    version,
    ...(purgeAt === undefined || !Number.isFinite(purgeAt) ? {} : { purgeAt: Math.max(0, Math.ceil(purgeAt)) }),
    ...(entries.length === 0 ? {} : { entries }),
  };
  return { head, body: JSON.stringify(value) };
}

/** The head of a record as it was read. Raises SyntaxError where the text is damaged. */
export function readHead(text: string): Head {
  return JSON.parse(text.slice(0, text.indexOf('\n'))) as Head;
}

/** A record as it was read. Raises SyntaxError where the text is damaged. */
export function readRecord<T>(id: string, text: string): StoredRecord<T> {
  const value = JSON.parse(text.slice(text.indexOf('\n') + 1)) as T;
  return { id, value, version: readHead(text).version };
}

/** The text under which a record is kept. */
function recordText({ head, body }: Packed): string {
  return `${JSON.stringify(head)}\n${body}`;
}

/** The steps that put `next` in the place of `current`; without `next` the record goes. Equal entries stay untouched. */
export function stepsOf(kind: string, id: string, current: Head | undefined, next: Packed | undefined): Step[] {
  const before = current ? entryKeys(kind, id, current) : [];
  const after = next ? entryKeys(kind, id, next.head) : [];
  const key = recordKey(kind, id);
  return [
    ...before.filter((entry) => !after.includes(entry)).map((entry): Step => ({ type: 'del', key: entry })),
    ...after.filter((entry) => !before.includes(entry)).map((entry): Step => ({ type: 'put', key: entry, value: '' })),
    next ? { type: 'put', key, value: recordText(next) } : { type: 'del', key },
  ];
}
