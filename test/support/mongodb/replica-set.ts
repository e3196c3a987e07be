import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type Document } from 'mongodb';
import { startMongod, type MongodProcess } from './process.js';

/** A replica set of a test. */
export interface ReplicaSet {
  readonly uri: string;
  /** Address of the member that is the primary now; waits until there is one. */
  primary(): Promise<string>;
  /** Ends the process of the primary with SIGKILL; gives the member's address. */
  killPrimary(): Promise<string>;
  /**
   * The same, after so many ms in which the others stood still: what only the primary has by then is lost with it.
   */
  killPrimaryAhead(milliseconds: number): Promise<string>;
  /** Starts a killed member again and waits until it follows. */
  restart(member: string): Promise<void>;
  stop(): Promise<void>;
}

const name = 'test';
const patience = 60_000;

/** Calls with a client that speaks with this member only. */
async function directly<R>(address: string, work: (client: MongoClient) => Promise<R>): Promise<R> {
  const client = new MongoClient(`mongodb://${address}/?directConnection=true`, { serverSelectionTimeoutMS: 500 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

function hello(address: string): Promise<Document> {
  return directly(address, (client) => client.db('admin').command({ hello: 1 })).catch(() => ({}));
}

async function until<R>(what: string, ask: () => Promise<R | undefined>): Promise<R> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`The replica set does not get there: ${what}.`);
    await pause(50);
  }
}

async function initiate(processes: readonly MongodProcess[]): Promise<void> {
  const members = processes.map(({ address }, id) => ({ _id: id, host: address }));
  // An election must not take long: the tests wait for several.
  const settings = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 250, catchUpTimeoutMillis: 2_000 };
  const configuration = { _id: name, members, settings };
  await directly(members[0]?.host ?? '', (client) => client.db('admin').command({ replSetInitiate: configuration }));
}

/** Starts a replica set with short election times and waits for its first primary and for every follower. */
export async function startReplicaSet(members = 3): Promise<ReplicaSet> {
  const processes = await Promise.all(Array.from({ length: members }, () => startMongod(name)));
  const addresses = processes.map(({ address }) => address);
  const killed = new Set<string>();
  const process = (address: string): MongodProcess => {
    const found = processes.find((each) => each.address === address);
    if (!found) throw new Error(`${address} is no member.`);
    return found;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
  };
  const primary = (): Promise<string> =>
    until('a primary', async () => {
      const living = addresses.filter((address) => !killed.has(address));
      const states = await Promise.all(living.map(hello));
      return living[states.findIndex((state) => state['isWritablePrimary'] === true)];
    });
  const following = (address: string): Promise<boolean> =>
    until(`${address} follows`, async () => {
      const state = await hello(address);
      return state['secondary'] === true || state['isWritablePrimary'] === true ? true : undefined;
    });
  try {
    await initiate(processes);
    await primary();
    await Promise.all(addresses.map(following));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    uri: `mongodb://${addresses.join(',')}/?replicaSet=${name}`,
    primary,
    async killPrimary() {
      const address = await primary();
      await process(address).kill();
      killed.add(address);
      return address;
    },
    async killPrimaryAhead(milliseconds) {
      const address = await primary();
      const others = processes.filter((each) => each.address !== address && !killed.has(each.address));
      for (const other of others) other.pause();
      try {
        await pause(milliseconds);
        await process(address).kill();
        killed.add(address);
      } finally {
        for (const other of others) other.resume();
      }
      return address;
    },
    async restart(member) {
      await process(member).restart();
      killed.delete(member);
      await following(member);
    },
    stop,
  };
}
