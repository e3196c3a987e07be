import type { EnergyError } from '../../errors.js';
import type { DayRange, MeterFailure } from '../api/meter-api.js';
import { parisDay } from '../paris.js';
import type { Reading, SeriesDataset } from '../readings.js';
import type { DayBook } from './cache.js';
import type { CachedDay } from './cached-day.js';
import type { MeterRequest, ReaderContext } from './context.js';
import { daysOf } from './days.js';
import { ended } from './problems.js';
import { halves, type Floor } from './windows.js';

/** How fetching came to its end. */
export interface Fetched {
  /** Before that day nothing can be had, as was found on the way. */
  readonly floor?: Floor;
  /** What ended it before all windows were fetched. */
  readonly failure?: MeterFailure;
  readonly error?: EnergyError;
}

/** Which failures mean that a window begins too early. */
const tooEarly: ReadonlySet<string> = new Set(['before_activation', 'before_consent', 'before_history']);

function isTooEarly(failure: MeterFailure): failure is MeterFailure & { readonly kind: Floor['reason'] } {
  return tooEarly.has(failure.kind);
}

/** The readings of a window by their days; a day without any is there too. */
function byDay(window: DayRange, readings: readonly Reading[], askedAt: number): Map<string, CachedDay> {
  const days = new Map<string, Reading[]>(daysOf(window.start, window.end).map((day) => [day, []]));
  for (const reading of readings) days.get(parisDay(reading.start))?.push(reading);
  return new Map([...days].map(([day, list]) => [day, { askedAt, readings: list }]));
}

/** The days as they are to be kept: what was read before is not given up for an answer that has less. */
function merged(added: ReadonlyMap<string, CachedDay>, book: DayBook): Map<string, CachedDay> {
  return new Map(
    [...added].map(([day, { askedAt, readings }]) => {
      const before = book.get(day)?.readings ?? [];
      return [day, { askedAt, readings: readings.length < before.length ? before : readings }];
    }),
  );
}

/**
 * Fetches windows, the newest first, and keeps each as soon as it is there. A window that begins too early is halved until
 * the first day is found that can be had; older ones are then given up.
 * @throws AuthenticationError and EnergyError that a person has to see, `storage_failed`, `closed`
 */
export async function fetchWindows(
  context: ReaderContext,
  request: MeterRequest & { readonly dataset: SeriesDataset },
  windows: readonly DayRange[],
  book: DayBook,
): Promise<Fetched> {
  const { api, calls, now } = context;
  const { usagePoint, dataset, signal, patience, onProgress } = request;
  let queue = [...windows];
  let done = 0;
  let floor: Floor | undefined;
  const tell = (waitingUntil?: number): void => {
    const total = done + queue.length;
    onProgress({ usagePoint, dataset, done, total, ...(waitingUntil !== undefined && { waitingUntil }) });
  };
  tell();
  for (let window = queue[0]; window; window = queue[0]) {
    if (signal.aborted) throw ended(signal);
    const range = window;
    const outcome = await calls.ask(
      api.request(dataset, usagePoint, range),
      (body) => api.interpretSeries(dataset, usagePoint, range, body),
      { signal, patience, onWait: tell },
    );
    const failure = 'failure' in outcome ? outcome.failure : undefined;
    if (failure === undefined || failure.kind === 'no_data') {
      const readings = 'value' in outcome ? outcome.value : [];
      await book.put(merged(byDay(range, readings, now()), book));
      queue = queue.slice(1);
    } else if (isTooEarly(failure)) {
      const parts = halves(range);
      if (!parts) floor = { day: range.end, reason: failure.kind };
      queue = parts ? [...parts, ...queue.slice(1)] : [];
    } else return { ...outcome, failure, ...(floor && { floor }) };
    done++;
    tell();
  }
  return floor ? { floor } : {};
}
