/** How long a test waits for an event before it fails. */
const waitLimit = 30_000;

interface Waiter {
  /** Whether what was waited for has happened. */
  check(): boolean;
  fail(error: Error): void;
}

/** Waits for conditions that can only change when `changed` is called; no polling. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();
  #ended: Error | undefined;

  /** Looks again whether something waited for has happened. */
  changed(): void {
    for (const waiter of this.#waiters) if (waiter.check()) this.#waiters.delete(waiter);
  }

  /** Nothing will change any more: whoever waits fails with `error`. */
  end(error: Error): void {
    this.changed();
    this.#ended = error;
    for (const waiter of this.#waiters) waiter.fail(error);
    this.#waiters.clear();
  }

  /**
   * Resolves with what `find` returns as soon as that is not undefined.
   * @throws Error naming `what` after `limit` milliseconds, or the error of `end`.
   */
  until<Found>(what: string, find: () => Found | undefined, limit: number = waitLimit): Promise<Found> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        check: () => {
          const found = find();
          if (found === undefined) return false;
          clearTimeout(timer);
          resolve(found);
          return true;
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(new Error(`Waited for ${what}: ${error.message}`));
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        waiter.fail(new Error(`nothing within ${limit} ms`));
      }, limit);
      if (waiter.check()) return;
      if (this.#ended) waiter.fail(this.#ended);
      else this.#waiters.add(waiter);
    });
  }
}
