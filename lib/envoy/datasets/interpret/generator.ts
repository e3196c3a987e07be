import { camelCopy, codeAt, fieldsAt, flagAt, numberAt, present, requiredFields, textAt } from '../fields.js';

/** What the generator does (spec 4.11). */
export interface GeneratorState {
  /** Wanted and actual state of its relay: `open`, `closed`, also `close`. */
  readonly adminState?: number | string;
  readonly operState?: number | string;
  /** Code. */
  readonly adminMode?: number | string;
  readonly schedule?: number | string;
  /** State of charge in % at which it starts and stops; -1 = not set. */
  readonly startSoc?: number;
  readonly stopSoc?: number;
  readonly excOn?: number | string;
  readonly present?: boolean;
  readonly type?: number | string;
}

/** How the generator is set up (spec 4.11). */
export interface GeneratorConfig {
  /** A */
  readonly maxContGenAmps?: number;
  readonly minGenLoadingPerc?: number;
  readonly maxGenEfficiencyPerc?: number;
  /** kW, whatever its name says. */
  readonly namePlateRatingWat?: number;
  readonly startMethod?: string;
  readonly warmUpMins?: number;
  readonly coolDownMins?: number;
  readonly genType?: string;
  readonly model?: string;
  readonly manufacturer?: string;
  readonly lastUpdatedBy?: string;
  readonly generatorId?: number | string;
  readonly chargeFromGenerator?: boolean;
}

/** When the generator exercises and charges (spec 4.11). */
export interface GeneratorSchedule {
  readonly exerciseFreqInWeeks?: number;
  /** Minutes after midnight. */
  readonly exerciseStart?: number;
  /** Minutes. */
  readonly exerciseDuration?: number;
  /** `Mon` to `Sun`. */
  readonly exerciseDay?: string;
  /** % */
  readonly defaultStartSoc?: number;
  /** % */
  readonly defaultStopSoc?: number;
  /** The gateway's own table. */
  readonly schedule?: unknown;
  readonly lastUpdatedBy?: string;
}

/** Whether the generator is `off`, `on` or `auto` (spec 4.11). */
export interface GeneratorMode {
  readonly genCmd?: string;
  readonly lastUpdatedBy?: string;
}

/** The reply of `/ivp/ensemble/generator`. @throws EnergyError `reply_invalid` */
export function generatorState(reply: unknown, endpoint: string): GeneratorState {
  const fields = requiredFields(reply, endpoint, 'oper_state');
  return present({
    adminState: codeAt(fields, 'admin_state'),
    operState: codeAt(fields, 'oper_state'),
    adminMode: codeAt(fields, 'admin_mode'),
    schedule: codeAt(fields, 'schedule'),
    startSoc: numberAt(fields, 'start_soc'),
    stopSoc: numberAt(fields, 'stop_soc'),
    excOn: codeAt(fields, 'exc_on'),
    present: flagAt(fields, 'present'),
    type: codeAt(fields, 'type'),
  });
}

/** The reply of `/ivp/ss/gen_config`. @throws EnergyError `reply_invalid` */
export function generatorConfig(reply: unknown, endpoint: string): GeneratorConfig {
  const fields = requiredFields(reply, endpoint, 'generator_id');
  return present({
    maxContGenAmps: numberAt(fields, 'max_cont_gen_amps'),
    minGenLoadingPerc: numberAt(fields, 'min_gen_loading_perc'),
    maxGenEfficiencyPerc: numberAt(fields, 'max_gen_efficiency_perc'),
    namePlateRatingWat: numberAt(fields, 'name_plate_rating_wat'),
    startMethod: textAt(fields, 'start_method'),
    warmUpMins: numberAt(fields, 'warm_up_mins'),
    coolDownMins: numberAt(fields, 'cool_down_mins'),
    genType: textAt(fields, 'gen_type'),
    model: textAt(fields, 'model'),
    manufacturer: textAt(fields, 'manufacturer'),
    lastUpdatedBy: textAt(fields, 'last_updated_by'),
    generatorId: codeAt(fields, 'generator_id'),
    chargeFromGenerator: flagAt(fields, 'charge_from_generator'),
  });
}

/** The reply of `/ivp/ss/gen_schedule`. @throws EnergyError `reply_invalid` */
export function generatorSchedule(reply: unknown, endpoint: string): GeneratorSchedule {
  const fields = requiredFields(reply, endpoint, 'exercise_config');
  const [exercise, soc] = [fieldsAt(fields, 'exercise_config'), fieldsAt(fields, 'default_soc')];
  return present({
    exerciseFreqInWeeks: numberAt(exercise, 'freq_in_weeks'),
    exerciseStart: numberAt(exercise, 'start'),
    exerciseDuration: numberAt(exercise, 'duration'),
    exerciseDay: textAt(exercise, 'day'),
    defaultStartSoc: numberAt(soc, 'start_soc'),
    defaultStopSoc: numberAt(soc, 'stop_soc'),
    schedule: camelCopy(fields.schedule),
    lastUpdatedBy: textAt(fields, 'last_updated_by'),
  });
}

/** The reply of `/ivp/ss/gen_mode`. @throws EnergyError `reply_invalid` */
export function generatorMode(reply: unknown, endpoint: string): GeneratorMode {
  const fields = requiredFields(reply, endpoint, 'gen_cmd');
  return present({ genCmd: textAt(fields, 'gen_cmd'), lastUpdatedBy: textAt(fields, 'last_updated_by') });
}
