/** The longest wait that a timer of Node can be set to, ms; anything longer would fire at once. */
const longestWait = 2 ** 31 - 1;

interface Group {
  readonly callbacks: Set<() => void>;
  timer?: NodeJS.Timeout;
}

/**
 * Calls back at intervals, with one timer for all who want the same one, so that what they do can be shared. Intervals
 * are counted from one common start: every second beat of 30 s is one of 60 s.
 */
export class Ticker {
  readonly #started = Date.now();
  readonly #groups = new Map<number, Group>();
  readonly #firsts = new Set<NodeJS.Immediate>();

  /** Calls back soon and then every `milliseconds`; returns how to stop. */
  every(milliseconds: number, callback: () => void): () => void {
    const group = this.#groups.get(milliseconds) ?? this.#newGroup(milliseconds);
    group.callbacks.add(callback);
    const first = setImmediate(() => {
      this.#firsts.delete(first);
      callback();
    });
    this.#firsts.add(first);
    return () => {
      clearImmediate(first);
      this.#firsts.delete(first);
      group.callbacks.delete(callback);
      if (group.callbacks.size > 0 || this.#groups.get(milliseconds) !== group) return;
      clearTimeout(group.timer);
      this.#groups.delete(milliseconds);
    };
  }

  /** Stops everything. */
  stop(): void {
    for (const first of this.#firsts) clearImmediate(first);
    this.#firsts.clear();
    for (const { timer, callbacks } of this.#groups.values()) {
      clearTimeout(timer);
      callbacks.clear();
    }
    this.#groups.clear();
  }

  #newGroup(milliseconds: number): Group {
    const group: Group = { callbacks: new Set() };
    this.#groups.set(milliseconds, group);
    this.#arm(group, milliseconds);
    return group;
  }

  #arm(group: Group, milliseconds: number): void {
    const passed = (Date.now() - this.#started) % milliseconds;
    // Where the clock went back less than no time has passed.
    const left = passed < 0 ? -passed : milliseconds - passed;
    // A timer may fire a little early; the beat that is meant is then the next one after this.
    const wait = left < 50 ? left + milliseconds : left;
    group.timer = setTimeout(
      () => {
        this.#arm(group, milliseconds);
        if (wait > longestWait) return;
        for (const callback of [...group.callbacks]) if (group.callbacks.has(callback)) callback();
      },
      Math.min(wait, longestWait),
    );
  }
}
