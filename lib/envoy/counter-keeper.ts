import { batteryOf } from './datasets/derived/battery.js';
import { gridOf } from './datasets/derived/grid.js';
import { dayStateFrom, noDayState, updateDay, type DayState } from './datasets/day-counters.js';
import { usableTimeZone } from './datasets/local-midnight.js';
import { noQualityState, qualityStateFrom, updateQuality, type QualityState } from './datasets/quality.js';
import type { DatasetWarning } from './datasets/types.js';
import type { SessionMemory } from './memory.js';
import type { GatewayPayload } from './payload.js';

/** Between two writes of the counters, ms: they wear out memory cards, and little is lost with them. */
const writeInterval = 15 * 60_000;

/** A payload's parts after the counters were looked at. */
export interface JudgedParts {
  readonly data: Readonly<Record<string, unknown>>;
  readonly warnings: readonly DatasetWarning[];
  /** Whether the gateway gives zeros as after its start (`updateQuality`). */
  readonly isStarting: boolean;
}

/**
 * Remembers the counters of a gateway from reading to reading and across restarts: leaves out what cannot be right,
 * counts the day, and adds grid and battery.
 */
export class CounterKeeper {
  readonly #memory: SessionMemory;
  readonly #now: () => number;
  #serial: string | undefined;
  #quality: QualityState = noQualityState;
  #day: DayState = noDayState;
  #writtenAt = 0;
  /** Start of the day that is counted. */
  #since: number | undefined;

  constructor(memory: SessionMemory, now: () => number) {
    this.#memory = memory;
    this.#now = now;
  }

  /** The parts of a payload, judged and completed. `timeZone` is the gateway's word for it, if it gave one. */
  judge(payload: GatewayPayload, timeZone: unknown): JudgedParts {
    this.#take(payload.gateway.serial);
    const quality = updateQuality(this.#quality, payload);
    const day = updateDay(this.#day, quality.payload, {
      timeZone: usableTimeZone(timeZone),
      rebased: quality.rebased,
    });
    this.#quality = quality.state;
    this.#day = day.state;
    if (this.#isNewDay(day.payload.today?.since) || this.#now() - this.#writtenAt >= writeInterval) void this.keep();
    const grid = gridOf(quality.payload);
    const battery = batteryOf(quality.payload);
    const data = Object.fromEntries(
      Object.entries(day.payload).filter(([key]) => key !== 'gateway' && key !== 'readAt'),
    );
    const { warnings, isStarting } = quality;
    return { data: { ...data, ...(grid && { grid }), ...(battery && { battery }) }, warnings, isStarting };
  }

  /** Makes the counters safe on disk. */
  async keep(): Promise<void> {
    if (this.#serial === undefined) return;
    this.#writtenAt = this.#now();
    const counters = { serial: this.#serial, quality: this.#quality, day: this.#day };
    await this.#memory.change({ counters });
  }

  #isNewDay(since: number | undefined): boolean {
    if (since === undefined || since === this.#since) return false;
    this.#since = since;
    return true;
  }

  /** Counters of another gateway at the same host are of no use. */
  #take(serial: string): void {
    if (this.#serial === serial) return;
    const kept = this.#memory.value.counters;
    const ours = kept?.serial === serial ? kept : undefined;
    this.#serial = serial;
    this.#quality = ours ? qualityStateFrom(ours.quality) : noQualityState;
    this.#day = ours ? dayStateFrom(ours.day) : noDayState;
  }
}
