import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BSON, MongoClient } from 'mongodb';
import { mongoDatabase, newDatabaseName, withDatabase } from '../../support/mongodb.js';
import { ProxyWorld, type WorldOptions } from '../../support/proxy-world.js';

/** Starts a world over the store of the suite; it ends with the suite. */
export type OpenWorld = (options?: Omit<WorldOptions, 'store'>) => Promise<ProxyWorld>;

const mongoUris = new WeakMap<ProxyWorld, string>();

/** Customers of each world for `newCustomer`. */
const crowd = 100;
const customersUsed = new WeakMap<ProxyWorld, number>();

/** A customer of the simulator who has not consented yet: Enedis lets nobody share a usage point twice. */
export function newCustomer(world: ProxyWorld): string {
  const number = (customersUsed.get(world) ?? 0) + 1;
  customersUsed.set(world, number);
  return `crowd-${String(number)}`;
}

async function atDatabase<R>(uri: string, use: (client: MongoClient) => Promise<R>): Promise<R> {
  const client = new MongoClient(uri);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

function opener(open: OpenWorld): OpenWorld {
  const worlds: ProxyWorld[] = [];
  after(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    const uris = worlds.flatMap((world) => mongoUris.get(world) ?? []);
    await Promise.all(uris.map((uri) => atDatabase(uri, (client) => client.db().dropDatabase())));
  });
  return async (options) => {
    const world = await open({ ...options, enedis: { crowd, ...options?.enedis } });
    worlds.push(world);
    return world;
  };
}

/**
 * Registers a suite twice: over the embedded store and over MongoDB, the latter skipped loudly where there is no server.
 * `open` is for hooks and tests; each world has a store of its own.
 */
export function overBothStores(suite: (open: OpenWorld) => void): void {
  describe('embedded store', () => {
    suite(opener((options) => ProxyWorld.start({ ...options, store: 'embedded' })));
  });
  describe('MongoDB', () => {
    // Hooks run in this order: the worlds end before their server.
    const open = opener(async (options) => {
      const database = newDatabaseName();
      const mongodb = withDatabase(server().uri, database);
      const world = await ProxyWorld.start({ ...options, store: { mongodb, database } });
      mongoUris.set(world, mongodb);
      return world;
    });
    const server = mongoDatabase();
    suite(open);
  });
}

async function documents(uri: string): Promise<string> {
  return atDatabase(uri, async (client) => {
    const collections = await client.db().collections();
    const found = await Promise.all(collections.map((collection) => collection.find().toArray()));
    return BSON.EJSON.stringify(found);
  });
}

async function files(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const plain = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(plain.map((path) => readFile(path, 'latin1')));
  return [...plain, ...contents].join('\n');
}

/** Everything that the store of a world holds at the moment, as a thief of it would see it. */
export function dumpOf(world: ProxyWorld): Promise<string> {
  const uri = mongoUris.get(world);
  return uri === undefined ? files(world.directory) : documents(uri);
}
