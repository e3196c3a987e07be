import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import memoryServer from 'mongodb-memory-server-core/lib/util/MongoInstance.js';
import { findMongod } from '../../../scripts/mongodb.mjs';
import { freePort } from '../server.js';

const { MongoInstance } = memoryServer;

/** A `mongod` of a test on a loopback port, with a directory of its own; it can die and come back. */
export interface MongodProcess {
  readonly address: string;
  /** Ends it with SIGKILL and waits until it is gone; its files stay. */
  kill(): Promise<void>;
  /** Has it stand still, as in a machine that does not answer. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** Starts it again on the same port and files. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

// The clock of a test stands elsewhere than that of the server, which would remove what the test still needs.
const parameters = ['diagnosticDataCollectionEnabled=false', 'ttlMonitorEnabled=false', 'ttlMonitorSleepSecs=1'];
const frugal = ['--wiredTigerCacheSizeGB', '0.25', ...parameters.flatMap((each) => ['--setParameter', each])];

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Starts a `mongod`, as a member of the replica set named if any. @throws Error where there is none to start */
export async function startMongod(replicaSet?: string): Promise<MongodProcess> {
  const { path, version } = await findMongod();
  const directory = await mkdtemp(join(tmpdir(), 'mongodb-'));
  const dbPath = join(directory, 'data');
  await mkdir(dbPath);
  let port = 0;
  // A socket file would be left behind by a server that is killed.
  const args = process.platform === 'win32' ? frugal : [...frugal, '--nounixsocket'];
  const start = (): Promise<InstanceType<typeof MongoInstance>> =>
    MongoInstance.create({
      instance: {
        port,
        dbPath,
        ip: '127.0.0.1',
        storageEngine: 'wiredTiger',
        args,
        launchTimeout: 60_000,
        ...(replicaSet !== undefined && { replSet: replicaSet }),
      },
      binary: { systemBinary: path, version },
      spawn: {},
    });
  const startSomewhere = async (tries: number): Promise<InstanceType<typeof MongoInstance>> => {
    port = await freePort();
    // Somebody else may take the port before the server does.
    return start().catch((error: unknown) => (tries > 1 ? startSomewhere(tries - 1) : Promise.reject(asError(error))));
  };
  let running: InstanceType<typeof MongoInstance> | undefined = await startSomewhere(3);
  const kill = async (): Promise<void> => {
    const instance = running;
    running = undefined;
    const server = instance?.mongodProcess;
    if (server?.exitCode === null && server.signalCode === null) {
      const closed = once(server, 'close');
      server.kill('SIGKILL');
      await closed;
    }
    await instance?.stop();
  };
  return {
    address: `127.0.0.1:${port}`,
    kill,
    pause: () => running?.mongodProcess?.kill('SIGSTOP'),
    resume: () => running?.mongodProcess?.kill('SIGCONT'),
    restart: async () => {
      await kill();
      running = await start();
    },
    stop: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
