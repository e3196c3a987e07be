import type { Pause } from './state.js';

/** Right after a consent Enedis may not know it yet; so long after it, ms, refusals count for a short time only. */
const settling = 30 * 60_000;
const shortPause = 5 * 60_000;

/** Remembers which meters have no consent, until there is a new one. Not kept over a restart, which may miss one. */
export class Consents {
  readonly #now: () => number;
  readonly #missing = new Map<string, Pause>();
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A person consented. */
  renewed(): void {
    this.#renewedAt = this.#now();
    this.#missing.clear();
  }

  isRenewedSince(moment: number): boolean {
    return this.#renewedAt > moment;
  }

  /** Notes that a meter has no consent. @returns for how long it is left alone */
  missing(usagePoint: string, pause: Pause): Pause {
    const isSettling = this.#now() - this.#renewedAt < settling;
    const noted = isSettling ? { ...pause, until: this.#now() + shortPause } : pause;
    this.#missing.set(usagePoint, noted);
    return noted;
  }

  /** Since when and until when a meter is left alone, if it is. */
  of(usagePoint: string): Pause | undefined {
    return this.#missing.get(usagePoint);
  }
}
