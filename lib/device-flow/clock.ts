/** A moment on both clocks. Times that people see are on the first, lengths of time are taken from the second. */
export interface Moment {
  /** ms since the epoch; may jump. */
  readonly now: number;
  /** ms from a start that is not told; never goes back, never jumps. */
  readonly monotonic: number;
}

/** The clocks and timers of an account; tests have their own. */
export interface Clock {
  read(): Moment;
  /** Calls back once after so many ms, maybe a little early; returns how to stop it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The longest wait that a timer of Node can be set to, ms. */
const longestWait = 2 ** 31 - 1;

/** The clocks of this machine. */
export const systemClock: Clock = {
  read: () => ({ now: Date.now(), monotonic: performance.now() }),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), longestWait));
    return () => clearTimeout(timer);
  },
};
