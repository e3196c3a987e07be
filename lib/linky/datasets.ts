/** What Enedis measures and gives out as a series of values (spec/device-flow 4.5, 4.10.1). */
export type MeasurementDataset =
  | 'consumption_load_curve'
  | 'production_load_curve'
  | 'daily_consumption'
  | 'daily_production'
  | 'daily_consumption_max_power';

/** The registers of a meter, which only Data Connect 2026 gives out. */
export type IndexDataset = 'index_consumption' | 'index_production';

/** Mean power of short intervals, energy of a day, or the highest apparent power of a day with its moment. */
export type SeriesKind = 'curve' | 'daily' | 'max_power';

/** How one dataset is asked for, in both generations of the interface. */
export interface MeasurementResource {
  readonly dataset: MeasurementDataset;
  readonly kind: SeriesKind;
  /** Path of v5, relative to the base of the data interfaces. */
  readonly v5: string;
  /** Path of Data Connect 2026. */
  readonly path: string;
  /** `grandeurMetier` of 2026: drawn from the grid or fed into it. */
  readonly direction: 'CONS' | 'PROD';
  /** `grandeurPhysique` of 2026: active power, active energy, highest apparent power. */
  readonly quantity: 'PA' | 'EA' | 'PMA';
  /** Unit that values are given in: powers in W or VA, energies in Wh. */
  readonly unit: 'W' | 'Wh' | 'VA';
}

const measured = 'mesure_synchrone_auto/v2';

/** The measured series (spec/device-flow 1.13). */
export const measurementResources: readonly MeasurementResource[] = [
  {
    dataset: 'daily_consumption',
    kind: 'daily',
    v5: 'metering_data_dc/v5/daily_consumption',
    path: `${measured}/consommation_quotidienne`,
    direction: 'CONS',
    quantity: 'EA',
    unit: 'Wh',
  },
  {
    dataset: 'daily_production',
    kind: 'daily',
    v5: 'metering_data_dp/v5/daily_production',
    path: `${measured}/production_quotidienne`,
    direction: 'PROD',
    quantity: 'EA',
    unit: 'Wh',
  },
  {
    dataset: 'consumption_load_curve',
    kind: 'curve',
    v5: 'metering_data_clc/v5/consumption_load_curve',
    path: `${measured}/courbe_de_charge_consommation`,
    direction: 'CONS',
    quantity: 'PA',
    unit: 'W',
  },
  {
    dataset: 'production_load_curve',
    kind: 'curve',
    v5: 'metering_data_plc/v5/production_load_curve',
    path: `${measured}/courbe_de_charge_production`,
    direction: 'PROD',
    quantity: 'PA',
    unit: 'W',
  },
  {
    dataset: 'daily_consumption_max_power',
    kind: 'max_power',
    v5: 'metering_data_dcmp/v5/daily_consumption_max_power',
    path: `${measured}/puissance_conso_max_quotidienne`,
    direction: 'CONS',
    quantity: 'PMA',
    unit: 'VA',
  },
];

/** Paths of 2026 for the registers: v5 knows none, so that they are asked for and answered in the words of 2026. */
export const indexPaths: Readonly<Record<IndexDataset, string>> = {
  index_consumption: `${measured}/index_consommation`,
  index_production: `${measured}/index_production`,
};

/** Path of contracts in v5. */
export const contractsPathV5 = 'customers_upc/v5/usage_points/contracts';

/** Path of 2026 for contracts; the usage point follows. */
export const contractPath = 'situation_contrat_auto/v1';
/** Path of 2026 for meters; the usage point follows. */
export const meterPath = 'comptage_auto/v1';

/** Path of 2026 that tells which services an authorisation covers (spec/device-flow 4.10.2). */
export const servicesPath = 'subscribed_services/v1';
