import type { MeterApi } from '../api/meter-api.js';
import type { LinkyDataset } from '../readings.js';
import type { LinkyCache } from './cache.js';
import type { MeterCalls } from './calls.js';
import type { Consents } from './consents.js';
import type { ReadProgress } from './reader.js';

/** What the parts of a reader share. */
export interface ReaderContext {
  readonly api: MeterApi;
  readonly cache: LinkyCache;
  readonly calls: MeterCalls;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly consents: Consents;
  /** What was tidied up since the start, by usage point and dataset. */
  readonly tidied: Set<string>;
}

/** One meter and dataset to be read. */
export interface MeterRequest {
  readonly usagePoint: string;
  readonly dataset: LinkyDataset;
  readonly signal: AbortSignal;
  /** ms. */
  readonly patience: number;
  readonly onProgress: (progress: ReadProgress) => void;
}
