import type { Clock, Moment } from '../../../lib/device-flow/clock.js';
import { loadOAuth } from '../../../lib/device-flow/requests.js';

// Loaded beforehand, so that the first request of an account does not wait for the disk.
await loadOAuth();

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Clocks that stand still until a test moves them. */
export class VirtualClock implements Clock {
  #now: number;
  #monotonic = 1000;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 10, 20, 11)) {
    this.#now = now;
  }

  read(): Moment {
    return { now: this.#now, monotonic: this.#monotonic };
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + Math.max(milliseconds, 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** ms until the next timer; `undefined` where there is none. */
  get next(): number | undefined {
    const times = [...this.#timers].map(({ at }) => at - this.#monotonic);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times));
  }

  /** Lets time pass on both clocks, with all that happens in it. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#monotonic + milliseconds;
    await settle();
    for (;;) {
      const [first] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!first) break;
      this.#pass(first.at - this.#monotonic);
      this.#timers.delete(first);
      first.callback();
      await settle();
    }
    this.#pass(end - this.#monotonic);
    await settle();
  }

  /** Somebody sets the wall clock. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** The process ends: none of its timers fires any more. */
  kill(): void {
    this.#timers.clear();
  }

  #pass(milliseconds: number): void {
    this.#monotonic += Math.max(milliseconds, 0);
    this.#now += Math.max(milliseconds, 0);
  }
}
