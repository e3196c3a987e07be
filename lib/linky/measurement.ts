import type { MeasurementResource } from './datasets.js';
import type { WallTime } from './wall-time.js';

/** One measured value. */
export interface MeasurementPoint {
  /** In the unit of its resource. */
  readonly value: number;
  /** The end of the interval (curves), the day, or the moment of the highest power. */
  readonly at: WallTime;
  /** Length of the interval in minutes; curves only. */
  readonly minutes?: number;
  /** Nature of the measure, curves only; `B` is a plain one. */
  readonly measureType?: string;
}

/** Measured values, whichever generation of the interface gave them: in the order of time, bad points left out. */
export interface Measurement {
  readonly resource: MeasurementResource;
  readonly usagePoint: string;
  /** Days; `end` is the first that is left out. */
  readonly start: string;
  readonly end: string;
  /** `BRUT` (raw) or `BEST` (corrected). */
  readonly quality: string;
  readonly points: readonly MeasurementPoint[];
}
