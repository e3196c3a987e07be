import { wait } from '../../async/retry.js';
import { asEnergyError, type EnergyError } from '../../errors.js';
import type { KnownGateway } from '../session-options.js';
import { afterAttempt, noAttempts } from './back-off.js';
import { Delivery, type LiveSubscriber } from './delivery.js';
import { liveDataReadings } from './live-data-readings.js';
import { meterReadings, type LiveContext } from './meter-stream.js';
import { streamPath } from './meter-message.js';
import { viewOf, type LiveReading } from './reading.js';
import { endpointsFor, isFinal, isTurnedDown, unavailable } from './source.js';
import type { LiveEndpoint, LiveGateway, LiveTiming } from './source.js';

/** What is known of a feed; nothing secret. */
export interface LiveState {
  /** Whether it reads, or waits to try again. */
  readonly running: boolean;
  /** The endpoint of the last reading. */
  readonly source?: string;
  /** When the last reading came, ms since the epoch. */
  readonly readAt?: number;
  /** Messages of streams that were none, since it was made. */
  readonly skipped: number;
  /** Why it stopped, or why nothing comes at the moment. */
  readonly error?: EnergyError;
}

/** How an attempt ended. */
interface Ending {
  readonly error: EnergyError;
  readonly final: boolean;
}

const usualTiming: LiveTiming = { now: Date.now, wait, random: () => Math.random(), idle: 60_000 };

function readingsOf(endpoint: LiveEndpoint, context: LiveContext): AsyncGenerator<LiveReading, never> {
  return endpoint === streamPath ? meterReadings(context) : liveDataReadings(context);
}

/**
 * The live readings of one gateway, shared by all who subscribe: it reads from the first subscriber to the last, from
 * the best endpoint that the role may use, and comes back by itself after whatever passes by itself. What only a person
 * can change stops it until `restart`.
 */
export class LiveFeed {
  readonly #gateway: LiveGateway;
  readonly #timing: LiveTiming;
  readonly #deliveries = new Set<Delivery>();
  readonly #runs = new Set<Promise<void>>();
  #ending: AbortController | undefined;
  #stopped: EnergyError | undefined;
  #problem: EnergyError | undefined;
  #newest: LiveReading | undefined;
  #skipped = 0;
  #closed = false;

  constructor(gateway: LiveGateway, timing: Partial<LiveTiming> = {}) {
    this.#gateway = gateway;
    this.#timing = { ...usualTiming, ...timing };
  }

  get state(): LiveState {
    const error = this.#stopped ?? this.#problem;
    return {
      running: this.#ending !== undefined,
      ...(this.#newest && { source: this.#newest.source, readAt: this.#newest.readAt }),
      skipped: this.#skipped,
      ...(error && { error }),
    };
  }

  /**
   * Hands readings over from now on; returns how to end that. Where the feed stopped, the subscriber is told why and
   * the gateway is left alone.
   */
  subscribe(subscriber: LiveSubscriber): () => void {
    const delivery = new Delivery(subscriber);
    if (this.#closed) return () => undefined;
    this.#deliveries.add(delivery);
    const stopped = this.#stopped;
    if (stopped) queueMicrotask(() => this.#deliveries.has(delivery) && delivery.fail(stopped, true));
    else this.#start();
    return () => {
      delivery.end();
      this.#deliveries.delete(delivery);
      if (this.#deliveries.size === 0) this.#stop();
    };
  }

  /** Starts anew because a person acted: another role or another token may see more. */
  restart(): void {
    this.#stop();
    if (this.#deliveries.size > 0) this.#start();
  }

  /** Starts anew where it stopped, because the gateway is another one now. */
  resume(): void {
    if (this.#stopped) this.restart();
  }

  /** Ends it for good; resolved when nothing is under way any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const delivery of this.#deliveries) delivery.end();
    this.#deliveries.clear();
    this.#stop();
    await Promise.all(this.#runs);
  }

  #start(): void {
    if (this.#ending || this.#closed) return;
    this.#ending = new AbortController();
    const run = this.#run(this.#ending.signal).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }

  #stop(): void {
    this.#ending?.abort(new Error('stopped'));
    this.#ending = undefined;
    this.#stopped = undefined;
    this.#problem = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { now, random, wait: pause } = this.#timing;
    let attempts = noAttempts;
    for (;;) {
      let first: number | undefined;
      const ending = await this.#attempt(signal, () => (first ??= now()));
      if (signal.aborted) return;
      if (ending.final) {
        this.#end(ending.error);
        return;
      }
      if (first === undefined) this.#tell(ending.error);
      attempts = afterAttempt(attempts, first === undefined ? 0 : now() - first, random());
      await pause(attempts.waited, signal).catch(() => undefined);
      // It may have been stopped meanwhile: TypeScript would take it for the value of before.
      if ((signal as { readonly aborted: boolean }).aborted) return;
    }
  }

  /** Reads until something ends it. */
  async #attempt(signal: AbortSignal, onReading: () => void): Promise<Ending> {
    try {
      const known = await this.#gateway.known();
      signal.throwIfAborted();
      return await this.#readFrom(known, signal, onReading);
    } catch (raw) {
      const error = asEnergyError(raw);
      return { error, final: isFinal(error) };
    }
  }

  /** Reads from the best endpoint that does not turn us down. */
  async #readFrom(known: KnownGateway, signal: AbortSignal, onReading: () => void): Promise<Ending> {
    const onSkipped = (count: number) => (this.#skipped += count);
    const context = { gateway: this.#gateway, view: viewOf(known), timing: this.#timing, signal, onSkipped };
    const refusals: EnergyError[] = [];
    for (const endpoint of endpointsFor(known)) {
      let fruitful = false;
      try {
        for await (const reading of readingsOf(endpoint, context)) {
          signal.throwIfAborted();
          fruitful = true;
          onReading();
          this.#hand(reading);
        }
      } catch (raw) {
        const error = asEnergyError(raw);
        // What gave readings a moment ago is there: the next attempt will show what became of it.
        if (signal.aborted || fruitful || !isTurnedDown(error)) throw error;
        refusals.push(error);
      }
    }
    return { error: unavailable(known, refusals), final: true };
  }

  #hand(reading: LiveReading): void {
    this.#newest = reading;
    this.#problem = undefined;
    for (const delivery of [...this.#deliveries]) delivery.offer(reading);
  }

  #tell(error: EnergyError): void {
    if (this.#problem?.code === error.code) return;
    this.#problem = error;
    for (const delivery of [...this.#deliveries]) delivery.fail(error, false);
  }

  #end(error: EnergyError): void {
    this.#ending = undefined;
    this.#stopped = error;
    if (error.code === 'closed') return;
    for (const delivery of [...this.#deliveries]) delivery.fail(error, true);
  }
}
