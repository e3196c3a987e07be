import type { EnergyError } from '../../errors.js';
import type { MeterFailure } from '../api/meter-api.js';
import type { Floor } from './windows.js';

const hour = 3_600_000;
const day = 24 * hour;

/** What a subscriber was told of a meter and dataset. */
export interface Told {
  /** The first day that was not told yet. */
  readonly until: string;
  /** Earlier days that may still get data, with the number of readings that were told. */
  readonly pending: Readonly<Record<string, number>>;
}

/** Why a meter is left alone for a while. */
export interface Pause {
  readonly kind: MeterFailure['kind'];
  readonly code?: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly until: number;
  /** How often in a row. */
  readonly count: number;
  /** Code of the error to show, where it was not the data server that failed. */
  readonly error?: EnergyError['code'];
}

/** What is kept of a meter and dataset besides its days. */
export interface DatasetState {
  readonly floor?: Floor & { readonly until: number };
  readonly pause?: Pause;
  readonly told?: Readonly<Record<string, Told>>;
}

/** What is in the way for a day: asked again once a day at most (spec/device-flow 4.7, 5.2). */
const forADay: ReadonlySet<MeterFailure['kind']> = new Set([
  'wrong_direction',
  'not_activated',
  'no_consent',
  'moved_out',
]);

/** After trouble at the data server: minutes, then hours; where there was no answer at all: minutes (spec/device-flow 4.7). */
const troublePauses: readonly number[] = [15 * 60_000, hour, 3 * hour];
const silencePauses: readonly number[] = [60_000, 5 * 60_000, 15 * 60_000];

/** The pause that a failure asks for; `undefined` where it asks for none. */
export function pauseAfter(
  { kind, code, retryAt }: MeterFailure,
  error: EnergyError | undefined,
  previous: Pause | undefined,
  now: number,
): Pause | undefined {
  const common = { kind, at: now, ...(code !== undefined && { code }), ...(error && { error: error.code }) };
  if (forADay.has(kind)) return { ...common, until: now + day, count: 1 };
  if (kind !== 'trouble') return undefined;
  const count = previous?.kind === 'trouble' ? previous.count + 1 : 1;
  const pauses = error?.code === 'cloud_unavailable' ? silencePauses : troublePauses;
  const length = pauses[Math.min(count, pauses.length) - 1] ?? 0;
  return { ...common, until: Math.max(now + length, retryAt ?? 0), count };
}

/** Whether the meter is still left alone; not because of a clock that was put back. */
export function isPaused(pause: Pause | undefined, now: number): pause is Pause {
  return pause !== undefined && now < pause.until && now >= pause.at;
}

/** Whether the pause ends with a new consent. It is then not kept over a restart, which may have missed the consent. */
export function isAboutConsent({ kind }: Pick<Pause, 'kind'>): boolean {
  return kind === 'no_consent' || kind === 'moved_out';
}

/** A new consent, a new supplier, a meter that was changed: what the server said of the first day is asked again monthly. */
export function floorOf(found: Floor, now: number): NonNullable<DatasetState['floor']> {
  return { ...found, until: now + 30 * day };
}
