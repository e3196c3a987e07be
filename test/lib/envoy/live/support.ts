import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { LiveReading } from '../../../../lib/envoy/live/reading.js';
import type { LiveTiming } from '../../../../lib/envoy/live/source.js';
import { LiveFeed } from '../../../../lib/envoy/live/feed.js';
import type { EnergyError } from '../../../../lib/errors.js';
import type { OpenSession } from '../../../support/session.js';

/** A subscriber that keeps what it is told. */
export class Listener {
  readonly readings: LiveReading[] = [];
  readonly failures: { readonly code: string; readonly stopped: boolean; readonly error: EnergyError }[] = [];
  /** Holds back each reading until it resolves. */
  hold: ((reading: LiveReading) => Promise<void>) | undefined;
  readonly #news = new EventEmitter();

  reading(reading: LiveReading): void | Promise<void> {
    this.readings.push(reading);
    this.#news.emit('news');
    return this.hold?.(reading);
  }

  failed(error: EnergyError, stopped: boolean): void {
    this.failures.push({ code: error.code, stopped, error });
    this.#news.emit('news');
  }

  /** Code and whether it stopped, of each failure. */
  get told(): [string, boolean][] {
    return this.failures.map(({ code, stopped }) => [code, stopped]);
  }

  /** Resolved when so many readings came. */
  async got(count: number): Promise<void> {
    while (this.readings.length < count) await once(this.#news, 'news');
  }

  /** Resolved when so many more readings came than there are now. */
  more(count = 1): Promise<void> {
    return this.got(this.readings.length + count);
  }

  /** Resolved when so many failures were told. */
  async toldOf(count: number): Promise<void> {
    while (this.failures.length < count) await once(this.#news, 'news');
  }
}

/** Waits that are noted instead of waited for. */
function notedWaits(): { readonly waits: number[]; readonly wait: LiveTiming['wait'] } {
  const waits: number[] = [];
  return {
    waits,
    wait: async (milliseconds, signal) => {
      waits.push(milliseconds);
      await setImmediate(undefined, { signal });
    },
  };
}

/** A feed over the session, and somebody who listens to it. */
export function listen(opened: OpenSession, timing: Partial<LiveTiming> = {}) {
  const { waits, wait } = notedWaits();
  const feed = new LiveFeed(opened.session, { wait, random: () => 0, ...timing });
  const listener = new Listener();
  return { feed, listener, waits, leave: feed.subscribe(listener) };
}
