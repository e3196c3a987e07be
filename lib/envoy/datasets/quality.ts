import { fieldsAt, isFields, numberAt, textAt } from './fields.js';
import { countersIn, sizeOf, type Counter, type Size } from './quality-counters.js';
import { startingParts, startingWarning } from './starting-parts.js';
import type { DatasetWarning, Parts } from './types.js';

/** What a counter showed, and when that was counted (ms since the epoch). */
interface Mark {
  readonly value: number;
  readonly at: number;
}

/** Readings that contradict what was accepted but agree with each other. */
interface Rival {
  readonly mark: Mark;
  readonly firstReadAt: number;
  readonly readings: number;
}

/** What a counter that may go down showed last, and by how much power it did. */
interface Level {
  readonly value: number;
  readonly fallingWatts: number;
}

interface CounterState {
  /** The highest value. */
  readonly accepted: Mark;
  readonly level?: Level;
  readonly source?: string;
  readonly rival?: Rival;
}

/** What is remembered between payloads: plain JSON, may be kept across restarts. */
export interface QualityState {
  readonly size: Size;
  readonly counters: Readonly<Record<string, CounterState>>;
}

/** What is known before the first payload. */
export const noQualityState: QualityState = { size: { peakWatts: 0 }, counters: {} };

/** A payload with the moment at which it was read, ms since the epoch; its `gateway` says what is metered. */
export type TimedPayload = Parts & { readonly readAt: number };

/** What became of a payload. */
export interface Judged<T extends TimedPayload> {
  readonly state: QualityState;
  readonly payload: T;
  readonly warnings: readonly DatasetWarning[];
  /** Counters that start from another value than before, such as `production.wattHoursLifetime`. */
  readonly rebased: readonly string[];
  /** Whether the gateway gives zeros as after its start, so that nothing of this reading is worth keeping. */
  readonly isStarting: boolean;
}

/** A fall of this many Wh is noise of sums that the gateway computes: the last value stands. */
export const noiseWattHours = 10;
/** Readings that agree, and the time they span, before they are taken for a reset counter. */
const resetReadings = 5;
const resetMilliseconds = 15 * 60_000;

/** How late a counter may be: of a meter that is read live, and of a sum that is renewed every quarter of an hour. */
const liveLag = 5 * 60_000;
const reportLag = 15 * 60_000;

type Verdict = 'sound' | 'noise' | 'backward' | 'jump';

/** What flows from a mark to a reading at a power, Wh. */
function energyAt(watts: number, counter: Counter, before: Mark): number {
  const elapsed = Math.max(0, counter.at - before.at) + (counter.isReported ? reportLag : liveLag);
  return (watts * elapsed) / 3_600_000;
}

function judge(counter: Counter, { accepted, level }: Pick<CounterState, 'accepted' | 'level'>): Verdict {
  const gain = counter.value - accepted.value;
  const fallingWatts = Math.max(counter.fallingWatts ?? 0, level?.fallingWatts ?? 0);
  const fall = (level?.value ?? accepted.value) - counter.value;
  if (fall > noiseWattHours + energyAt(fallingWatts, counter, accepted)) return 'backward';
  if (gain < 0) return 'noise';
  return gain > energyAt(counter.ceiling, counter, accepted) ? 'jump' : 'sound';
}

/** The mark after a sound reading: of a counter that is reported, the moment at which it last moved. */
function nextMark(counter: Counter, before: Mark): Mark {
  const value = Math.max(counter.value, before.value);
  return { value, at: counter.isReported && value === before.value ? before.at : counter.at };
}

interface Ruling {
  readonly state: CounterState;
  readonly verdict: Verdict | 'rebased';
  /** What stands in the payload; undefined where it is left out. */
  readonly value: number | undefined;
}

/** A reading that contradicts: accepted once enough others, over enough time, agreed with each other. */
function contradicted(counter: Counter, before: CounterState, verdict: 'backward' | 'jump', readAt: number): Ruling {
  const known = before.rival;
  const agreement = known && judge(counter, { accepted: known.mark });
  const agrees = known !== undefined && (agreement === 'sound' || agreement === 'noise');
  const rival: Rival = agrees
    ? { ...known, mark: nextMark(counter, known.mark), readings: known.readings + 1 }
    : { mark: { value: counter.value, at: counter.at }, firstReadAt: readAt, readings: 1 };
  if (rival.readings >= resetReadings && readAt - rival.firstReadAt >= resetMilliseconds) {
    return { state: stateAt(rival.mark, counter), verdict: 'rebased', value: rival.mark.value };
  }
  return { state: { ...before, rival }, verdict, value: undefined };
}

function stateAt(accepted: Mark, { value, source, fallingWatts }: Counter): CounterState {
  return {
    accepted,
    ...(source !== undefined && { source }),
    ...(fallingWatts !== undefined && { level: { value, fallingWatts } }),
  };
}

function rule(counter: Counter, before: CounterState | undefined, readAt: number): Ruling {
  const mark = { value: counter.value, at: counter.at };
  if (!before) return { state: stateAt(mark, counter), verdict: 'sound', value: counter.value };
  if (before.source !== counter.source) {
    return { state: stateAt(mark, counter), verdict: 'rebased', value: counter.value };
  }
  const verdict = judge(counter, before);
  if (verdict === 'backward' || verdict === 'jump') return contradicted(counter, before, verdict, readAt);
  const accepted = nextMark(counter, before.accepted);
  return { state: stateAt(accepted, counter), verdict, value: accepted.value };
}

/** The same object with one value replaced, or taken out where it is undefined. */
function withValue(fields: Parts, path: readonly string[], value: number | undefined): Parts {
  const [key, ...rest] = path;
  if (key === undefined) return fields;
  if (rest.length > 0) {
    const inner = fields[key];
    return { ...fields, [key]: isFields(inner) ? withValue(inner, rest, value) : inner };
  }
  if (value !== undefined) return { ...fields, [key]: value };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

function withoutParts(payload: Parts, parts: readonly string[]): Parts {
  if (parts.length === 0) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([part]) => !parts.includes(part)));
}

const remarks = {
  backward: 'went backwards and is left out',
  jump: 'jumped by more than the installation can do and is left out',
  rebased: 'counts from another beginning from now on',
} as const;

/** One warning a part and remark; counters of inverters are counted, since their paths hold serial numbers. */
function warningsOf(
  rulings: readonly { readonly counter: Counter; readonly verdict: Ruling['verdict'] }[],
  starting: readonly string[],
): readonly DatasetWarning[] {
  const groups = new Map<string, { part: string; verdict: keyof typeof remarks; names: string[] }>();
  for (const { counter, verdict } of rulings) {
    const [part = '', ...rest] = counter.path;
    if (verdict === 'sound' || verdict === 'noise' || starting.includes(part)) continue;
    const group = groups.get(`${part} ${verdict}`) ?? { part, verdict, names: [] };
    group.names.push(rest.join('.'));
    groups.set(`${part} ${verdict}`, group);
  }
  const remarked = [...groups.values()].map(({ part, verdict, names }): DatasetWarning => {
    const what = part === 'inverters' ? `The lifetimeEnergy of ${names.length} inverter(s)` : names.join(', ');
    return { part, code: 'data_quality', message: `${what} ${remarks[verdict]}.` };
  });
  return [...starting.map(startingWarning), ...remarked];
}

/**
 * Holds the lifetime counters of a payload (production, consumption, CTs, inverters, and their phases) against those
 * before (spec 4.1, 4.5, appendix C 7). One that goes backwards, or up by more than the installation can produce or the
 * house connection carries in that time, is left out with a warning `data_quality`. The limits: for production 1.25
 * times the installed power (the sum of the inverters' highest reports, 400 W each at least, or the highest production
 * seen); for the grid 50 kW a phase; for consumption both together.
 *
 * A counter that was really reset, or continues from another value, is accepted after five readings over a quarter of
 * an hour that agree with each other, and at once where it comes from another endpoint, or consumption from another
 * firmware: it is then named in `rebased` and in a warning, so that nobody counts the step as energy. A fall of up to
 * 10 Wh is noise: the last value stands, and so it does while consumption falls as its negative power has it. A part that is all zero although its counters were not is left out as a whole
 * (`startingParts`).
 */
export function updateQuality<T extends TimedPayload>(state: QualityState, payload: T): Judged<T> {
  const size = sizeOf(payload, state.size);
  const counters: Record<string, CounterState> = { ...state.counters };
  const rulings: { counter: Counter; verdict: Ruling['verdict'] }[] = [];
  let kept: Parts = payload;
  for (const counter of countersIn(payload, size, payload.readAt)) {
    const name = counter.path.join('.');
    const known = Object.hasOwn(counters, name) ? counters[name] : undefined;
    const { state: next, verdict, value } = rule(counter, known, payload.readAt);
    counters[name] = next;
    if (value !== counter.value) kept = withValue(kept, counter.path, value);
    rulings.push({ counter, verdict });
  }
  const starting = startingParts(
    payload,
    rulings.map(({ counter, verdict }) => ({ counter, isBackward: verdict === 'backward' })),
  );
  return {
    state: { size, counters },
    // Only what cannot be right was taken out or held: the type is the same as far as anyone may rely on it.
    payload: withoutParts(kept, starting) as T,
    warnings: warningsOf(rulings, starting),
    rebased: rulings.filter(({ verdict }) => verdict === 'rebased').map(({ counter }) => counter.path.join('.')),
    isStarting: starting.length > 0,
  };
}

function isMark(value: unknown): value is Mark {
  return isFields(value) && numberAt(value, 'value') !== undefined && numberAt(value, 'at') !== undefined;
}

function isLevel(value: unknown): value is Level {
  return isFields(value) && numberAt(value, 'value') !== undefined && numberAt(value, 'fallingWatts') !== undefined;
}

/** The state in a record read back from disk; what is not usable counts as never seen, and doubts begin anew. */
export function qualityStateFrom(record: unknown): QualityState {
  const fields = isFields(record) ? record : {};
  const size = fieldsAt(fields, 'size');
  const installedWatts = numberAt(size, 'installedWatts');
  const counters = Object.entries(fieldsAt(fields, 'counters')).flatMap(([name, counter]) => {
    if (!isFields(counter) || !isMark(counter.accepted)) return [];
    const { accepted, level } = counter;
    const source = textAt(counter, 'source');
    const kept = { ...(source !== undefined && { source }), ...(isLevel(level) && { level }) };
    return [[name, { accepted, ...kept }] as const];
  });
  return {
    size: { peakWatts: numberAt(size, 'peakWatts') ?? 0, ...(installedWatts !== undefined && { installedWatts }) },
    counters: Object.fromEntries(counters),
  };
}
