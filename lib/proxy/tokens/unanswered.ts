/** How long an exchange is remembered, ms: as long as an approved grant can be redeemed (check 99). */
const memory = 120_000;

/** The most exchanges that are remembered; the oldest is forgotten first. */
const capacity = 10_000;

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/**
 * What was prepared for grants whose last write failed: the store may have carried the write out, and then only this
 * process has what the device is to be given. It is handed out once.
 */
export class Unanswered<T> {
  readonly #entries = new Map<string, Entry<T>[]>();

  /** Remembers what was prepared for a grant. */
  keep(grant: string, value: T, now: number): void {
    const others = this.#entries.get(grant) ?? [];
    this.#entries.delete(grant);
    this.#entries.set(grant, [...others, { value, until: now + memory }]);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > capacity && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Takes everything that is remembered of a grant. */
  take(grant: string, now: number): T[] {
    const entries = this.#entries.get(grant) ?? [];
    this.#entries.delete(grant);
    return entries.filter(({ until }) => now < until).map(({ value }) => value);
  }
}
