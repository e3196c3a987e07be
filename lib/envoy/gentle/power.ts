import { asEnergyError } from '../../errors.js';
import { endsCycle, meansNotThere } from '../datasets/failures.js';
import type { MeasuredTotals } from '../datasets/interpret/totals.js';
import type { DatasetName, Facts, Parts, Source, SourceContext } from '../datasets/types.js';
import { compare, refuted, untried, updateAgreement, type Agreement, type Comparison } from './agreement.js';
import { fromReadings, fromReports, metersPath, readingsPath, reportsPath, type CheapPath } from './cheap-replies.js';
import { measuredOf, quantitiesOf, renewed, totalsIn, type CheapParts } from './full-report.js';
import { isWanted, quantities, wantedQuantities, type Measurements, type Quantity } from './quantities.js';

/** What a reading is about. */
export interface PowerWish {
  readonly facts: Facts;
  readonly datasets: readonly DatasetName[];
  /** Whether requests may be made for nothing but the comparison. */
  readonly gentle: boolean;
}

/** What is known of each endpoint and quantity; for diagnostics, nothing secret in it. */
export type PowerState = Readonly<Record<string, Readonly<Partial<Record<Quantity, Agreement>>>>>;

/** The cheap endpoints that may serve, the one first that costs less. */
function candidates({ facts, datasets }: PowerWish): readonly CheapPath[] {
  const hasMeter = facts.meters.some(({ measurementType }) => measurementType === 'production');
  if (!hasMeter) return [reportsPath];
  // The readings are read anyway where the meters are wanted; else the reports are the smaller reply.
  return isWanted(datasets, 'meters') ? [readingsPath, reportsPath] : [reportsPath, readingsPath];
}

/** The power of AC Batteries stands in the full report only: where it is wanted, that one is read anyway. */
function needsReport({ facts, datasets }: PowerWish): boolean {
  return facts.production?.kind !== 'eim' || (facts.acBatteryPath !== undefined && isWanted(datasets, 'acBatteries'));
}

async function measure(path: CheapPath, context: SourceContext, facts: Facts): Promise<Measurements> {
  if (path === reportsPath) return fromReports(await context.endpoints(path), facts);
  const meters = await context.endpoints(metersPath);
  return fromReadings({ meters, readings: await context.endpoints(path) }, facts, context.info.firmware);
}

/**
 * Power from endpoints that take a gateway a tenth of the time of its production report (spec/envoy 2.4, 7.3, appendix
 * C 10), wherever they were shown to agree with it. The full report is asked for every few minutes, for what only it
 * knows and to compare again.
 */
export class GentlePower {
  readonly #now: () => number;
  /** How long values of the full report are kept, ms. */
  readonly #life: number;
  readonly #full = new Map<Quantity, { readonly at: number; readonly totals: MeasuredTotals }>();
  readonly #agreements = new Map<string, Agreement>();

  constructor(now: () => number, life: number) {
    this.#now = now;
    this.#life = life;
  }

  /** What is known of each endpoint. */
  get state(): PowerState {
    const of = (path: CheapPath) =>
      Object.fromEntries(quantities.map((quantity) => [quantity, this.#agreement(path, quantity)] as const));
    return { [readingsPath]: of(readingsPath), [reportsPath]: of(reportsPath) };
  }

  /** Starts anew: the gateway was probed. */
  forget(): void {
    this.#full.clear();
    this.#agreements.clear();
  }

  /** Makes the next reading ask for the full report. */
  refresh(): void {
    this.#full.clear();
  }

  /** Takes what a source of the full report gave. */
  keep(source: Source, parts: Parts): void {
    for (const quantity of quantitiesOf(source)) {
      const totals = totalsIn(parts, quantity);
      if (totals) this.#full.set(quantity, { at: this.#now(), totals });
      else this.#full.delete(quantity);
    }
  }

  /**
   * The wanted quantities from one cheap endpoint; undefined where the full report has to be asked.
   * @throws EnergyError where the gateway is not there, or the whole cycle has to end
   */
  async read(context: SourceContext, wish: PowerWish): Promise<CheapParts | undefined> {
    const wanted = wantedQuantities(wish.facts, wish.datasets);
    if (wanted.length === 0 || needsReport(wish) || !wanted.every((each) => this.#isFresh(each))) return undefined;
    const path = candidates(wish).find((each) =>
      wanted.every((quantity) => this.#agreement(each, quantity).verdict === 'agrees'),
    );
    if (!path) return undefined;
    const measured = await this.#measure(path, context, wish.facts, wanted);
    const parts = measured && this.#renew(path, measured, wanted);
    return parts && { path, parts };
  }

  /**
   * Holds the cheap endpoints against the full report that was just read: `data` as the sources made them, `replies` by
   * path. A failure here is no failure of the reading.
   * @throws EnergyError where the whole cycle has to end
   */
  async check(
    context: SourceContext,
    wish: PowerWish,
    data: Parts,
    replies: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const found = wantedQuantities(wish.facts, wish.datasets).filter((quantity) => totalsIn(data, quantity));
    if (found.length === 0 || needsReport(wish)) return;
    for (const path of candidates(wish)) {
      if (found.some((quantity) => this.#agreement(path, quantity).verdict === 'refuted')) continue;
      if (!wish.gentle && !(path in replies)) continue;
      const measured = await this.#measure(path, context, wish.facts, found).catch((error: unknown) => {
        if (asEnergyError(error).code === 'gateway_unreachable') return undefined;
        throw error;
      });
      if (!measured) continue;
      for (const quantity of found) this.#compare(path, quantity, measured, data, replies);
      if (found.every((quantity) => this.#agreement(path, quantity).verdict === 'agrees')) return;
    }
  }

  #isFresh(quantity: Quantity): boolean {
    const full = this.#full.get(quantity);
    return full !== undefined && this.#now() - full.at < this.#life;
  }

  #agreement(path: CheapPath, quantity: Quantity): Agreement {
    return this.#agreements.get(`${path} ${quantity}`) ?? untried;
  }

  #update(path: CheapPath, quantity: Quantity, comparison: Comparison): void {
    this.#agreements.set(`${path} ${quantity}`, updateAgreement(this.#agreement(path, quantity), comparison));
  }

  async #measure(
    path: CheapPath,
    context: SourceContext,
    facts: Facts,
    wanted: readonly Quantity[],
  ): Promise<Measurements | undefined> {
    try {
      return await measure(path, context, facts);
    } catch (cause) {
      const error = asEnergyError(cause);
      const { code } = error;
      if (endsCycle(error) || code === 'gateway_unreachable') throw error;
      for (const quantity of wanted) {
        if (meansNotThere(error)) this.#agreements.set(`${path} ${quantity}`, refuted(code));
        else this.#update(path, quantity, { kind: 'differs', reason: code });
      }
      return undefined;
    }
  }

  #renew(path: CheapPath, measured: Measurements, wanted: readonly Quantity[]): CheapParts['parts'] | undefined {
    const parts: Partial<Record<Quantity, MeasuredTotals>> = {};
    for (const quantity of wanted) {
      const [newer, full] = [measured[quantity], this.#full.get(quantity)];
      const { offsets = {} } = this.#agreement(path, quantity);
      const totals = newer && full && renewed(full.totals, newer, offsets);
      if (!totals) {
        this.#update(path, quantity, { kind: 'differs', reason: 'missing in the reply' });
        return undefined;
      }
      parts[quantity] = totals;
    }
    return parts;
  }

  #compare(
    path: CheapPath,
    quantity: Quantity,
    measured: Measurements,
    data: Parts,
    replies: Readonly<Record<string, unknown>>,
  ): void {
    const [totals, cheap] = [totalsIn(data, quantity), measured[quantity]];
    if (!totals) return;
    if (!cheap) {
      this.#update(path, quantity, { kind: 'differs', reason: 'missing in the reply' });
      return;
    }
    const full = measuredOf(totals, quantity, replies[totals.source]);
    const { offsets } = this.#agreement(path, quantity);
    const rule = { sameCounter: quantity === 'production', ...(offsets && { offsets }) };
    this.#update(path, quantity, compare(full, cheap, rule));
  }
}
