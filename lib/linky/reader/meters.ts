import type { EnergyError } from '../../errors.js';
import type { MeterFailure } from '../api/meter-api.js';
import type { MeterInformation } from '../readings.js';
import type { MeterRequest, ReaderContext } from './context.js';
import { problemOf, problemOfPause } from './problems.js';
import { isAboutConsent, isPaused, pauseAfter, type Pause } from './state.js';

/** What is kept of a meter's contract. */
interface KeptMeter {
  /** When it was read, ms since the epoch; absent where it never was. */
  readonly readAt?: number;
  readonly meter?: MeterInformation;
  readonly pause?: Pause;
}

const quarter = 15 * 60_000;
const day = 24 * 3_600_000;
/** Contracts seldom change: beside other data they are read once a week. */
const week = 7 * day;

function isFresh({ readAt = Number.NEGATIVE_INFINITY, meter }: KeptMeter, age: number, now: number): boolean {
  return meter !== undefined && now - readAt < age && readAt <= now;
}

/** A failure that says nothing about the data themselves is not asked for again on the same day. */
function pauseOf(failure: MeterFailure, error: EnergyError | undefined, kept: KeptMeter, now: number): Pause {
  const pause = pauseAfter(failure, error, kept.pause, now);
  return pause ?? { kind: failure.kind, at: now, until: now + day, count: 1 };
}

/** A refused consent may be given again unnoticed while this does not run: it stands in the way for a short time only. */
function isInTheWay(pause: Pause | undefined, { consents, now }: ReaderContext): pause is Pause {
  if (!isPaused(pause, now()) || consents.isRenewedSince(pause.at)) return false;
  return !isAboutConsent(pause) || now() - pause.at < quarter;
}

interface AskedMeter {
  readonly kept: KeptMeter;
  readonly problem?: EnergyError;
}

async function ask(context: ReaderContext, request: MeterRequest, kept: KeptMeter): Promise<AskedMeter> {
  const { api, cache, calls, now } = context;
  const { usagePoint, signal, patience, onProgress } = request;
  const place = { usagePoint, dataset: 'contract' as const };
  const onWait = (waitingUntil: number): void => {
    onProgress({ ...place, done: 0, total: 1, waitingUntil });
  };
  const outcome = await calls.ask(
    api.request('contract', usagePoint, undefined),
    (body) => api.interpretContract(usagePoint, body),
    { signal, patience, onWait },
  );
  if ('value' in outcome) {
    const read = { readAt: now(), meter: outcome.value };
    await cache.rememberState(usagePoint, 'contract', read);
    return { kept: read };
  }
  const { failure, error } = outcome;
  const problem = error ?? problemOf(failure, place);
  if (failure.kind === 'quota') return { kept, problem };
  const next = { ...kept, pause: pauseOf(failure, error, kept, now()) };
  await cache.rememberState(usagePoint, 'contract', next);
  return { kept: next, problem };
}

/**
 * The contract of a meter, read once a day at most.
 * @throws AuthenticationError, EnergyError where it cannot be had and was not read on this day
 */
export async function readMeter(context: ReaderContext, request: MeterRequest): Promise<MeterInformation> {
  const { cache, now } = context;
  const { usagePoint } = request;
  const kept = (await cache.state<KeptMeter>(usagePoint, 'contract')) ?? {};
  if (kept.meter && isFresh(kept, day, now())) return kept.meter;
  if (isInTheWay(kept.pause, context)) throw problemOfPause(kept.pause, { usagePoint, dataset: 'contract' });
  const { kept: asked, problem } = await ask(context, request, kept);
  if (problem) throw problem;
  return asked.meter ?? { usagePoint };
}

/** What is known of a meter without asking anybody. */
export async function knownMeter({ cache }: ReaderContext, usagePoint: string): Promise<MeterInformation> {
  return (await cache.state<KeptMeter>(usagePoint, 'contract'))?.meter ?? { usagePoint };
}

/**
 * What is known of a meter that is about to be read: asked for where that is a week ago. Data do not depend on it: nobody
 * waits for it, and a failure counts only where the account itself has to be seen to.
 */
export async function currentMeter(context: ReaderContext, request: MeterRequest): Promise<MeterInformation> {
  const { api, cache, now } = context;
  const { usagePoint } = request;
  const kept = (await cache.state<KeptMeter>(usagePoint, 'contract')) ?? {};
  const isKnown = isFresh(kept, week, now()) || isPaused(kept.pause, now());
  if (isKnown || !api.datasets.has('contract')) return kept.meter ?? { usagePoint };
  const { kept: asked } = await ask(context, { ...request, patience: 0 }, kept);
  return asked.meter ?? { usagePoint };
}
