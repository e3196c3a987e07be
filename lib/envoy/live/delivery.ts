import { asEnergyError, type EnergyError } from '../../errors.js';
import type { LiveReading } from './reading.js';

/** Who wants live readings. */
export interface LiveSubscriber {
  /** Takes a reading. While the promise that it returns is pending nothing else comes, and then the newest reading. */
  reading(reading: LiveReading): void | Promise<void>;
  /**
   * Told once of a failure after which nothing came, again only after another reading or where the cause is another.
   * `stopped` says that it is not tried again until a person acts. It must not raise.
   */
  failed(error: EnergyError, stopped: boolean): void;
}

/** Hands readings to one subscriber: a slow one gets the newest, and there is never a queue. */
export class Delivery {
  readonly #subscriber: LiveSubscriber;
  #newest: LiveReading | undefined;
  #busy = false;
  #ended = false;

  constructor(subscriber: LiveSubscriber) {
    this.#subscriber = subscriber;
  }

  /** A new reading. */
  offer(reading: LiveReading): void {
    this.#newest = reading;
    if (!this.#busy) void this.#deliver();
  }

  /** A failure, told at once, even while a reading is being taken. */
  fail(error: EnergyError, stopped: boolean): void {
    if (!this.#ended) this.#subscriber.failed(error, stopped);
  }

  /** Nothing more is handed over. */
  end(): void {
    this.#ended = true;
    this.#newest = undefined;
  }

  async #deliver(): Promise<void> {
    this.#busy = true;
    for (let next = this.#take(); next; next = this.#take()) {
      try {
        await this.#subscriber.reading(next);
      } catch (error) {
        this.fail(asEnergyError(error), false);
      }
    }
    this.#busy = false;
  }

  #take(): LiveReading | undefined {
    const next = this.#newest;
    this.#newest = undefined;
    return next;
  }
}
