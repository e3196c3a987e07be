import { EnergyError } from '../../errors.js';
import { fieldsAt, flagAt, isFields, requiredFields, type Fields } from '../datasets/fields.js';

/** A path inside a document, by its keys. */
type Place = readonly string[];

function valueAt(document: unknown, place: Place): unknown {
  return place.reduce((inside, key) => (isFields(inside) ? inside[key] : undefined), document);
}

function missingIn(document: unknown, places: readonly Place[]): Place | undefined {
  return places.find((place) => valueAt(document, place) === undefined);
}

/** Whether a document has a value at each of these places. */
export function hasAll(document: unknown, places: readonly Place[]): boolean {
  return missingIn(document, places) === undefined;
}

/**
 * A document that is complete and so may be sent back with a change: a gateway may fail over an incomplete one (spec 5.2).
 * @throws EnergyError `reply_invalid` (no object), `reply_incomplete` with the first key that is missing
 */
export function completeDocument(document: unknown, places: readonly Place[], path: string): Fields {
  const [first] = places;
  const fields = requiredFields(document, path, first?.[0] ?? '');
  const missing = missingIn(fields, places)?.join('.');
  if (missing === undefined) return fields;
  const message = `${path} answers without "${missing}", so that nothing was sent: the gateway needs the whole document.`;
  throw new EnergyError('reply_incomplete', message, { parameters: { path, field: missing } });
}

/** The raw tariff with changes to its storage settings; everything else stays as it is (spec 5.3). */
export function changedTariff(document: Fields, changes: Fields): Fields {
  const tariff = fieldsAt(document, 'tariff');
  const settings = fieldsAt(tariff, 'storage_settings');
  return { ...document, tariff: { ...tariff, storage_settings: { ...settings, ...changes } } };
}

/** What every settings object of a dry contact has to hold (spec 5.2). */
export const dryContactKeys: readonly Place[] = [
  ['id'],
  ['type'],
  ['mode'],
  ['grid_action'],
  ['micro_grid_action'],
  ['gen_action'],
  ['override'],
  ['load_name'],
  ['soc_low'],
  ['soc_high'],
  ['pv_serial_nb'],
];

/** Keys that are left out where they have no value; all others are sent even then. */
const omittedWithoutValue = new Set([
  'black_s_start',
  'essential_start_time',
  'essential_end_time',
  'priority',
  'manual_override',
]);

/** Truth values that a gateway reads and writes as the words `true` and `false`. */
const wordFlags = ['override', 'manual_override'];

/** The raw settings of a dry contact with changes, under the gateway's names, as the gateway wants them (spec 5.2). */
export function changedDryContact(contact: Fields, changes: Fields): Fields {
  const merged: Fields = { ...contact, ...changes };
  const words = wordFlags.flatMap((key) => {
    const flag = flagAt(merged, key);
    return flag === undefined ? [] : [[key, String(flag)] as const];
  });
  const entries = Object.entries({ ...merged, ...Object.fromEntries(words) });
  return Object.fromEntries(entries.filter(([key, value]) => value !== null || !omittedWithoutValue.has(key)));
}

/** What a whole schedule of a generator holds (spec 5.5). */
export const generatorScheduleKeys: readonly Place[] = [
  ['exercise_config', 'freq_in_weeks'],
  ['exercise_config', 'start'],
  ['exercise_config', 'duration'],
  ['exercise_config', 'day'],
  ['default_soc', 'start_soc'],
  ['default_soc', 'stop_soc'],
  ['schedule'],
  ['last_updated_by'],
];

/** The raw schedule of a generator with changes to its exercises and its default charge. */
export function changedGeneratorSchedule(document: Fields, exercise: Fields, soc: Fields): Fields {
  return {
    ...document,
    exercise_config: { ...fieldsAt(document, 'exercise_config'), ...exercise },
    default_soc: { ...fieldsAt(document, 'default_soc'), ...soc },
  };
}

/** What a whole configuration of a generator holds (spec 4.11). */
export const generatorConfigKeys: readonly Place[] = [
  ['max_cont_gen_amps'],
  ['min_gen_loading_perc'],
  ['max_gen_efficiency_perc'],
  ['name_plate_rating_wat'],
  ['start_method'],
  ['warm_up_mins'],
  ['cool_down_mins'],
  ['gen_type'],
  ['model'],
  ['manufacturer'],
  ['last_updated_by'],
  ['generator_id'],
  ['charge_from_generator'],
];
