/**
 * The documents of Enedis. The proxy translates those of 2026 into those of v5; the reader understands both. These are
 * the shapes as documented: what comes over the network is checked member by member (spec/device-flow 4.5, 4.10).
 */

/** One value of v5. */
export interface IntervalReading {
  /** An integer. */
  readonly value: string;
  /** Wall time in Europe/Paris: a day, or `YYYY-MM-DD HH:MM:SS`; for curves the end of the interval. */
  readonly date: string;
  /** Curves only: `PT30M` and the like. */
  readonly interval_length?: string;
  /** Curves only. */
  readonly measure_type?: string;
}

/** What the values of v5 are. */
export interface ReadingType {
  readonly unit: 'W' | 'Wh' | 'VA';
  readonly measurement_kind: 'power' | 'energy';
  readonly aggregate: 'average' | 'sum' | 'maximum';
  readonly measuring_period?: 'P1D';
}

/** Measured values in v5. */
export interface MeterReadingDocument {
  readonly meter_reading: {
    readonly usage_point_id: string;
    /** Days; `end` is the first that is left out. */
    readonly start: string;
    readonly end: string;
    readonly quality: string;
    readonly reading_type: ReadingType;
    readonly interval_reading: readonly IntervalReading[];
  };
}

/** A contract in v5, without anything about persons; what is not known is absent. */
export interface ContractDetails {
  readonly segment?: string;
  /** Such as `9 kVA`. */
  readonly subscribed_power?: string;
  readonly last_activation_date?: string;
  readonly distribution_tariff?: string;
  /** Such as `HC (22H30-6H30)`. */
  readonly offpeak_hours?: string;
  readonly contract_type?: string;
  readonly contract_status?: string;
  readonly last_distribution_tariff_change_date?: string;
}

/** Contracts in v5. */
export interface ContractsDocument {
  readonly customer: {
    readonly usage_points: readonly {
      readonly usage_point: {
        readonly usage_point_id: string;
        readonly usage_point_status?: string;
        readonly meter_type?: string;
      };
      readonly contracts: ContractDetails;
    }[];
  };
}

/** An error in the words of both generations. */
export interface ErrorDocument {
  readonly error: string;
  readonly error_description?: string;
  readonly code: string;
  readonly message?: string;
}
