import { Serial } from '../../lib/async/serial.js';

/**
 * Reads of one node one after another, in the order in which they were asked for. Nothing is asked for twice: what a read
 * before it loaded comes from the cache.
 */
export class ReadQueue {
  readonly #serial = new Serial();
  #controller = new AbortController();

  /**
   * Runs a read when those before it are done; `true` once it ran to its end. Resolves with `false` where it was cancelled,
   * be it before it began or while it ran; rejects with what it throws otherwise.
   */
  run(read: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { signal } = this.#controller;
    const isCancelled = (): boolean => signal.aborted;
    return this.#serial.run(async () => {
      if (isCancelled()) return false;
      try {
        await read(signal);
        return true;
      } catch (error) {
        if (isCancelled()) return false;
        throw error;
      }
    });
  }

  /** Ends the read that runs and those that wait; resolves when they have ended. New ones may come. */
  async cancel(): Promise<void> {
    this.#controller.abort(new Error('The read was cancelled.'));
    this.#controller = new AbortController();
    await this.#serial.run(() => Promise.resolve());
  }
}
