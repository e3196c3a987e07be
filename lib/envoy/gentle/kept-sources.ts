import type { KeptParts } from '../datasets/registry.js';
import { batteryInventorySource, batteryPowerSource, batteryTotalsSource } from '../datasets/sources/batteries.js';
import { collarSource } from '../datasets/sources/collar.js';
import { systemControllerSource } from '../datasets/sources/system-controller.js';
import type { Parts, Refresh, Source } from '../datasets/types.js';
import { metersPath } from './cheap-replies.js';
import type { PowerWish } from './power.js';
import { isWanted } from './quantities.js';

const minute = 60_000;
/** Beats of a timer come a little early or late; what is due within so many ms is asked now. */
const slack = 5_000;
/** How long values are used that the gateway renews every five minutes, or that are no power, ms (spec/envoy 7.6). */
export const slowLife = 5 * minute - slack;
const staticLife = 360 * minute;
/** How many gentle cycles share the state of relays and the charge of batteries, for no longer than `slowLife`. */
const stateCycles = 4;

/** `state`: where relays stand and how full batteries are; every read shows it anew, gentle ones now and then. */
type Pace = Refresh | 'state';

const states = new Set<Source>([systemControllerSource, collarSource, batteryTotalsSource]);

/**
 * How often a source is asked: as it says itself, but for what is no power. The power of the batteries is none where a
 * CT measures it with the rest; their list comes with the state of the relays, in one reply.
 */
function paceOf(source: Source, { facts, datasets }: PowerWish): Pace {
  if (states.has(source)) return 'state';
  const isMeasured = facts.meters.some(({ measurementType }) => measurementType === 'storage');
  if (source === batteryPowerSource && isMeasured && isWanted(datasets, 'meters')) return 'state';
  const withRelays =
    (facts.features.includes('systemController') && isWanted(datasets, 'systemController')) ||
    (facts.features.includes('collar') && isWanted(datasets, 'collar'));
  if (source === batteryInventorySource && withRelays) return 'state';
  return source.refresh ?? 'cycle';
}

interface Kept {
  readonly at: number;
  /** Number of the cycle in which it was read. */
  readonly cycle: number;
  readonly parts: Parts;
}

/** The parts of the sources that need not be asked at each read, and how old they are. */
export class KeptSources {
  readonly #now: () => number;
  readonly #parts = new Map<Source, Kept>();
  #meters: { readonly at: number; readonly reply: unknown } | undefined;
  #cycle: object | undefined;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts the cycles that read; those who share one are told with the same object. */
  count(cycle: object): void {
    if (this.#cycle !== cycle) this.#count++;
    this.#cycle = cycle;
  }

  clear(): void {
    this.#parts.clear();
    this.#meters = undefined;
  }

  /** What a reading may use; `taken` is told of the parts of every source that was asked. */
  of(wish: PowerWish, taken: (source: Source, parts: Parts) => void): KeptParts {
    return {
      get: (source) => {
        const kept = this.#parts.get(source);
        return kept && this.#isFresh(kept, paceOf(source, wish), wish.gentle) ? kept.parts : undefined;
      },
      set: (source, parts) => {
        this.#parts.set(source, { at: this.#now(), cycle: this.#count, parts });
        taken(source, parts);
      },
    };
  }

  /** A reply whose content is worth keeping for gentle reads: the states of the meters. */
  reply(path: string): unknown {
    if (path !== metersPath || !this.#meters) return undefined;
    return this.#now() - this.#meters.at < slowLife ? this.#meters.reply : undefined;
  }

  /** Takes a reply, if it is worth keeping. */
  keepReply(path: string, reply: unknown): void {
    if (path === metersPath) this.#meters = { at: this.#now(), reply };
  }

  #isFresh(kept: Kept, pace: Pace, gentle: boolean): boolean {
    const age = this.#now() - kept.at;
    if (pace === 'static') return age < staticLife;
    if (pace === 'slow') return age < slowLife;
    return gentle && pace === 'state' && this.#count - kept.cycle < stateCycles && age < slowLife;
  }
}
