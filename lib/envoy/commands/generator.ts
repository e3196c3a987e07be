import { fieldsAt, numberAt, type Fields } from '../datasets/fields.js';
import {
  generatorConfig,
  generatorMode as interpretMode,
  generatorSchedule as interpretSchedule,
} from '../datasets/interpret/generator.js';
import { changes, fields, invalid, oneOfAnyCase, truth, wholeBetween, type Settings } from './checks.js';
import type { CommandDefinition, PlanContext } from './definition.js';
import {
  changedGeneratorSchedule,
  completeDocument,
  generatorConfigKeys,
  generatorScheduleKeys,
  hasAll,
} from './documents.js';
import { generatorConfigRequest, generatorModeRequest, generatorScheduleRequest, paths } from './requests.js';
import type { CommandWarning, GeneratorModeWord, GeneratorScheduleChanges } from './types.js';

const percent = wholeBetween(0, 100);

const settings: Settings<GeneratorScheduleChanges> = {
  exerciseFreqInWeeks: { gatewayName: 'exercise_freq_in_weeks', check: wholeBetween(1, 4) },
  exerciseDay: {
    gatewayName: 'exercise_day',
    check: oneOfAnyCase(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']),
  },
  exerciseStart: { gatewayName: 'exercise_start', check: wholeBetween(0, 1439) },
  exerciseDuration: { gatewayName: 'exercise_duration', check: wholeBetween(10, 60, 10) },
  defaultStartSoc: { gatewayName: 'default_start_soc', check: percent },
  defaultStopSoc: { gatewayName: 'default_stop_soc', check: percent },
};

const gatewayMayRestore: CommandWarning = {
  code: 'gateway_may_restore',
  message: 'A gateway without batteries switches charging from the generator on again by itself.',
};

function wrongOrder(): Error {
  const broken = { rule: 'below', other: 'defaultStopSoc' } as const;
  return invalid('generatorSchedule.defaultStartSoc', broken, 'below "defaultStopSoc"');
}

function parseSchedule(payload: unknown): GeneratorScheduleChanges {
  const found = changes(settings, fields(payload, 'generatorSchedule'), 'generatorSchedule');
  const { defaultStartSoc, defaultStopSoc } = found;
  if (defaultStartSoc !== undefined && defaultStopSoc !== undefined && defaultStartSoc >= defaultStopSoc) {
    throw wrongOrder();
  }
  return found;
}

/** The changes that are given, under the keys of one object of the gateway's schedule. */
function under(keys: Readonly<Record<string, keyof GeneratorScheduleChanges>>, wanted: GeneratorScheduleChanges) {
  const entries = Object.entries(keys).map(([key, name]) => [key, wanted[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The raw schedule with the changes; undefined where the charge to start at would not be below the one to stop at. */
function merged(document: Fields, wanted: GeneratorScheduleChanges): Fields | undefined {
  const exercise = under(
    {
      freq_in_weeks: 'exerciseFreqInWeeks',
      start: 'exerciseStart',
      duration: 'exerciseDuration',
      day: 'exerciseDay',
    },
    wanted,
  );
  const soc = under({ start_soc: 'defaultStartSoc', stop_soc: 'defaultStopSoc' }, wanted);
  const changed = changedGeneratorSchedule(document, exercise, soc);
  if (Object.keys(soc).length === 0) return changed;
  const result = fieldsAt(changed, 'default_soc');
  const isOrdered = (numberAt(result, 'start_soc') ?? 0) < (numberAt(result, 'stop_soc') ?? 0);
  return isOrdered ? changed : undefined;
}

async function planSchedule({ document }: PlanContext, wanted: GeneratorScheduleChanges) {
  const path = paths.generatorSchedule;
  const raw = completeDocument(await document(path), generatorScheduleKeys, path);
  const changed = merged(raw, wanted);
  if (!changed) throw wrongOrder();
  return {
    request: generatorScheduleRequest(changed),
    isComplete: (reply: unknown) => hasAll(reply, generatorScheduleKeys),
    readBack: {
      path,
      observe: (reply: unknown) => {
        const schedule = interpretSchedule(reply, path);
        const confirmed = Object.entries(wanted).every(([name, value]) => (schedule as Fields)[name] === value);
        return { state: { generator: { schedule } }, confirmed };
      },
    },
  };
}

async function planCharging({ document }: PlanContext, wanted: boolean) {
  const path = paths.generatorConfig;
  const raw = completeDocument(await document(path), generatorConfigKeys, path);
  return {
    request: generatorConfigRequest({ ...raw, charge_from_generator: wanted }),
    isComplete: (reply: unknown) => hasAll(reply, generatorConfigKeys),
    readBack: {
      path,
      observe: (reply: unknown) => {
        const config = generatorConfig(reply, path);
        const confirmed = config.chargeFromGenerator === wanted;
        const isRestored = !wanted && !confirmed;
        return { state: { generator: { config } }, confirmed, ...(isRestored && { warnings: [gatewayMayRestore] }) };
      },
    },
  };
}

const requirements = { features: ['generator'] } as const;

/** Starts the generator, stops it, or leaves it to the gateway (spec 5.5). */
export const generatorMode: CommandDefinition<GeneratorModeWord> = {
  requirements,
  parse: (payload) => oneOfAnyCase(['off', 'on', 'auto'])(payload, 'generatorMode'),
  plan: async ({ document }, wanted) => {
    // Some firmware with a generator has no such path; asking first keeps the write from it.
    await document(paths.generatorMode);
    return {
      request: generatorModeRequest(wanted),
      readBack: {
        path: paths.generatorMode,
        observe: (reply) => {
          const mode = interpretMode(reply, paths.generatorMode);
          return { state: { generator: { mode } }, confirmed: mode.genCmd === wanted };
        },
      },
    };
  },
};

/** Changes when the generator exercises, and at which charge it starts and stops (spec 5.5). */
export const generatorSchedule: CommandDefinition<GeneratorScheduleChanges> = {
  requirements,
  parse: parseSchedule,
  plan: planSchedule,
};

/** Whether the generator may charge the batteries (spec 5.5). */
export const chargeFromGenerator: CommandDefinition<boolean> = {
  requirements,
  parse: (payload) => truth(payload, 'chargeFromGenerator'),
  plan: planCharging,
};
