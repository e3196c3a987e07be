import type { EnergyError } from '../../errors.js';
import type { DayRange, MeterFailure } from '../api/meter-api.js';
import { addDays, parisDay } from '../paris.js';
import type { MeterInformation, SeriesDataset } from '../readings.js';
import type { DayBook } from './cache.js';
import { isComplete, isDue } from './cached-day.js';
import type { MeterRequest, ReaderContext } from './context.js';
import { daysOf } from './days.js';
import { fetchWindows } from './fetching.js';
import { currentMeter, knownMeter } from './meters.js';
import { newsDays, toldAfter, untoldDays } from './news.js';
import { isTemporary, problemOf, problemOfPause } from './problems.js';
import type { ReadNote, ReadResult } from './reader.js';
import { floorOf, isAboutConsent, isPaused, pauseAfter, type DatasetState, type Pause } from './state.js';
import { highestFloor, planWindows, reachable, type Floor } from './windows.js';

/** A series to be read: a range of days, or what is new for somebody. */
export interface SeriesRequest extends MeterRequest {
  readonly dataset: SeriesDataset;
  readonly range?: DayRange;
  readonly subscriber: string;
}

/** What is known before anything is asked for. */
interface Plan {
  readonly today: string;
  readonly state: DatasetState;
  readonly floor: Floor;
  readonly days: readonly string[];
  readonly book: DayBook;
  readonly due: readonly string[];
}

/** Days that may be empty although the curve is collected: data come late. */
const lateDays = 3;

function floorsOf({ floor }: DatasetState, meter: MeterInformation, now: number): Floor[] {
  const activated = meter.activationDate;
  return [
    ...(floor && now < floor.until ? [{ day: floor.day, reason: floor.reason }] : []),
    ...(activated === undefined ? [] : [{ day: activated, reason: 'before_activation' as const }]),
  ];
}

async function planOf(context: ReaderContext, request: SeriesRequest, meter: MeterInformation): Promise<Plan> {
  const { api, cache, now } = context;
  const { usagePoint, dataset, range, subscriber } = request;
  const today = parisDay(now());
  const state = (await cache.state<DatasetState>(usagePoint, dataset)) ?? {};
  const floor = highestFloor(today, api.limits(dataset), floorsOf(state, meter, now()));
  const span = range && reachable(range, floor.day, today);
  const days = span ? daysOf(span.start, span.end) : newsDays(state.told?.[subscriber], today, floor.day);
  const [first] = days;
  const last = days.at(-1);
  const covered =
    first === undefined || last === undefined ? { start: today, end: today } : { start: first, end: addDays(last, 1) };
  const book = await cache.open(usagePoint, dataset, covered);
  const due = days.filter((day) => isDue(dataset, day, book.get(day), now()));
  return { today, state, floor, days, book, due };
}

/** What stands in the way before anything is asked for. */
function pauseOf(
  { consents, now }: ReaderContext,
  { usagePoint }: SeriesRequest,
  state: DatasetState,
): Pause | undefined {
  return [consents.of(usagePoint), state.pause].find((pause) => isPaused(pause, now()));
}

/** What was found while the series was read. */
interface Findings {
  readonly state: DatasetState;
  readonly floor: Floor;
  readonly failure?: Pick<MeterFailure, 'kind'>;
  readonly problem?: EnergyError;
}

async function fetchDue(context: ReaderContext, request: SeriesRequest, plan: Plan): Promise<Findings> {
  const { api, now, consents } = context;
  const { dataset, usagePoint } = request;
  const windows = planWindows(plan.due, api.limits(dataset));
  const { floor, failure, error } = await fetchWindows(context, request, windows, plan.book);
  const { pause: previous, ...rest } = plan.state;
  const found = floor && { floor: floorOf(floor, now()) };
  if (!failure) return { state: { ...rest, ...found }, floor: floor ?? plan.floor };
  const usual = pauseAfter(failure, error, previous, now());
  const isKept = usual !== undefined && !isAboutConsent(usual);
  const pause = usual && !isKept ? consents.missing(usagePoint, usual) : usual;
  const retryAt = pause?.until ?? failure.retryAt;
  const problem =
    error ?? problemOf({ ...failure, ...(retryAt !== undefined && { retryAt }) }, { usagePoint, dataset });
  return {
    state: { ...rest, ...found, ...(isKept && { pause: usual }) },
    floor: floor ?? plan.floor,
    failure,
    problem,
  };
}

/** What a failure says that is no error: the result tells it in a note. */
function isNote(
  failure: Pick<MeterFailure, 'kind'> | undefined,
): failure is { kind: 'not_activated' | 'wrong_direction' } {
  return failure?.kind === 'not_activated' || failure?.kind === 'wrong_direction';
}

function notesOf(request: SeriesRequest, plan: Plan, { floor, failure, problem }: Findings): ReadNote[] {
  const { dataset, range } = request;
  const hasReadings = plan.days.some((day) => (plan.book.get(day)?.readings.length ?? 0) > 0);
  const isOld = plan.days.some((day) => day >= floor.day && day < addDays(plan.today, -lateDays));
  const hasNoCurve = !failure && dataset.endsWith('_load_curve') && isOld && !hasReadings;
  return [
    ...(isNote(failure) ? [failure.kind] : []),
    ...(hasNoCurve ? ['not_activated' as const] : []),
    ...(range && range.start < floor.day ? [floor.reason] : []),
    ...(problem && !isNote(failure) ? ['incomplete' as const] : []),
  ];
}

function resultOf(request: SeriesRequest, plan: Plan, meter: MeterInformation, findings: Findings): ReadResult {
  const { usagePoint, dataset, range, subscriber } = request;
  const { book } = plan;
  const { failure, problem } = findings;
  const days = plan.days.filter((day) => day >= findings.floor.day);
  const count = (day: string): number => book.get(day)?.readings.length ?? 0;
  const chosen = range ? days : untoldDays(plan.state.told?.[subscriber], days, book);
  const incomplete = days.filter((day) => count(day) > 0 && !isComplete(dataset, day, book.get(day)?.readings ?? []));
  return {
    usagePoint,
    dataset,
    readings: chosen.flatMap((day) => book.get(day)?.readings ?? []),
    meter,
    missing: failure?.kind === 'wrong_direction' ? [] : days.filter((day) => count(day) === 0),
    ...(incomplete.length > 0 && { incomplete }),
    notes: notesOf(request, plan, findings),
    ...(problem && !isNote(failure) && { problem }),
  };
}

/** Once a start: what is older than anything that could be read again goes. */
async function tidy(
  { api, cache, tidied }: ReaderContext,
  { usagePoint, dataset }: SeriesRequest,
  today: string,
): Promise<void> {
  const key = `${usagePoint} ${dataset}`;
  if (tidied.has(key)) return;
  tidied.add(key);
  const { historyDays } = api.limits(dataset);
  await cache.forgetBefore(usagePoint, dataset, addDays(today, -historyDays), historyDays);
}

/** Keeps what was found and told. */
async function remember(context: ReaderContext, request: SeriesRequest, plan: Plan, findings: Findings): Promise<void> {
  const { usagePoint, dataset, range, subscriber } = request;
  const before = plan.state.told;
  const days = plan.days.filter((day) => day >= findings.floor.day);
  const told = range
    ? before
    : { ...before, [subscriber]: toldAfter(before?.[subscriber], { ...plan, dataset, days }) };
  const next: DatasetState = { ...findings.state, ...(told && { told }) };
  if (JSON.stringify(next) !== JSON.stringify(plan.state)) await context.cache.rememberState(usagePoint, dataset, next);
}

/** The rest of a plan once it was asked for, or left alone because of a pause. */
async function findingsOf(context: ReaderContext, request: SeriesRequest, plan: Plan): Promise<Findings> {
  const { usagePoint, dataset } = request;
  if (plan.due.length === 0) return { state: plan.state, floor: plan.floor };
  const pause = pauseOf(context, request, plan.state);
  if (!pause) return fetchDue(context, request, plan);
  const problem = problemOfPause(pause, { usagePoint, dataset });
  return { state: plan.state, floor: plan.floor, failure: pause, problem };
}

/**
 * Reads a series of one meter: what the cache has from there, the rest from the server, in windows that it allows.
 * @throws AuthenticationError, EnergyError where something needs a person, or where nothing at all could be had
 */
export async function readSeriesOf(context: ReaderContext, request: SeriesRequest): Promise<ReadResult> {
  const known = await knownMeter(context, request.usagePoint);
  let meter = known;
  let plan = await planOf(context, request, known);
  if (plan.due.length > 0 && !pauseOf(context, request, plan.state)) {
    meter = await currentMeter(context, request);
    if (meter.activationDate !== known.activationDate) plan = await planOf(context, request, meter);
  }
  const findings = await findingsOf(context, request, plan);
  const { failure, problem } = findings;
  const isFatal = problem !== undefined && !isNote(failure);
  const hasReadings = plan.days.some((day) => (plan.book.get(day)?.readings.length ?? 0) > 0);
  if (isFatal && !(isTemporary(problem) && hasReadings)) {
    const { told } = plan.state;
    await context.cache.rememberState(request.usagePoint, request.dataset, {
      ...findings.state,
      ...(told && { told }),
    });
    throw problem;
  }
  await remember(context, request, plan, findings);
  await tidy(context, request, plan.today);
  return resultOf(request, plan, meter, findings);
}
