import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { findMongod } from '../../scripts/mongodb.mjs';
import { startMongod, type MongodProcess } from './mongodb/process.js';
import { startReplicaSet, type ReplicaSet } from './mongodb/replica-set.js';

export { startMongod, type MongodProcess } from './mongodb/process.js';
export { type ReplicaSet } from './mongodb/replica-set.js';

/** A standalone server that tests share. */
export interface MongoServer {
  readonly uri: string;
  /** Lets go of the server; it ends when nobody of this process holds it. */
  stop(): Promise<void>;
}

/** A database of its own for a suite. */
export interface TestDatabase {
  /** With the name of the database. */
  readonly uri: string;
  readonly name: string;
}

let shared: Promise<MongodProcess> | undefined;
let holders = 0;

/** The address of the server of `MONGODB_URI`, or else of one that is started for all suites of this process. */
export async function startMongo(): Promise<MongoServer> {
  const given = process.env['MONGODB_URI'];
  if (given) return { uri: given, stop: () => Promise.resolve() };
  holders++;
  shared ??= startMongod();
  let held = true;
  const stop = async (): Promise<void> => {
    if (!held) return;
    held = false;
    if (--holders > 0) return;
    const ending = shared;
    shared = undefined;
    await (await ending)?.stop();
  };
  try {
    return { uri: `mongodb://${(await shared).address}/`, stop };
  } catch (error) {
    held = false;
    holders--;
    shared = undefined;
    throw error;
  }
}

/** A name for a database that no other suite uses. */
export function newDatabaseName(): string {
  return `test_${randomBytes(8).toString('hex')}`;
}

/** The address with another database in it. */
export function withDatabase(uri: string, name: string): string {
  const [, hosts = '', options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  return `${hosts}/${name}${options}`;
}

async function drop(uri: string): Promise<void> {
  const client = new MongoClient(uri);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

/** Getting a server for the first time may mean fetching one, ms. */
const fetchPatience = 400_000;

/**
 * Skips the suite where no server can be had: loudly, and not at all with `REQUIRE_MONGODB=1`, where that is a failure.
 * `own`: a server of `MONGODB_URI` does not do, since the suite kills its own.
 */
async function available(context: Mocha.Context, own: boolean): Promise<void> {
  context.timeout(fetchPatience);
  if (!own && process.env['MONGODB_URI']) return;
  try {
    await findMongod();
  } catch (error) {
    if (process.env['REQUIRE_MONGODB'] === '1') throw error;
    console.warn(`\nSKIPPED, since there is no MongoDB: ${context.test?.parent?.fullTitle() ?? ''}\n${String(error)}`);
    context.skip();
  }
}

/** Gives the suite that calls this a database of its own on the shared server, and drops it at the end. */
export function mongoDatabase(): () => TestDatabase {
  let server: MongoServer | undefined;
  let database: TestDatabase | undefined;
  before(async function () {
    await available(this, false);
    server = await startMongo();
    const name = newDatabaseName();
    database = { uri: withDatabase(server.uri, name), name };
  });
  after(async () => {
    if (database && process.env['MONGODB_URI']) await drop(database.uri);
    await server?.stop();
  });
  return () => {
    if (!database) throw new Error('There is no database before the suite has begun.');
    return database;
  };
}

/** Gives the suite that calls this a server for itself, to be killed and restarted. */
export function ownMongod(): () => MongodProcess {
  let server: MongodProcess | undefined;
  before(async function () {
    await available(this, true);
    server = await startMongod();
  });
  after(() => server?.stop());
  return () => {
    if (!server) throw new Error('There is no server before the suite has begun.');
    return server;
  };
}

/** Gives the suite that calls this a replica set of three for itself. */
export function mongoReplicaSet(): () => ReplicaSet {
  let set: ReplicaSet | undefined;
  before(async function () {
    await available(this, true);
    set = await startReplicaSet();
  });
  after(() => set?.stop());
  return () => {
    if (!set) throw new Error('There is no replica set before the suite has begun.');
    return set;
  };
}
