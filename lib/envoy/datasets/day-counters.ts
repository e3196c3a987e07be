import { gridOf } from './derived/grid.js';
import { fieldsAt, isFields, numberAt, whole } from './fields.js';
import { startOfDay } from './local-midnight.js';
import type { TimedPayload } from './quality.js';

/** Energy since the last local midnight, Wh, by our own count; each one is absent where its counter is unknown. */
export interface Today {
  readonly productionWattHours?: number;
  readonly consumptionWattHours?: number;
  readonly importWattHours?: number;
  readonly exportWattHours?: number;
  /** From when on all of them count, ms since the epoch: midnight, or later on a day without readings at midnight. */
  readonly since: number;
}

/** The quantities that are counted by the day. */
type DayQuantity = Exclude<keyof Today, 'since'>;

interface DayCounter {
  /** The lifetime counter, Wh, as it last stood. */
  readonly lifetime: number;
  readonly readAt: number;
  readonly wattHours: number;
  readonly since: number;
}

/** What is remembered between payloads: plain JSON, to be kept across restarts. */
export type DayState = Readonly<Partial<Record<DayQuantity, DayCounter>>>;

/** What is known before the first payload. */
export const noDayState: DayState = {};

/** How the days are counted. */
export interface DayOptions {
  /** IANA name: that of the gateway where it is known (see `usableTimeZone`). */
  readonly timeZone: string;
  /** Counters that start from another value (`updateQuality`): their step is no energy of today. */
  readonly rebased: readonly string[];
}

/** A gap of this length around midnight is divided by time; of a longer one nobody knows what belongs to which day. */
const divisibleGap = 3_600_000;

const origins: Readonly<Record<DayQuantity, string>> = {
  productionWattHours: 'production.wattHoursLifetime',
  consumptionWattHours: 'consumption.wattHoursLifetime',
  importWattHours: 'meters.net-consumption.energyDelivered',
  exportWattHours: 'meters.net-consumption.energyReceived',
};

function lifetimesOf(payload: TimedPayload): Readonly<Record<DayQuantity, number | undefined>> {
  const grid = gridOf(payload);
  return {
    productionWattHours: numberAt(fieldsAt(payload, 'production'), 'wattHoursLifetime'),
    consumptionWattHours: numberAt(fieldsAt(payload, 'consumption'), 'wattHoursLifetime'),
    importWattHours: grid?.importWattHours,
    exportWattHours: grid?.exportWattHours,
  };
}

function advance(
  before: DayCounter | undefined,
  lifetime: number,
  readAt: number,
  midnight: number,
  isRebased: boolean,
): DayCounter {
  const fresh = { lifetime, readAt, wattHours: 0, since: readAt };
  // A beginning in the future comes from a clock that was wrong then.
  if (!before || before.since > readAt) return fresh;
  const gain = isRebased ? 0 : Math.max(0, lifetime - before.lifetime);
  if (before.since >= midnight) return { ...before, lifetime, readAt, wattHours: before.wattHours + gain };
  if (before.readAt >= midnight) return { lifetime, readAt, wattHours: gain, since: before.readAt };
  const gap = readAt - before.readAt;
  if (gap > divisibleGap) return fresh;
  return { lifetime, readAt, wattHours: gap > 0 ? (gain * (readAt - midnight)) / gap : 0, since: midnight };
}

function todayOf(state: DayState, quantities: readonly DayQuantity[]): Today | undefined {
  const counters = quantities.flatMap((quantity) => {
    const counter = state[quantity];
    return counter ? [[quantity, counter] as const] : [];
  });
  if (counters.length === 0) return undefined;
  const energies = Object.fromEntries(counters.map(([quantity, { wattHours }]) => [quantity, whole(wattHours)]));
  return { ...energies, since: Math.max(...counters.map(([, { since }]) => since)) };
}

/**
 * Adds `today` to a payload: the energies since local midnight, counted from the lifetime counters because the
 * gateway's own `wattHoursToday` is unreliable (spec 4.1). The payload should have passed `updateQuality`. On the first
 * day counting begins with the first reading. Where readings are missing around midnight, the energy of a gap of up to
 * an hour is divided by time; after a longer one the day begins with the first reading after it, as `since` says.
 */
export function updateDay<T extends TimedPayload>(
  state: DayState,
  payload: T,
  options: DayOptions,
): { readonly state: DayState; readonly payload: T & { readonly today?: Today } } {
  const midnight = startOfDay(payload.readAt, options.timeZone);
  const lifetimes = Object.entries(lifetimesOf(payload)) as [DayQuantity, number | undefined][];
  const known = lifetimes.filter((entry): entry is [DayQuantity, number] => entry[1] !== undefined);
  const advanced = known.map(([quantity, lifetime]) => {
    const isRebased = options.rebased.includes(origins[quantity]);
    return [quantity, advance(state[quantity], lifetime, payload.readAt, midnight, isRebased)] as const;
  });
  const next: DayState = { ...state, ...Object.fromEntries(advanced) };
  const today = todayOf(
    next,
    known.map(([quantity]) => quantity),
  );
  return { state: next, payload: today ? { ...payload, today } : payload };
}

function isCounter(value: unknown): value is DayCounter {
  if (!isFields(value)) return false;
  return ['lifetime', 'readAt', 'wattHours', 'since'].every((name) => numberAt(value, name) !== undefined);
}

/** The day counters in a record read back from disk; what is not usable counts as never seen. */
export function dayStateFrom(record: unknown): DayState {
  const fields = isFields(record) ? record : {};
  const usable = Object.keys(origins).filter((quantity) => isCounter(fields[quantity]));
  return Object.fromEntries(usable.map((quantity) => [quantity, fields[quantity]]));
}
