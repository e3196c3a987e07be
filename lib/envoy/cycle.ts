import type { RetryPolicy } from '../async/retry.js';
import { EnergyError } from '../errors.js';
import type { DatasetWarning } from './datasets/types.js';

/** Retries of a probe's requests (spec/envoy 2.4). */
export const probePolicy: RetryPolicy = { attempts: 4, elapsed: 50_000, longestWait: 5_000 };
/** Retries of a reading's requests (spec/envoy 2.4). */
export const readPolicy: RetryPolicy = { attempts: 6, elapsed: 150_000, longestWait: 5_000 };
/** For what can be done without, and for the minutes in which a gateway is expected not to answer. */
export const oneAttempt: RetryPolicy = { attempts: 1, elapsed: 0, longestWait: 0 };

/** Raised inside a cycle when the gateway turns out to run another firmware; it goes no further where that stops. */
export class GatewayChanged extends EnergyError {
  constructor() {
    super('gateway_busy', 'The gateway changed its firmware while it was read.');
  }
}

/** Fetches one path, with everything that this takes. */
export type Fetch = (path: string, policy: RetryPolicy) => Promise<unknown>;

/**
 * What one look at the gateway fetched. Each path is asked at most once; everybody who reads while the cycle runs
 * shares the answers, failures included.
 */
export class Cycle {
  readonly #fetch: Fetch;
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #raw = new Map<string, unknown>();
  /** Readers under way; the cycle ends with the last of them. */
  readers = 0;
  #identity: Promise<boolean> | undefined;
  #outdated = false;
  /** What the probe noted, if it ran in this cycle. */
  readonly probeWarnings: DatasetWarning[] = [];

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  /** The JSON at a path. */
  get(path: string, policy: RetryPolicy): Promise<unknown> {
    const known = this.#answers.get(path);
    if (known) return known;
    const answer = this.#fetch(path, policy).then((json) => {
      this.#raw.set(path, json);
      return json;
    });
    this.#answers.set(path, answer);
    return answer;
  }

  /** Whether the gateway is another one than before: looked up once per cycle, by whoever has reason to ask first. */
  gatewayChanged(look: () => Promise<boolean>): Promise<boolean> {
    this.#identity ??= look()
      .catch(() => false)
      .then((changed) => (this.#outdated = changed));
    return this.#identity;
  }

  /** @throws GatewayChanged where the gateway turned out to be another one: what was fetched is of no use then. */
  assertCurrent(): void {
    if (this.#outdated) throw new GatewayChanged();
  }

  /** Every reply so far, by path. */
  raw(): Record<string, unknown> {
    return Object.fromEntries(this.#raw);
  }
}
