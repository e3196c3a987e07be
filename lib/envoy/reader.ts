import type { Cycle } from './cycle.js';
import { probePolicy, readPolicy } from './cycle.js';
import { CounterKeeper } from './counter-keeper.js';
import { probe, readDatasets, type KeptParts } from './datasets/registry.js';
import type { DatasetName, DatasetWarning, Facts, Parts, Refresh, Source } from './datasets/types.js';
import type { GatewayInfo } from './info.js';
import type { SessionMemory } from './memory.js';
import { buildPayload, type GatewayPayload } from './payload.js';

/** A gateway as it was found. */
export interface Known {
  readonly info: GatewayInfo;
  readonly facts: Facts;
}

/** What a reading should hold. */
export interface ReadWish {
  /** Empty for all that the gateway has. */
  readonly datasets: readonly DatasetName[];
  /** Whether the replies of the gateway are wanted too. */
  readonly raw: boolean;
}

/** A payload, and what went missing on the way. */
export interface Reading {
  readonly payload: GatewayPayload;
  readonly warnings: readonly DatasetWarning[];
}

/** What a reader works with. */
export interface ReaderOptions {
  readonly host: string;
  readonly memory: SessionMemory;
  readonly now: () => number;
}

/** Incomplete facts are completed by another probe after so many ms. */
const incompleteLife = 10 * 60_000;
const minute = 60_000;
/** How long the parts of a source are used before it is asked again, ms (spec/envoy 7.6). */
const life: Readonly<Record<Refresh, number>> = { cycle: 0, slow: 5 * minute, static: 360 * minute };

/**
 * Turns the replies of a gateway into payloads. It knows what the gateway has since the probe, keeps what changes
 * rarely, and guards the counters.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #counters: CounterKeeper;
  readonly #kept = new Map<Source, { readonly at: number; readonly parts: Parts }>();
  #replies: Record<string, unknown> = {};
  #known: Known | undefined;
  #probedAt = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#counters = new CounterKeeper(options.memory, options.now);
  }

  /** The gateway as it was found; `undefined` before the first probe and after `forget`. */
  get known(): Known | undefined {
    return this.#known;
  }

  /** Makes the next reading probe again. */
  forget(): void {
    this.#known = undefined;
  }

  /** Makes the next reading ask for everything again, however rarely it changes. */
  refresh(): void {
    this.#kept.clear();
  }

  /** Finds out what the gateway has, unless that is known. @throws EnergyError of the probe */
  async find(info: GatewayInfo, cycle: Cycle): Promise<Known> {
    const { now } = this.#options;
    const complete = this.#known?.facts.incomplete !== true || now() - this.#probedAt <= incompleteLife;
    if (this.#known && complete) return this.#known;
    const facts = await probe({
      info,
      endpoints: (path) => cycle.get(path, probePolicy),
      warn: (warning) => cycle.probeWarnings.push(warning),
    });
    cycle.assertCurrent();
    this.#kept.clear();
    this.#replies = {};
    this.#known = { info, facts };
    this.#probedAt = now();
    return this.#known;
  }

  /** Reads what is wanted. @throws EnergyError of `readDatasets` */
  async read({ info, facts }: Known, cycle: Cycle, wish: ReadWish): Promise<Reading> {
    const { host, now } = this.#options;
    const warnings: DatasetWarning[] = [...cycle.probeWarnings];
    const context = {
      info,
      endpoints: (path: string) => cycle.get(path, readPolicy),
      warn: (warning: DatasetWarning) => warnings.push(warning),
    };
    const data = await readDatasets(context, facts, wish.datasets, this.#keptParts());
    // A part that can be left out may have been the first to meet another firmware.
    cycle.assertCurrent();
    Object.assign(this.#replies, cycle.raw());
    const plain = buildPayload({ info, facts, host, readAt: now(), data });
    const judged = this.#counters.judge(plain, this.#timeZone());
    warnings.push(...judged.warnings);
    const payload = buildPayload({
      info,
      facts,
      host,
      readAt: plain.readAt,
      data: judged.data,
      warnings,
      ...(wish.raw && { raw: { ...this.#replies } }),
    });
    return { payload, warnings };
  }

  /** Makes the counters safe on disk. */
  async close(): Promise<void> {
    await this.#counters.keep();
  }

  #keptParts(): KeptParts {
    const { now } = this.#options;
    return {
      get: (source) => {
        const kept = this.#kept.get(source);
        return kept && now() - kept.at < life[source.refresh ?? 'cycle'] ? kept.parts : undefined;
      },
      set: (source, parts) => {
        if (source.refresh && source.refresh !== 'cycle') this.#kept.set(source, { at: now(), parts });
      },
    };
  }

  #timeZone(): unknown {
    for (const { parts } of this.#kept.values()) {
      const found = parts['interface'] as { readonly timezone?: unknown } | undefined;
      if (found?.timezone !== undefined) return found.timezone;
    }
    return undefined;
  }
}
