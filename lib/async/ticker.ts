/**
 * Calls back at intervals, with one timer for all who want the same one, so that what they do can be shared. Intervals
 * are counted from one common start: every second beat of 30 s is one of 60 s.
 */
export class Ticker {
  readonly #started = Date.now();
  readonly #groups = new Map<number, { timer?: NodeJS.Timeout; callbacks: Set<() => void> }>();

  /** Calls back soon and then every `milliseconds`; returns how to stop. */
  every(milliseconds: number, callback: () => void): () => void {
    const group = this.#groups.get(milliseconds) ?? { callbacks: new Set<() => void>() };
    if (!this.#groups.has(milliseconds)) {
      this.#groups.set(milliseconds, group);
      this.#arm(milliseconds);
    }
    group.callbacks.add(callback);
    const first = setImmediate(callback);
    return () => {
      clearImmediate(first);
      group.callbacks.delete(callback);
      if (group.callbacks.size > 0) return;
      clearTimeout(group.timer);
      this.#groups.delete(milliseconds);
    };
  }

  /** Stops everything. */
  stop(): void {
    for (const { timer } of this.#groups.values()) clearTimeout(timer);
    this.#groups.clear();
  }

  #arm(milliseconds: number): void {
    const group = this.#groups.get(milliseconds);
    if (!group) return;
    const wait = milliseconds - ((Date.now() - this.#started) % milliseconds);
    // A timer may fire a little early; the beat that is meant is then the next one after this.
    group.timer = setTimeout(
      () => {
        this.#arm(milliseconds);
        for (const callback of [...group.callbacks]) callback();
      },
      wait < 50 ? wait + milliseconds : wait,
    );
  }
}
