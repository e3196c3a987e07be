import { usualOperation } from '../../model/operation.js';
import { generatorPower } from '../equipment.js';
import type { View } from '../identity.js';
import type { JsonObject } from '../state.js';

const author = 'simulator';

/** The configuration of the generator; nothing where there is none (spec/envoy 4.11). */
export function currentConfig({ identity, state }: View): JsonObject | undefined {
  if (!identity.equipment.generator) return undefined;
  return (
    state.generatorConfig ?? {
      max_cont_gen_amps: 48,
      min_gen_loading_perc: 10,
      max_gen_efficiency_perc: 80,
      name_plate_rating_wat: generatorPower / 1000,
      start_method: 'auto',
      warm_up_mins: 3,
      cool_down_mins: 4,
      gen_type: 'Standby',
      model: 'S-11',
      manufacturer: 'Simulated',
      last_updated_by: author,
      generator_id: '3018000042',
      charge_from_generator: true,
    }
  );
}

/** When it is exercised and from what charge on it starts and stops; nothing where there is none. */
export function currentSchedule({ identity, state }: View): JsonObject | undefined {
  if (!identity.equipment.generator) return undefined;
  const period = { id: 'normal_1', start: 0, duration: 1440, start_soc: 100, stop_soc: -1, setting: 'AON' };
  const day = { id: 'all_days', week_days: 'Mon,Tue,Wed,Thu,Fri,Sat,Sun', periods: [period] };
  return (
    state.generatorSchedule ?? {
      exercise_config: { freq_in_weeks: 2, start: 660, duration: 20, day: 'Wed' },
      default_soc: { start_soc: usualOperation.startSoc, stop_soc: usualOperation.stopSoc },
      schedule: { default: [{ id: 'always_on', start: '1/1', end: '12/31', days: [day] }] },
      last_updated_by: author,
    }
  );
}

/** The document of `/ivp/ss/gen_config`: empty where there is no generator. */
export function generatorConfigDocument(view: View): JsonObject {
  return currentConfig(view) ?? {};
}

/** The document of `/ivp/ss/gen_schedule`: empty where there is no generator. */
export function generatorScheduleDocument(view: View): JsonObject {
  return currentSchedule(view) ?? {};
}

/** The document of `/ivp/ss/gen_mode`. */
export function generatorModeDocument({ identity, state }: View): JsonObject {
  return identity.equipment.generator ? { gen_cmd: state.generatorMode, last_updated_by: author } : {};
}

const modeCodes = { off: 0, on: 1, auto: 2 } as const;

/** The document of `/ivp/ensemble/generator`. */
export function generatorDocument(view: View): JsonObject {
  const { identity, state, plant, time } = view;
  if (!identity.equipment.generator) {
    return {
      admin_state: 'unknown',
      oper_state: 'open',
      admin_mode: 0,
      schedule: 0,
      start_soc: 100,
      stop_soc: -1,
      exc_on: 0,
      present: 0,
      type: 1,
    };
  }
  const running = plant.generator(time).total.watts > 0;
  const relay = state.generatorMode === 'on' || running ? 'closed' : 'open';
  const soc = currentSchedule(view)?.['default_soc'] as { start_soc: number; stop_soc: number } | undefined;
  return {
    admin_state: relay,
    oper_state: running ? 'closed' : 'open',
    admin_mode: modeCodes[state.generatorMode],
    schedule: 1,
    start_soc: soc?.start_soc ?? -1,
    stop_soc: soc?.stop_soc ?? -1,
    exc_on: 0,
    present: 1,
    type: 1,
  };
}
