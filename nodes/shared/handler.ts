import type { Node, NodeMessage } from 'node-red';
import { asEnergyError, type EnergyError } from '../../lib/errors.js';

/** Sends one message per output; `null` for an output with nothing to say. */
export type Send = (messages: (NodeMessage | null)[]) => void;

/**
 * Makes an asynchronous function the input handler of a node: `done` is called once whatever happens, and no rejection
 * escapes, which would end the user's Node-RED (spec/node-red A6). `explain` gives the error its final form.
 */
export function onInput(
  node: Node,
  handle: (message: NodeMessage, send: Send) => Promise<void>,
  explain: (error: EnergyError) => EnergyError,
): void {
  node.on('input', (message, send, done) => {
    handle(message, send as Send).then(
      () => {
        done();
      },
      (error: unknown) => {
        done(explain(asEnergyError(error)));
      },
    );
  });
}

/** Makes an asynchronous function the close handler of a node; a failure is logged and does not hold up the close. */
export function onClose(node: Node, handle: (removed: boolean) => Promise<void>): void {
  node.on('close', (removed: boolean, done: () => void) => {
    handle(removed)
      .catch((error: unknown) => {
        node.warn(asEnergyError(error).message);
      })
      .finally(done);
  });
}

/** Runs something that nobody waits for; a failure goes to `onFailure`, which must not throw. */
export function inBackground(task: () => Promise<void>, onFailure: (error: EnergyError) => void): void {
  task().catch((error: unknown) => {
    onFailure(asEnergyError(error));
  });
}
