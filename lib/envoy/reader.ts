import type { RetryPolicy } from '../async/retry.js';
import type { Cycle } from './cycle.js';
import { oneAttempt, probePolicy, readPolicy } from './cycle.js';
import { CounterKeeper } from './counter-keeper.js';
import { fieldsAt, textAt } from './datasets/fields.js';
import { probe, readDatasets, type KeptParts } from './datasets/registry.js';
import type { DatasetName, DatasetWarning, Facts, Parts, Source, SourceContext } from './datasets/types.js';
import { partsOf, withSource, type CheapParts } from './gentle/full-report.js';
import { KeptSources, slowLife } from './gentle/kept-sources.js';
import { GentlePower, type PowerState, type PowerWish } from './gentle/power.js';
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
  /**
   * True for what a timer reads: power then comes from the cheapest endpoint that was shown to be right, and the rest is
   * asked now and then. A reading that somebody asks for has everything fresh that changes within minutes.
   */
  readonly gentle?: boolean;
  /** False where the gateway is expected not to answer: each request is tried once then. */
  readonly patient?: boolean;
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

/**
 * Turns the replies of a gateway into payloads. It knows what the gateway has since the probe, keeps what changes
 * rarely, spares the gateway where a timer reads, and guards the counters.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #counters: CounterKeeper;
  readonly #kept: KeptSources;
  readonly #power: GentlePower;
  #replies: Record<string, unknown> = {};
  #known: Known | undefined;
  #probedAt = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#counters = new CounterKeeper(options.memory, options.now);
    this.#kept = new KeptSources(options.now);
    this.#power = new GentlePower(options.now, slowLife);
  }

  /** The gateway as it was found; `undefined` before the first probe and after `forget`. */
  get known(): Known | undefined {
    return this.#known;
  }

  /** Which endpoints were shown to give the power of the full report, and why others were not; for diagnostics. */
  get power(): PowerState {
    return this.#power.state;
  }

  /** Makes the next reading probe again. */
  forget(): void {
    this.#known = undefined;
  }

  /** Makes the next reading ask for everything again, however rarely it changes. */
  refresh(): void {
    this.#kept.clear();
    this.#power.refresh();
  }

  /**
   * Finds out what the gateway has, unless that is known; `patient` where a request may be tried again.
   * @throws EnergyError of the probe
   */
  async find(info: GatewayInfo, cycle: Cycle, patient = true): Promise<Known> {
    const { now } = this.#options;
    const complete = this.#known?.facts.incomplete !== true || now() - this.#probedAt <= incompleteLife;
    if (this.#known && complete) return this.#known;
    const facts = await probe({
      info,
      endpoints: (path) => cycle.get(path, patient ? probePolicy : oneAttempt),
      warn: (warning) => cycle.probeWarnings.push(warning),
    });
    cycle.assertCurrent();
    this.#kept.clear();
    this.#power.forget();
    this.#replies = {};
    this.#known = { info, facts };
    this.#probedAt = now();
    return this.#known;
  }

  /** Reads what is wanted. @throws EnergyError of `readDatasets` */
  async read(known: Known, cycle: Cycle, wish: ReadWish): Promise<Reading> {
    const { info, facts } = known;
    const warnings: DatasetWarning[] = [...cycle.probeWarnings];
    const { data, cheap } = await this.#ask(known, cycle, wish, warnings);
    // A part that can be left out may have been the first to meet another firmware.
    cycle.assertCurrent();
    Object.assign(this.#replies, cycle.raw());
    const head = { info, facts, host: this.#options.host, readAt: this.#options.now() };
    const judged = this.#counters.judge(buildPayload({ ...head, data }), this.#timeZone(data));
    warnings.push(...judged.warnings);
    if (judged.isStarting) this.#power.refresh();
    const payload = buildPayload({
      ...head,
      data: cheap ? withSource(judged.data, cheap) : judged.data,
      warnings,
      ...(wish.raw && { raw: { ...this.#replies } }),
    });
    return { payload, warnings };
  }

  /** Makes the counters safe on disk. */
  async close(): Promise<void> {
    await this.#counters.keep();
  }

  /** The parts of the payload as the gateway gives them, power from a cheap endpoint where one serves. */
  async #ask(
    { info, facts }: Known,
    cycle: Cycle,
    wish: ReadWish,
    warnings: DatasetWarning[],
  ): Promise<{ data: Parts; cheap: CheapParts | undefined }> {
    const gentle = wish.gentle === true;
    const plan: PowerWish = { facts, datasets: wish.datasets, gentle };
    const contextWith = (endpointPolicy: RetryPolicy): SourceContext => ({
      info,
      endpoints: (path) => this.#reply(path, cycle, endpointPolicy, gentle),
      warn: (warning) => warnings.push(warning),
    });
    const context = contextWith(wish.patient === false ? oneAttempt : readPolicy);
    this.#kept.count(cycle);
    const cheap = gentle ? await this.#power.read(context, plan) : undefined;
    const data = await readDatasets(context, facts, wish.datasets, this.#keptParts(plan, cheap));
    if (!cheap) await this.#power.check(contextWith(oneAttempt), plan, data, cycle.raw());
    return { data, cheap };
  }

  #keptParts(plan: PowerWish, cheap: CheapParts | undefined): KeptParts {
    const kept = this.#kept.of(plan, (source: Source, parts: Parts) => {
      this.#power.keep(source, parts);
    });
    return {
      get: (source) => (cheap && partsOf(source, cheap.parts)) ?? kept.get(source),
      set: (source, parts) => kept.set(source, parts),
    };
  }

  async #reply(path: string, cycle: Cycle, policy: RetryPolicy, gentle: boolean): Promise<unknown> {
    const kept = gentle ? this.#kept.reply(path) : undefined;
    if (kept !== undefined) return kept;
    const reply = await cycle.get(path, policy);
    this.#kept.keepReply(path, reply);
    return reply;
  }

  /** The gateway's word for its time zone; kept, since the endpoint that tells it is slow and not always wanted. */
  #timeZone(data: Parts): string | undefined {
    const { memory } = this.#options;
    const found = textAt(fieldsAt(data, 'interface'), 'timezone');
    if (found !== undefined && found !== memory.value.timeZone) void memory.change({ timeZone: found });
    return found ?? memory.value.timeZone;
  }
}
