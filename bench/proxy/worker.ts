import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that carries out orders, one after the other. */
export interface Worker<Order, Reply> {
  ask(order: Order): Promise<Reply>;
  stop(): Promise<void>;
}

/** Starts a script of this folder in a process of its own. */
export function startWorker<Order extends object, Reply>(script: string): Worker<Order, Reply> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    execArgv: [...process.execArgv, '--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  return {
    async ask(order) {
      const answered = once(child, 'message') as Promise<[Reply]>;
      child.send(order);
      const gone = exited.then(() => Promise.reject(new Error(`The process ${script} ended early.`)));
      const [reply] = await Promise.race([answered, gone]);
      return reply;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** To be called by such a script: answers each order, and cleans up when nobody gives orders any more. */
export function serveOrders(follow: (order: never) => Promise<object>, stop: () => Promise<void>): void {
  process.on('message', (order) => {
    void follow(order as never).then((reply) => process.send?.(reply));
  });
  process.on('disconnect', () => {
    void stop().finally(() => process.exit());
  });
}
