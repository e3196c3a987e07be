import { createHmac, randomBytes } from 'node:crypto';
import type { DayRange } from '../api/meter-api.js';
import { addDays } from '../paris.js';
import type { LinkyDataset, SeriesDataset } from '../readings.js';
import type { CachedDay } from './cached-day.js';
import { daysOf } from './days.js';
import { fromRows, toRows, type DayRows } from './rows.js';
import type { LinkyStore } from './store.js';

/** What is kept of an account besides its data. */
interface Ledger {
  /** Key of the file names: they must not tell the usage point, of which there are too few to hide by a hash alone. */
  readonly salt: string;
  /** As the tokens named them last. */
  readonly usagePoints?: readonly string[];
  /** When calls were made, ms since the epoch, where the service counts them. */
  readonly calls?: readonly number[];
}

/** The days of one meter and dataset in a month or a year. */
interface Chunk {
  readonly usagePoint: string;
  readonly dataset: SeriesDataset;
  readonly period: string;
  readonly days: Readonly<Record<string, DayRows>>;
}

/** A file for each month of a curve (about 100 kB) and for each year of anything else. */
function periodOf(dataset: SeriesDataset, day: string): string {
  return day.slice(0, dataset.endsWith('_load_curve') ? 7 : 4);
}

function periodsOf(dataset: SeriesDataset, { start, end }: DayRange): string[] {
  return start < end ? [...new Set(daysOf(start, end).map((day) => periodOf(dataset, day)))] : [];
}

/** The days of one meter and dataset, as far as they were loaded. One reader at a time. */
export interface DayBook {
  get(day: string): CachedDay | undefined;
  /** Keeps days; resolved once they are safe. @throws EnergyError `storage_failed` */
  put(days: ReadonlyMap<string, CachedDay>): Promise<void>;
}

/**
 * What was read of the meters of one account, on disk per meter, dataset and day: sealed files, replaced as a whole, with
 * names that do not tell the meter.
 */
export class LinkyCache {
  readonly #store: LinkyStore;
  #ledger: Promise<Ledger> | undefined;

  constructor(store: LinkyStore) {
    this.#store = store;
  }

  /** The usage points as the tokens named them last. */
  async usagePoints(): Promise<readonly string[]> {
    return (await this.#openLedger()).usagePoints ?? [];
  }

  async rememberUsagePoints(usagePoints: readonly string[]): Promise<void> {
    const { usagePoints: known = [] } = await this.#openLedger();
    if (known.join() !== usagePoints.join()) await this.#changeLedger({ usagePoints });
  }

  /** When calls were made, ms since the epoch. */
  async calls(): Promise<readonly number[]> {
    return (await this.#openLedger()).calls ?? [];
  }

  async rememberCalls(calls: readonly number[]): Promise<void> {
    await this.#changeLedger({ calls });
  }

  /** What else is kept of a meter and dataset. */
  async state<T>(usagePoint: string, dataset: LinkyDataset): Promise<T | undefined> {
    return this.#store.kept<T>(await this.#nameOf('state', usagePoint, dataset)).read();
  }

  async rememberState(usagePoint: string, dataset: LinkyDataset, state: unknown): Promise<void> {
    await this.#store.kept<unknown>(await this.#nameOf('state', usagePoint, dataset)).write(state);
  }

  /** The days of a range. @throws EnergyError `storage_failed` */
  async open(usagePoint: string, dataset: SeriesDataset, range: DayRange): Promise<DayBook> {
    const days = new Map<string, CachedDay>();
    const loaded = new Map<string, Record<string, DayRows>>();
    const load = async (period: string): Promise<Record<string, DayRows>> => {
      const known = loaded.get(period) ?? { ...(await this.#read(usagePoint, dataset, period)) };
      loaded.set(period, known);
      return known;
    };
    for (const period of periodsOf(dataset, range)) {
      for (const [day, rows] of Object.entries(await load(period))) days.set(day, fromRows(rows, dataset));
    }
    return {
      get: (day) => days.get(day),
      put: async (added) => {
        const changed = new Set<string>();
        for (const [day, cached] of added) {
          const period = periodOf(dataset, day);
          days.set(day, cached);
          (await load(period))[day] = toRows(cached);
          changed.add(period);
        }
        for (const period of changed) await this.#write(usagePoint, dataset, period, await load(period));
      },
    };
  }

  /** Removes what lies before a day, as far back as two histories (spec/device-flow 4.5): it can be had nowhere any more. */
  async forgetBefore(usagePoint: string, dataset: SeriesDataset, day: string, historyDays: number): Promise<void> {
    const kept = periodOf(dataset, day);
    const periods = periodsOf(dataset, { start: addDays(day, -historyDays), end: day });
    for (const period of periods.filter((each) => each < kept)) {
      await this.#store.remove(await this.#nameOf(period, usagePoint, dataset));
    }
  }

  /** Forgets everything. @throws EnergyError `storage_failed` */
  async clear(): Promise<void> {
    this.#ledger = undefined;
    await this.#store.clear();
  }

  async #read(usagePoint: string, dataset: SeriesDataset, period: string): Promise<Chunk['days']> {
    const chunk = await this.#store.kept<Chunk>(await this.#nameOf(period, usagePoint, dataset)).read();
    // A file that was put in the place of another one counts for nothing.
    const isOwn = chunk?.usagePoint === usagePoint && chunk.dataset === dataset && chunk.period === period;
    return isOwn ? chunk.days : {};
  }

  async #write(usagePoint: string, dataset: SeriesDataset, period: string, days: Chunk['days']): Promise<void> {
    const chunk: Chunk = { usagePoint, dataset, period, days };
    await this.#store.kept<Chunk>(await this.#nameOf(period, usagePoint, dataset)).write(chunk);
  }

  async #nameOf(...parts: readonly string[]): Promise<string> {
    const { salt } = await this.#openLedger();
    const hash = createHmac('sha256', Buffer.from(salt, 'base64url')).update(parts.join(' ')).digest('base64url');
    return `data-${hash.slice(0, 22)}`;
  }

  #openLedger(): Promise<Ledger> {
    this.#ledger ??= this.#loadLedger().catch((error: unknown) => {
      this.#ledger = undefined;
      throw error;
    });
    return this.#ledger;
  }

  async #loadLedger(): Promise<Ledger> {
    const kept = this.#store.kept<Ledger>('ledger');
    const known = await kept.read();
    if (typeof known?.salt === 'string') return known;
    const made: Ledger = { salt: randomBytes(16).toString('base64url') };
    await kept.write(made);
    return made;
  }

  async #changeLedger(change: Partial<Ledger>): Promise<void> {
    // Set at once, so that changes that come at the same time build upon one another.
    this.#ledger = this.#openLedger().then((ledger) => ({ ...ledger, ...change }));
    await this.#store.kept<Ledger>('ledger').write(await this.#ledger);
  }
}
