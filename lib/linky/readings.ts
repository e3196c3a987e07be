/** One reading of a meter: what was measured between two moments (design 3.6). */
export interface Reading {
  /** ms since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** Energies in Wh, mean powers in W, highest apparent powers in VA, registers in Wh. */
  readonly unit: 'Wh' | 'W' | 'VA';
  /** The moment of the highest power, ms since the epoch. */
  readonly at?: number;
  /** Register of an index (`HP`, `HC`, `BASE` and so on) with its label. */
  readonly register?: string;
  readonly label?: string;
  /** `BRUT` (raw) or `BEST` (corrected), where the server says it. */
  readonly quality?: string;
}

/** What `linky-read` can read (design 3.6). */
export const linkyDatasets = [
  'consumption_load_curve',
  'daily_consumption',
  'production_load_curve',
  'daily_production',
  'daily_consumption_max_power',
  'index_consumption',
  'index_production',
  'contract',
] as const;

/** What can be read of a meter. */
export type LinkyDataset = (typeof linkyDatasets)[number];

/** The datasets that are series of readings. */
export type SeriesDataset = Exclude<LinkyDataset, 'contract'>;

/** What is known of a meter and its contract, without anything about persons (`msg.meter`). */
export interface MeterInformation {
  /** 14 digits. */
  readonly usagePoint: string;
  readonly segment?: string;
  /** kVA. */
  readonly subscribedPower?: number;
  /** `YYYY-MM-DD` */
  readonly activationDate?: string;
  readonly distributionTariff?: string;
  /** Text of the contract, such as `HC (1H30-8H00;12H30-14H00)`. */
  readonly offpeakHours?: string;
  readonly contractStatus?: string;
  readonly meterType?: string;
}
