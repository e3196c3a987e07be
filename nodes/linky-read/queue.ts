import { Serial } from '../../lib/async/serial.js';

/**
 * Reads of one node one after another, in the order in which they were asked for. Nothing is asked for twice: what a read
 * before it loaded comes from the cache.
 */
export class ReadQueue {
  readonly #serial = new Serial();
  #controller = new AbortController();
  #size = 0;

  /** How many reads run or wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * Runs a read when those before it are done. Resolves also where it was cancelled, be it before it began or while it ran:
   * `true` says that it was not.
   */
  async run(read: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { signal } = this.#controller;
    this.#size++;
    try {
      await this.#serial.run(async () => {
        if (!signal.aborted) await read(signal);
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#size--;
    }
    return !signal.aborted;
  }

  /** Ends the read that runs and those that wait; resolves when they have ended. New ones may come. */
  async cancel(): Promise<void> {
    this.#controller.abort(new Error('The read was cancelled.'));
    this.#controller = new AbortController();
    await this.#serial.run(() => Promise.resolve());
  }
}
