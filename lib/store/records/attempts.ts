import { setTimeout as wait } from 'node:timers/promises';
import { EnergyError } from '../../errors.js';

/** So many lost races are run again at once. */
const freeConflicts = 3;
const longestConflictWait = 250;
const shortestFailureWait = 50;
const longestFailureWait = 1000;

function isWorthWaiting(error: unknown): error is EnergyError {
  return error instanceof EnergyError && error.code === 'storage_failed' && error.parameters['reason'] !== 'closed';
}

/** How often one operation on a record was tried, and when it is given up. */
export class Attempts {
  readonly #kind: string;
  readonly #patience: number;
  readonly #contention: number;
  #failures = 0;
  #failingSince: number | undefined;
  #conflicts = 0;
  #conflictingSince: number | undefined;

  /** `patience` and `contention` are ms: how long a failing store and other writers are put up with. */
  constructor(kind: string, patience: number, contention: number) {
    this.#kind = kind;
    this.#patience = patience;
    this.#contention = contention;
  }

  /** One call of the store; after an error of the store, and a pause, `undefined`. Raises it when patience ends. */
  async once<T>(task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (error) {
      await this.#failed(error);
      return undefined;
    }
  }

  /** Calls the store until it answers. Raises its last error when patience ends. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await task();
      } catch (error) {
        await this.#failed(error);
      }
    }
  }

  async #failed(error: unknown): Promise<void> {
    if (!isWorthWaiting(error)) throw error;
    this.#conflictingSince = undefined;
    this.#failingSince ??= performance.now();
    const left = this.#failingSince + this.#patience - performance.now();
    if (left <= 0) throw error;
    const longest = Math.min(longestFailureWait, shortestFailureWait * 2 ** this.#failures++);
    await wait(Math.min(left, longest * (0.5 + Math.random() / 2)));
  }

  /** To be called when somebody else was faster; pauses before the next race. @throws EnergyError `storage_failed` */
  async conflicted(): Promise<void> {
    this.#conflictingSince ??= performance.now();
    if (performance.now() - this.#conflictingSince >= this.#contention) {
      throw new EnergyError('storage_failed', `Others kept changing a record of ${this.#kind} all the time.`, {
        parameters: { kind: this.#kind, reason: 'contention' },
      });
    }
    const beyond = ++this.#conflicts - freeConflicts;
    if (beyond > 0) await wait(Math.random() * Math.min(longestConflictWait, 2 ** beyond));
  }
}
