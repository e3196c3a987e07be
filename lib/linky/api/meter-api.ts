import type { AuthorizedReply, AuthorizedRequest } from '../../device-flow/account.js';
import type { LinkyDataset, MeterInformation, Reading, SeriesDataset } from '../readings.js';

/** A range of days in Europe/Paris, `YYYY-MM-DD`; `end` is the first day that is left out. */
export interface DayRange {
  readonly start: string;
  readonly end: string;
}

/** What one call of a server covers. */
export interface WindowLimits {
  /** Longest range of one call in days. */
  readonly longestDays: number;
  /** How far back data go, in days. */
  readonly historyDays: number;
}

/** So many calls in so many ms. */
export interface CallBudget {
  readonly calls: number;
  readonly milliseconds: number;
}

/**
 * A server of metering data behind one face (spec/device-flow 4.5, 4.10, 6.1, 6.2): a device-flow proxy, Conso API,
 * MyElectricalData. Requesting and interpreting are separate: `request` builds, `interpret…` reads.
 */
export interface MeterApi {
  readonly name: 'proxy' | 'conso' | 'myelectricaldata';
  readonly datasets: ReadonlySet<LinkyDataset>;
  /** The calls that one user may make in such a time before the service shuts him out; absent where it says so itself. */
  readonly budget?: CallBudget;
  limits(dataset: SeriesDataset): WindowLimits;
  request(dataset: LinkyDataset, usagePoint: string, range: DayRange | undefined): AuthorizedRequest;
  /** The readings of a good answer, in the order of time. @throws EnergyError `reply_invalid` */
  interpretSeries(dataset: SeriesDataset, usagePoint: string, range: DayRange, body: string): readonly Reading[];
  /** @throws EnergyError `reply_invalid` */
  interpretContract(usagePoint: string, body: string): MeterInformation;
  /** What an answer other than 200 means. */
  interpretFailure(reply: AuthorizedReply): MeterFailure;
}

/** Why there are no data (spec/device-flow 4.7). */
export interface MeterFailure {
  readonly kind:
    | 'no_consent'
    | 'moved_out'
    | 'not_activated'
    | 'wrong_direction'
    | 'before_activation'
    | 'before_consent'
    | 'before_history'
    | 'no_data'
    | 'quota'
    | 'token'
    | 'version'
    | 'request'
    | 'trouble';
  /** Code of Enedis or of the server, for people who search for it. */
  readonly code?: string;
  /** ms since the epoch; when asking again makes sense. */
  readonly retryAt?: number;
}
