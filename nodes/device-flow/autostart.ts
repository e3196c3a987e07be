import { AuthenticationError } from '../../lib/errors.js';

/** Minutes until a start that failed for a passing reason is tried again; the last one for good. */
const pauses = [1, 2, 5, 15, 60];
/** A timer of Node takes no more, ms. */
const longestWait = 2 ** 31 - 1;

/**
 * Starts a dance without a person. What passes by itself (the network is not up yet when a computer starts) is tried
 * again; anything else waits for a person.
 */
export class Autostart {
  readonly #start: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #told: string | undefined;
  #stopped = false;

  /** `start` begins a dance where one is needed; `onFailure` is told what went wrong, the same once. It must not throw. */
  constructor(start: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#start = start;
    this.#onFailure = onFailure;
  }

  /** Begins, or begins anew where a try is waiting. */
  async begin(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    try {
      await this.#start();
      this.#failures = 0;
      this.#told = undefined;
    } catch (error) {
      this.#failed(error);
    }
  }

  /** A person acted: nothing more is tried for the last failure. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#told = undefined;
  }

  /** Nothing more is tried. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const passing = error instanceof AuthenticationError && error.retryable;
    const code = error instanceof AuthenticationError ? error.code : undefined;
    if (code === undefined || code !== this.#told) this.#onFailure(error);
    this.#told = code;
    if (!passing) return;
    const pause = (pauses[Math.min(this.#failures++, pauses.length - 1)] ?? 60) * 60_000;
    const asked = (error.retryAt ?? 0) - Date.now();
    this.#timer = setTimeout(() => void this.begin(), Math.min(longestWait, Math.max(pause, asked))).unref();
  }
}
