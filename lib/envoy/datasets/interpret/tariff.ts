import {
  camelCopy,
  codeAt,
  fieldsAt,
  flagAt,
  invalidReply,
  isErrorReply,
  isFields,
  numberAt,
  present,
  textAt,
  wordAt,
  type Fields,
} from '../fields.js';

/** How the batteries are to be used (spec 4.13). */
export interface StorageSettings {
  /** `backup`, `self-consumption`, `economy`, or another word of the gateway's; `savings-mode` is read as `economy`. */
  readonly mode?: string;
  readonly operationModeSubType?: string;
  /** % */
  readonly reservedSoc?: number;
  /** % */
  readonly veryLowSoc?: number;
  readonly chargeFromGrid?: boolean;
  /** Epoch seconds, as text. */
  readonly date?: number | string;
  readonly optSchedules?: boolean;
}

/** The tariff (spec 4.13): rates in the currency's unit per kWh; seasons as the gateway lists them, in camelCase. */
export interface Tariff {
  readonly currency?: unknown;
  readonly logger?: string;
  /** Epoch seconds, as text. */
  readonly date?: number | string;
  readonly singleRate?: unknown;
  readonly seasons?: unknown;
  readonly seasonsSell?: unknown;
  /** Absent where there is no battery. */
  readonly storageSettings?: StorageSettings;
}

function modeOf(settings: Fields): string | undefined {
  const mode = textAt(settings, 'mode');
  return mode === 'savings-mode' ? 'economy' : mode;
}

function storageSettingsOf(tariff: Fields): StorageSettings | undefined {
  const settings = fieldsAt(tariff, 'storage_settings');
  if (Object.keys(settings).length === 0) return undefined;
  return present({
    mode: modeOf(settings),
    operationModeSubType: wordAt(settings, 'operation_mode_sub_type'),
    reservedSoc: numberAt(settings, 'reserved_soc'),
    veryLowSoc: numberAt(settings, 'very_low_soc'),
    chargeFromGrid: flagAt(settings, 'charge_from_grid'),
    date: codeAt(settings, 'date'),
    optSchedules: flagAt(settings, 'opt_schedules'),
  });
}

/** Whether the reply of `/admin/lib/tariff` holds a tariff (spec 3.10). */
export function hasTariff(reply: unknown): boolean {
  return isFields(reply) && !isErrorReply(reply) && isFields(reply.tariff);
}

/**
 * The tariff in the reply of `/admin/lib/tariff`.
 * @throws EnergyError `reply_invalid` where it holds none.
 */
export function tariff(reply: unknown, endpoint: string): Tariff {
  if (!isFields(reply) || !hasTariff(reply)) throw invalidReply(endpoint, 'tariff');
  const fields = fieldsAt(reply, 'tariff');
  return present({
    currency: camelCopy(fields.currency),
    logger: textAt(fields, 'logger'),
    date: codeAt(fields, 'date'),
    singleRate: camelCopy(fields.single_rate),
    seasons: camelCopy(fields.seasons),
    seasonsSell: camelCopy(fields.seasons_sell),
    storageSettings: storageSettingsOf(fields),
  });
}
