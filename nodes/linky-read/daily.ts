import { wait } from '../../lib/async/retry.js';
import { parisDay, startOfDay } from '../../lib/linky/paris.js';
import { waitUntil, type Timing } from '../../lib/linky/reader/pacing.js';
import { nextTimedRead } from '../../lib/linky/reader/schedule.js';

/** What timed reads depend on. */
export interface DailyOptions {
  /** The same for one node after every restart, such as its id. */
  readonly seed: string;
  /** Reads; says whether to try again on the same day, since yesterday is not there yet. Must not throw. */
  readonly read: () => Promise<boolean>;
  /** Told when the next read is due, ms since the epoch. */
  readonly onNext: (at: number) => void;
  /** The clock and the chance of this machine unless given. */
  readonly timing?: Timing;
}

const usualTiming: Timing = { now: () => Date.now(), random: Math.random, wait };

/** A read out of turn comes after one minute to five: right after a consent Enedis may not know it yet (spec/device-flow 4.6). */
const shortly = { least: 60_000, spread: 240_000 } as const;

/**
 * A read once a day, at a random minute after 08:00 in France; in the early afternoon once more where yesterday was not
 * there (spec/device-flow 4.6). A computer that slept, or whose clock was set, reads when it notices.
 */
export class DailyReads {
  readonly #options: DailyOptions;
  readonly #timing: Timing;
  readonly #stopping = new AbortController();
  #wake: AbortController | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(options: DailyOptions) {
    this.#options = options;
    this.#timing = options.timing ?? usualTiming;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopping.abort(new Error('stopped'));
  }

  /** Reads in some minutes: data became available out of turn. Nothing happens while a read runs. */
  soon(): void {
    this.#wake?.abort(new Error('woken'));
  }

  /** Makes up for the read of today, where its time passed before this began. */
  catchUp(): void {
    const now = this.#timing.now();
    const today = startOfDay(parisDay(now));
    if (nextTimedRead(today, this.#options.seed) <= now && this.#readAt < today) this.soon();
  }

  async #run(): Promise<void> {
    const { seed, read } = this.#options;
    let missing = false;
    while (!this.#stopping.signal.aborted) {
      if (!(await this.#waitFor(nextTimedRead(this.#timing.now(), seed, { missing })))) return;
      this.#readAt = this.#timing.now();
      missing = await read();
    }
  }

  /** Whether the moment came; `false` where everything stopped before. */
  async #waitFor(moment: number): Promise<boolean> {
    let at = moment;
    for (;;) {
      this.#wake = new AbortController();
      this.#options.onNext(at);
      try {
        await waitUntil(at, AbortSignal.any([this.#stopping.signal, this.#wake.signal]), this.#timing);
        this.#wake = undefined;
        return true;
      } catch {
        if (this.#stopping.signal.aborted) return false;
        at = Math.min(at, this.#timing.now() + shortly.least + this.#timing.random() * shortly.spread);
      }
    }
  }
}
