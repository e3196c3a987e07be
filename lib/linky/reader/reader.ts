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
  /** Days of the range for which Enedis has nothing (yet), `YYYY-MM-DD`; they are asked for again later. */
  readonly missing: readonly string[];
  /** Short words for what people should know: `not_activated`, `before_activation` and so on. */
  readonly notes: readonly string[];
}

/** Reads meters of one account, with a cache. */
export interface LinkyReader {
  /** One result a usage point. @throws AuthenticationError, EnergyError */
  read(request: ReadRequest): Promise<readonly ReadResult[]>;
  close(): Promise<void>;
}
