import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Where a gateway is, and what it lets in. */
export interface Access {
  /** With port. */
  readonly host: string;
  readonly token: string;
}

/** To start gateways whose clocks run so many times as fast as real time since `time`, ms since the epoch. */
export interface StartOrder {
  readonly what: 'start';
  readonly count: number;
  readonly time: number;
  readonly scale: number;
}

/** What the process of the gateways is told to do. */
export type Order = StartOrder | { readonly what: 'paths' };

/** What it answers. */
export interface Reply {
  readonly accesses?: readonly Access[];
  readonly paths?: readonly string[];
}

/** Simulated gateways in a process of their own, so that their work does not count as the client's. */
export interface Gateways {
  readonly accesses: readonly Access[];
  /** The paths that were asked since the last call, in order. */
  takePaths(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL('gateway-process.ts', import.meta.url));

/**
 * Starts gateways, each with a port and a serial number of its own, all in one other process.
 * @param time from which on their clocks run faster, ms since the epoch
 * @param scale how many times as fast
 */
export async function startGateways(count: number, time = Date.now(), scale = 1): Promise<Gateways> {
  const child = fork(script, { execArgv: ['--import', 'tsx'] });
  const exited = once(child, 'exit');
  const ask = async (order: Order): Promise<Reply> => {
    const answered = once(child, 'message') as Promise<[Reply]>;
    child.send(order);
    const gone = exited.then(() => Promise.reject(new Error('The process of the gateways ended.')));
    const [reply] = await Promise.race([answered, gone]);
    return reply;
  };
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await exited;
  };
  try {
    const { accesses = [] } = await ask({ what: 'start', count, time, scale });
    return {
      accesses,
      takePaths: async () => (await ask({ what: 'paths' })).paths ?? [],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
