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

/** A token as the PHP server kept it. */
export interface EarlierToken {
  readonly token: string;
  readonly usagePoints: readonly string[];
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** The PHP server's entries, as far as the move needs them. */
export interface PhpCache extends EarlierTokens {
  /** Tokens of a kind in their order, expired ones too: those after a token, or a text to compare with, some at most. */
  tokens(type: EarlierTokenType, after: string, limit: number): Promise<readonly EarlierToken[]>;
  /** Removes tokens that were moved over. */
  forgetAll(type: EarlierTokenType, tokens: readonly string[]): Promise<void>;
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
  await cache.createIndexes([{ key: { key: 1 } }]);
  try {
    await cache.createIndexes([{ key: { expireAt: 1 }, expireAfterSeconds: 0 }]);
  } catch (error) {
    // There is one already, with options of its own.
    const { code } = error as { code?: unknown };
    if (code !== otherOptions && code !== otherKeys) throw error;
  }
}

/** The tokens of entries, each once: the PHP server may have written one twice, and the one that lives longest counts. */
function tokensOf(type: EarlierTokenType, entries: readonly CacheEntry[]): EarlierToken[] {
  const longest = new Map<string, EarlierToken>();
  for (const { key, value, expireAt } of entries) {
    const token = key.slice(type.length + 1);
    const found = { token, usagePoints: readUsagePoints(value), expiresAt: readExpiry(expireAt) };
    if (found.expiresAt >= (longest.get(token)?.expiresAt ?? 0)) longest.set(token, found);
  }
  return [...longest.values()];
}

/** Without the last key, of which further entries may follow, unless there is no other. */
function whole(entries: readonly CacheEntry[]): readonly CacheEntry[] {
  const last = entries.at(-1)?.key;
  const others = entries.filter(({ key }) => key !== last);
  return others.length > 0 ? others : entries;
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
      const [found] = tokensOf(type, await this.#entries.find({ key }).toArray());
      if (!found || found.usagePoints.length === 0 || found.expiresAt <= this.#now()) return undefined;
      return { usagePoints: found.usagePoints, expiresAt: found.expiresAt };
    });
  }

  forget(type: EarlierTokenType, token: string): Promise<void> {
    return this.forgetAll(type, [token]);
  }

  forgetAll(type: EarlierTokenType, tokens: readonly string[]): Promise<void> {
    return raising(async () => {
      const keys = tokens.flatMap((token) => tokenKey(type, token) ?? []);
      if (keys.length > 0) await this.#entries.deleteMany({ key: { $in: keys } }, safely);
    });
  }

  tokens(type: EarlierTokenType, after: string, limit: number): Promise<readonly EarlierToken[]> {
    return raising(async () => {
      const filter = { key: { $gt: `${type}:${after}`, $regex: tokenKeys[type] } };
      const found = await this.#entries.find(filter, { sort: { key: 1 }, limit }).toArray();
      return tokensOf(type, found.length < limit ? found : whole(found));
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
