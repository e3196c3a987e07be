import type { EnergyError } from '../../errors.js';
import type { LinkyDataset, MeterInformation, Reading } from '../readings.js';

/** What is to be read. */
export interface ReadRequest {
  readonly dataset: LinkyDataset;
  /** 14 digits; absent: every usage point of the account. */
  readonly usagePoint?: string;
  /** `YYYY-MM-DD`; absent: what is new since the last time (the first time: the last 7 days). */
  readonly from?: string;
  /** First day left out; absent: today. */
  readonly to?: string;
  /** Who asks, such as the id of a node: what is new since the last time is told to each once. */
  readonly subscriber?: string;
  /** Longest single wait in ms (for a quota, for a server in trouble); 2 hours unless given. 0: never wait. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** How far a long read has come. */
export interface ReadProgress {
  readonly usagePoint: string;
  readonly dataset: LinkyDataset;
  /** Calls made and to be made; days read from the cache count in neither. */
  readonly done: number;
  readonly total: number;
  /** Waiting for a quota or for Enedis until then, ms since the epoch. */
  readonly waitingUntil?: number;
}

/** What was read of one usage point. */
export interface ReadResult {
  readonly usagePoint: string;
  readonly dataset: LinkyDataset;
  readonly readings: readonly Reading[];
  readonly meter: MeterInformation;
  /** Days of the range without any reading (yet), `YYYY-MM-DD`; for half a month they are asked for again later. */
  readonly missing: readonly string[];
  /** Days with some readings, but not with all of them; absent where there is none. */
  readonly incomplete?: readonly string[];
  /** Short words for what people should know. */
  readonly notes: readonly ReadNote[];
  /** What kept the read from being whole; the readings are then what could be had. */
  readonly problem?: EnergyError;
}

/**
 * What people should know of a result (spec/device-flow 4.7): `not_activated` no half-hourly curve is collected (daily
 * values work); `wrong_direction` the meter has no such values; `before_activation`, `before_consent`,
 * `before_history` the range began earlier than data may be had; `incomplete` see `problem`; `no_consent`, `moved_out`
 * this meter needs a new consent, others could be read.
 */
export type ReadNote =
  | 'not_activated'
  | 'wrong_direction'
  | 'before_activation'
  | 'before_consent'
  | 'before_history'
  | 'incomplete'
  | 'no_consent'
  | 'moved_out';

/** Reads meters of one account, with a cache. */
export interface LinkyReader {
  /**
   * One result a usage point. What is temporarily out of reach is told as `problem` of the result where at least a part
   * could be had; raised where nothing could.
   * @throws AuthenticationError `consent_expired` (no consent, moved out), `rate_limited`, `server_error`,
   * `cloud_unavailable`, `version_mismatch`, and those of the account; EnergyError `invalid_argument`,
   * `feature_not_available`, `request_refused`, `reply_invalid`, `storage_failed`, `closed` (also when cancelled)
   */
  read(request: ReadRequest): Promise<readonly ReadResult[]>;
  close(): Promise<void>;
}
