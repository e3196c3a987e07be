/** Between two retries of the same request after a 500, ms. */
const pause = 3_600_000;
/** The most requests that are remembered. */
const most = 1000;

/**
 * Remembers which requests were tried again after a 500: Enedis answers so whatever it does not understand, and then
 * another try only costs quota (spec/device-flow 4.10.4).
 */
export class RetriedErrors {
  readonly #now: () => number;
  readonly #at = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the request may be tried again; from then on it may not for an hour. */
  note(request: string): boolean {
    const now = this.#now();
    const before = this.#at.get(request);
    if (before !== undefined && Math.abs(now - before) < pause) return false;
    this.#at.delete(request);
    this.#at.set(request, now);
    const oldest = this.#at.size > most ? this.#at.keys().next().value : undefined;
    if (oldest !== undefined) this.#at.delete(oldest);
    return true;
  }
}
