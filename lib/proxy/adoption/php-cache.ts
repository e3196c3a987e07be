import type { Collection, Db, Filter } from 'mongodb';
import { storageError } from '../../store/records/mongodb-errors.js';
import type { EarlierTokens } from '../context.js';
import {
  danceKeys,
  disposableKeys,
  readExpiry,
  readUsagePoints,
  tokenKey,
  tokenKeys,
  type CacheEntry,
  type EarlierTokenType,
} from './php-documents.js';

const collectionName = 'cache';
const safely = { writeConcern: { w: 'majority', journal: true } } as const;
const otherOptions = 85;
const otherKeys = 86;

/** The PHP server's entries, as far as the move needs them. */
export interface PhpCache extends EarlierTokens {
  /** Tokens of a kind in their order: those after a token, or a text to compare with, `limit` at most. */
  tokens(type: EarlierTokenType, after: string, limit: number): Promise<readonly string[]>;
  /**
   * Removes counters, the application's token, and what has expired of consents under way. Those that have not expired
   * are left to the PHP server, which may still be running and complete them.
   */
  tidy(): Promise<void>;
  /** How many entries of the PHP server are left. */
  left(): Promise<number>;
}

async function raising<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error);
  }
}

/**
 * Searches by key would read the whole collection without an index: the PHP server made none. The other one lets the
 * database remove what has expired, which the PHP server wants too.
 */
async function createIndexes(cache: Collection<CacheEntry>): Promise<void> {
  await cache.createIndex({ key: 1 });
  try {
    await cache.createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
  } catch (error) {
    // There is one already, with options of its own.
    const { code } = error as { code?: unknown };
    if (code !== otherOptions && code !== otherKeys) throw error;
  }
}

class Cache implements PhpCache {
  readonly #entries: Collection<CacheEntry>;
  readonly #now: () => number;

  constructor(entries: Collection<CacheEntry>, now: () => number) {
    this.#entries = entries;
    this.#now = now;
  }

  find(type: EarlierTokenType, token: string): ReturnType<EarlierTokens['find']> {
    return raising(async () => {
      const key = tokenKey(type, token);
      if (key === undefined) return undefined;
      const entries = await this.#entries.find({ key }).toArray();
      return entries
        .map(({ value, expireAt }) => ({ usagePoints: readUsagePoints(value), expiresAt: readExpiry(expireAt) }))
        .filter(({ usagePoints, expiresAt }) => usagePoints.length > 0 && expiresAt > this.#now())
        .sort((one, other) => other.expiresAt - one.expiresAt)[0];
    });
  }

  forget(type: EarlierTokenType, token: string): Promise<void> {
    return raising(async () => {
      const key = tokenKey(type, token);
      if (key !== undefined) await this.#entries.deleteMany({ key }, safely);
    });
  }

  tokens(type: EarlierTokenType, after: string, limit: number): Promise<readonly string[]> {
    return raising(async () => {
      const filter = { key: { $gt: `${type}:${after}`, $regex: tokenKeys[type] } };
      const options = { projection: { _id: 0, key: 1 }, sort: { key: 1 }, limit } as const;
      const found = await this.#entries.find(filter, options).toArray();
      return [...new Set(found.map(({ key }) => key.slice(type.length + 1)))];
    });
  }

  tidy(): Promise<void> {
    return raising(async () => {
      const expired = { expireAt: { $lte: new Date(this.#now()) } };
      const filter: Filter<CacheEntry> = { $or: [{ key: disposableKeys }, { key: danceKeys, ...expired }] };
      await this.#entries.deleteMany(filter, safely);
    });
  }

  left(): Promise<number> {
    return raising(() => {
      const known = [...Object.values(tokenKeys), danceKeys, disposableKeys];
      return this.#entries.countDocuments({ $or: known.map((key) => ({ key })) });
    });
  }
}

/**
 * The tokens that the PHP server issued, if it ever used this database (spec/device-flow 2.1); `undefined` where it did
 * not. Searches use an index, which is made first.
 * @throws EnergyError `storage_failed`
 */
export async function adoptPhpCache(database: Db, now: () => number = Date.now): Promise<PhpCache | undefined> {
  return raising(async () => {
    const found = await database.listCollections({ name: collectionName }, { nameOnly: true }).toArray();
    if (found.length === 0) return undefined;
    const entries = database.collection<CacheEntry>(collectionName);
    await createIndexes(entries);
    return new Cache(entries, now);
  });
}
