import { Serial } from '../../async/serial.js';
import type { DeviceFlowAccount } from '../../device-flow/account.js';
import { AuthenticationError, EnergyError } from '../../errors.js';
import type { DayRange, MeterApi } from '../api/meter-api.js';
import { isCalendarDay, parisDay } from '../paris.js';
import { LinkyCache } from './cache.js';
import { MeterCalls } from './calls.js';
import { Consents } from './consents.js';
import type { MeterRequest, ReaderContext } from './context.js';
import { readMeter } from './meters.js';
import { Pacer, usualTiming, type Timing } from './pacing.js';
import { ended, isTemporary } from './problems.js';
import type { LinkyReader, ReadNote, ReadRequest, ReadResult } from './reader.js';
import { readSeriesOf } from './series.js';
import type { LinkyStore } from './store.js';

/** What a reader of meters needs. */
export interface LinkyReaderOptions {
  readonly account: DeviceFlowAccount;
  readonly api: MeterApi;
  /** Where it keeps what was read: `openLinkyDirectory`, or `linkyMemory`. It belongs to this account alone. */
  readonly store: LinkyStore;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** For tests: how time passes while the reader waits. */
  readonly wait?: Timing['wait'];
}

/** Longest single wait unless a request says otherwise, ms: a quota counts by the hour. */
const usualPatience = 2 * 3_600_000;

function invalid(field: string, allowed: string): EnergyError {
  return new EnergyError('invalid_argument', `"${field}" must be ${allowed}.`, { parameters: { field, allowed } });
}

/** A usage point from what a person typed or pasted, with blanks and dots (spec/device-flow 4.4). */
function cleanUsagePoint(given: string): string {
  const digits = given.replace(/\D/g, '');
  if (digits.length !== 14) throw invalid('usagePoint', 'the 14 digits of a meter (PRM)');
  return digits;
}

function rangeOf({ from, to }: ReadRequest, today: string): DayRange | undefined {
  if (from === undefined) return undefined;
  if (!isCalendarDay(from)) throw invalid('from', 'a day, YYYY-MM-DD');
  if (to !== undefined && !isCalendarDay(to)) throw invalid('to', 'a day, YYYY-MM-DD');
  const end = to ?? today;
  if (from > end) throw invalid('from', 'no later than "to"');
  return { start: from, end };
}

/** The result of a meter that could not be read while others could. */
function failedResult(request: ReadRequest, usagePoint: string, problem: EnergyError): ReadResult {
  const { reason } = problem.parameters;
  const note: ReadNote = reason === 'no_consent' || reason === 'moved_out' ? reason : 'incomplete';
  return {
    usagePoint,
    dataset: request.dataset,
    readings: [],
    meter: { usagePoint },
    missing: [],
    notes: [note],
    problem,
  };
}

/** The same, but ended at once when the signal fires: a read that waits for its turn must not hold anybody up. */
function orEnded<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      reject(ended(signal));
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    reading.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', end);
    });
  });
}

class CachingReader implements LinkyReader {
  readonly #account: DeviceFlowAccount;
  readonly #context: ReaderContext;
  readonly #closing = new AbortController();
  /** Two reads of one meter and dataset follow one another: the second one finds what the first one read. */
  readonly #turns = new Map<string, Serial>();
  readonly #stopListening: () => void;

  constructor({ account, api, store, ...given }: LinkyReaderOptions) {
    const timing: Timing = { ...usualTiming, ...given };
    const cache = new LinkyCache(store);
    const calls = new MeterCalls(account, api, new Pacer(timing, cache, api.budget), timing);
    this.#account = account;
    const consents = new Consents(timing.now);
    this.#context = { api, cache, calls, now: timing.now, consents, tidied: new Set() };
    this.#stopListening = account.listen({
      onAuthorized: () => {
        consents.renewed();
      },
    });
  }

  async read(request: ReadRequest): Promise<readonly ReadResult[]> {
    const { api, now } = this.#context;
    if (this.#closing.signal.aborted) throw ended(this.#closing.signal);
    if (!api.datasets.has(request.dataset)) {
      const parameters = { feature: request.dataset };
      throw new EnergyError('feature_not_available', 'The server of this account does not give that.', { parameters });
    }
    const range = rangeOf(request, parisDay(now()));
    const usagePoints = await this.#usagePoints(request);
    const results: ReadResult[] = [];
    const problems: EnergyError[] = [];
    for (const usagePoint of usagePoints) {
      try {
        results.push(await this.#readInTurn(request, usagePoint, range));
      } catch (error) {
        const isOfMeter = error instanceof EnergyError && (isTemporary(error) || error.code === 'consent_expired');
        if (!isOfMeter) throw error;
        problems.push(error);
        results.push(failedResult(request, usagePoint, error));
      }
    }
    const [problem] = problems;
    if (problem && problems.length === results.length) throw problem;
    return results;
  }

  close(): Promise<void> {
    this.#closing.abort(new Error('closed'));
    this.#stopListening();
    return Promise.all([...this.#turns.values()].map((turn) => turn.run(() => Promise.resolve()))).then(
      () => undefined,
    );
  }

  async #usagePoints({ usagePoint }: ReadRequest): Promise<readonly string[]> {
    if (usagePoint !== undefined && usagePoint.trim() !== '') return [cleanUsagePoint(usagePoint)];
    const { cache } = this.#context;
    let found: readonly string[];
    try {
      found = (await this.#account.tokens()).usagePoints;
      await cache.rememberUsagePoints(found);
    } catch (error) {
      // While the server is out of reach, what was read before can still be given.
      const isPassing = error instanceof AuthenticationError && error.retryable;
      found = isPassing ? await cache.usagePoints() : [];
      if (found.length === 0) throw error;
    }
    if (found.length === 0) throw invalid('usagePoint', 'set: the token does not name the meter (PRM)');
    return found;
  }

  #readInTurn(request: ReadRequest, usagePoint: string, range: DayRange | undefined): Promise<ReadResult> {
    const key = `${usagePoint} ${request.dataset}`;
    const turn = this.#turns.get(key) ?? new Serial();
    this.#turns.set(key, turn);
    const signal = AbortSignal.any([this.#closing.signal, ...(request.signal ? [request.signal] : [])]);
    const reading = turn.run(() => {
      if (signal.aborted) throw ended(signal);
      const asked = {
        usagePoint,
        dataset: request.dataset,
        signal,
        patience: request.patience ?? usualPatience,
        onProgress: request.onProgress ?? (() => undefined),
      };
      return this.#readOne(asked, range, request.subscriber ?? '');
    });
    return orEnded(reading, signal);
  }

  async #readOne(asked: MeterRequest, range: DayRange | undefined, subscriber: string): Promise<ReadResult> {
    const { dataset, usagePoint } = asked;
    if (dataset !== 'contract') {
      return readSeriesOf(this.#context, {
        ...asked,
        dataset,
        subscriber,
        ...(range && { range }),
      });
    }
    const meter = await readMeter(this.#context, asked);
    return { usagePoint, dataset, readings: [], meter, missing: [], notes: [] };
  }
}

/**
 * Reads the meters of one account: any range, in windows that the server allows, each day asked for once and kept on disk
 * (design 3.6, spec/device-flow 4.5 to 4.8).
 */
export function createLinkyReader(options: LinkyReaderOptions): LinkyReader {
  return new CachingReader(options);
}
