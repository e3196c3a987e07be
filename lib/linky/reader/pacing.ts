import { wait } from '../../async/retry.js';
import { Serial } from '../../async/serial.js';
import type { CallBudget } from '../api/meter-api.js';

/** Time, as the pacing of calls sees it. */
export interface Timing {
  /** ms since the epoch. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Resolves after so many ms; rejects when the signal fires. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The clock and the chance of this machine. */
export const usualTiming: Timing = { now: Date.now, random: Math.random, wait };

/** Calls and when they were made, kept where the service counts them. */
export interface CallLog {
  calls(): Promise<readonly number[]>;
  rememberCalls(calls: readonly number[]): Promise<void>;
}

/** How somebody waits for his turn. */
export interface Turn {
  readonly signal: AbortSignal;
  /** Longest single wait, ms. */
  readonly patience: number;
  /** Told until when, ms since the epoch. */
  readonly onWait: (until: number) => void;
}

/** Raised where the turn comes later than somebody wants to wait. */
export class TooLong extends Error {
  /** ms since the epoch. */
  readonly until: number;

  constructor(until: number) {
    super('The next call is allowed later than this one can wait.');
    this.name = 'TooLong';
    this.until = until;
  }
}

/** Between the end of a call and the beginning of the next one, ms (spec/device-flow 5.4). */
const gap = 250;
/** A wait is done in parts, so that a computer that slept, or whose clock was set, goes on in time; ms. */
const longestPart = 30_000;

/** Waits until a moment by the clock, ms since the epoch; rejects when the signal fires. */
export async function waitUntil(until: number, signal: AbortSignal, timing: Timing): Promise<void> {
  for (let left = until - timing.now(); left > 0; left = until - timing.now()) {
    await timing.wait(Math.min(left, longestPart), signal);
  }
}

/**
 * Lets one call of an account happen at a time, with a pause between two, none while the service asked to be left alone, and
 * no more than its budget (spec/device-flow 4.8, 6.1).
 */
export class Pacer {
  readonly #timing: Timing;
  readonly #serial = new Serial();
  readonly #budget: CallBudget | undefined;
  readonly #log: CallLog;
  /** Counted on a clock that is never set, ms. */
  #lastEnd = Number.NEGATIVE_INFINITY;
  #blockedUntil = 0;

  constructor(timing: Timing, log: CallLog, budget?: CallBudget) {
    this.#timing = timing;
    this.#log = log;
    this.#budget = budget;
  }

  /** No call before that moment, ms since the epoch. */
  block(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  /**
   * Makes a call when its turn has come. Waiting for a blocked service keeps nobody else from asking how long it takes.
   * @throws TooLong, the signal's reason, or what the call throws
   */
  async run<T>(call: () => Promise<T>, turn: Turn): Promise<T> {
    for (;;) {
      await this.#waitForBlock(turn);
      const result = await this.#serial.run(async () => {
        turn.signal.throwIfAborted();
        if ((await this.#closedUntil()) > this.#timing.now()) return undefined;
        return { value: await this.#paced(call, turn.signal) };
      });
      if (result) return result.value;
    }
  }

  async #waitForBlock({ signal, patience, onWait }: Turn): Promise<void> {
    const until = await this.#closedUntil();
    const left = until - this.#timing.now();
    if (left <= 0) return;
    if (left > patience) throw new TooLong(until);
    onWait(until);
    await waitUntil(until, signal, this.#timing);
  }

  /** Until when no call is allowed, ms since the epoch; in the past where one is. */
  async #closedUntil(): Promise<number> {
    if (!this.#budget) return this.#blockedUntil;
    const { calls, milliseconds } = this.#budget;
    const recent = await this.#recentCalls();
    const first = recent.length < calls ? undefined : recent[recent.length - calls];
    return Math.max(this.#blockedUntil, first === undefined ? 0 : first + milliseconds);
  }

  async #recentCalls(): Promise<number[]> {
    const now = this.#timing.now();
    const since = now - (this.#budget?.milliseconds ?? 0);
    return (await this.#log.calls()).filter((at) => at > since && at <= now);
  }

  async #paced<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const left = this.#lastEnd + gap - performance.now();
    if (left > 0) await this.#timing.wait(left, signal);
    if (this.#budget) await this.#log.rememberCalls([...(await this.#recentCalls()), this.#timing.now()]);
    try {
      return await call();
    } finally {
      this.#lastEnd = performance.now();
    }
  }
}
