import type { StoreSettings } from '../../lib/proxy/settings/settings.js';
import { startWorker } from './worker.js';

/** What a process of this bench serves. */
export type ServerOrder =
  | {
      readonly what: 'proxy';
      readonly store: StoreSettings;
      /** How many times as fast as real time its clock runs. */
      readonly scale: number;
      /** The variables that the program would be given; its limits are lifted. Absent: settings of the tests. */
      readonly environment?: Readonly<Record<string, string>>;
    }
  /** The baseline: node:http and one `findOne` by id. */
  | { readonly what: 'bare'; readonly uri: string }
  | { readonly what: 'usage' };

/** What it answers. */
export interface ServerReply {
  readonly port: number;
  readonly usage: ServerUsage;
}

/** What a server used since it began. */
export interface ServerUsage {
  /** ms of CPU, user and system. */
  readonly cpu: number;
  /** Operations of the store, by name; none for the baseline. */
  readonly operations: Readonly<Record<string, number>>;
}

/** A server in a process of its own. */
export interface BenchServer {
  readonly port: number;
  usage(): Promise<ServerUsage>;
  stop(): Promise<void>;
}

/** Starts a server. */
export async function startBenchServer(order: ServerOrder): Promise<BenchServer> {
  const worker = startWorker<ServerOrder, ServerReply>('server-process.ts');
  try {
    const { port } = await worker.ask(order);
    return {
      port,
      usage: async () => (await worker.ask({ what: 'usage' })).usage,
      stop: () => worker.stop(),
    };
  } catch (error) {
    await worker.stop();
    throw error;
  }
}
