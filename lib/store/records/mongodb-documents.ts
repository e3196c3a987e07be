import type { RecordKind, StoredRecord } from './store.js';

/** A record as a document. Operators read it, so that times are dates; the names are those of the spec (2.4). */
export interface RecordDocument {
  readonly _id: string;
  readonly version: string;
  /** When the database may throw it away; absent: never. */
  readonly purge_at?: Date;
  /** What it is found by besides its id. */
  readonly keys?: Readonly<Record<string, readonly string[]>>;
  readonly value: unknown;
}

/**
 * Whole numbers from here on up to ten times as much are ms since the epoch (September 2001 to 2286): nothing else that
 * is kept gets that big. Even one that did would come back as it was.
 */
const firstTime = 1e12;

function isTime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= firstTime && (value as number) < 10 * firstTime;
}

/** A JSON value with its times as dates; members that are undefined are left out. */
function withDates(value: unknown): unknown {
  if (isTime(value)) return new Date(value);
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withDates(member)]));
}

/** The JSON value again. */
function withTimes(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTimes(member)]));
}

function purgeDate(at: number | undefined): Date | undefined {
  const date = new Date(at ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The document of a record. */
export function documentOf<T>(kind: RecordKind<T>, { id, value, version }: StoredRecord<T>): RecordDocument {
  const purgeAt = purgeDate(kind.purgeAt(value));
  const indexes = Object.entries(kind.indexes ?? {});
  return {
    _id: id,
    version,
    ...(purgeAt && { purge_at: purgeAt }),
    ...(indexes.length > 0 && {
      keys: Object.fromEntries(indexes.map(([name, keysOf]) => [name, [...new Set(keysOf(value))]])),
    }),
    value: withDates(value),
  };
}

/** The record of a document. */
export function recordOf<T>({ _id, version, value }: RecordDocument): StoredRecord<T> {
  return { id: _id, version, value: withTimes(value) as T };
}
