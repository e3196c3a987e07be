import { EnergyError } from '../../errors.js';
import { isFields, requiredFields, type Fields } from '../datasets/fields.js';
import { tariff, type StorageSettings } from '../datasets/interpret/tariff.js';
import { atLeast } from '../firmware.js';
import { between, fields, oneOf, onlyKnown, truth } from './checks.js';
import type { CommandDefinition, Plan, PlanContext, ReadBack } from './definition.js';
import { changedTariff } from './documents.js';
import { paths, tariffRequest } from './requests.js';
import type { CommandWarning, StorageMode, StorageModeArgument } from './types.js';

const path = paths.tariff;

/** From here on some gateways take the tariff and do nothing with it (spec 5.3). */
const ignoredMinimum = '8.3.5289';

const cloudMayRestore: CommandWarning = {
  code: 'cloud_may_restore',
  message: "Within minutes the vendor's cloud may put its own storage settings back while the gateway has internet.",
};

const tariffMayBeIgnored: CommandWarning = {
  code: 'tariff_may_be_ignored',
  message: 'This firmware takes storage settings without effect at some owners, though it shows them.',
};

const optimizedSchedules: CommandWarning = {
  code: 'optimized_schedules',
  message:
    'The gateway runs optimised schedules and ignores a storage mode: send { mode, disableOptimizedSchedules: true } to switch them off.',
};

/** Words of earlier firmware and of the app for `economy` (spec 4.13). */
const modes: Readonly<Record<string, StorageMode>> = {
  backup: 'backup',
  'self-consumption': 'self-consumption',
  economy: 'economy',
  savings: 'economy',
  'savings-mode': 'economy',
};

function parseMode(payload: unknown): StorageModeArgument {
  const word = (value: unknown, field: string): StorageMode =>
    modes[oneOf(Object.keys(modes))(value, field)] ?? 'economy';
  if (!isFields(payload)) return word(payload, 'storageMode');
  const given = fields(payload, 'storageMode');
  onlyKnown(given, ['mode', 'disableOptimizedSchedules'], 'storageMode');
  const mode = word(given.mode, 'storageMode.mode');
  const isDisabling =
    Object.hasOwn(given, 'disableOptimizedSchedules') &&
    truth(given.disableOptimizedSchedules, 'storageMode.disableOptimizedSchedules');
  return isDisabling ? { mode, disableOptimizedSchedules: true } : mode;
}

/** The document and the storage settings in it. */
async function current({ document }: PlanContext): Promise<{ whole: Fields; settings: Fields }> {
  const whole = requiredFields(await document(path), path, 'tariff');
  const settings = isFields(whole.tariff) ? whole.tariff.storage_settings : undefined;
  if (isFields(settings) && Object.keys(settings).length > 0) return { whole, settings };
  throw new EnergyError('feature_not_available', 'The tariff of this gateway has no storage settings.', {
    parameters: { path, feature: 'storage settings' },
  });
}

function readBackOf(
  isWanted: (settings: StorageSettings) => boolean,
  warningsOn: (settings: StorageSettings) => readonly CommandWarning[] = () => [],
): ReadBack {
  return {
    path,
    observe: (reply) => {
      const { storageSettings } = tariff(reply, path);
      if (!storageSettings) return { state: {}, confirmed: false };
      const confirmed = isWanted(storageSettings);
      return { state: { tariff: { storageSettings } }, confirmed, warnings: warningsOn(storageSettings) };
    },
  };
}

function warningsFor({ info }: PlanContext): readonly CommandWarning[] {
  return atLeast(info.firmware, ignoredMinimum) ? [cloudMayRestore, tariffMayBeIgnored] : [cloudMayRestore];
}

async function planChange(
  context: PlanContext,
  changes: Fields,
  isWanted: (settings: StorageSettings) => boolean,
): Promise<Plan> {
  const { whole } = await current(context);
  return {
    request: tariffRequest(changedTariff(whole, changes)),
    readBack: readBackOf(isWanted),
    warnings: warningsFor(context),
  };
}

async function planMode(context: PlanContext, argument: StorageModeArgument): Promise<Plan> {
  const { whole, settings } = await current(context);
  const mode = typeof argument === 'string' ? argument : argument.mode;
  const isDisabling = typeof argument !== 'string' && 'opt_schedules' in settings;
  return {
    request: tariffRequest(changedTariff(whole, { mode, ...(isDisabling && { opt_schedules: false }) })),
    // A gateway may show the mode and yet follow its optimised schedules.
    readBack: readBackOf(
      (found) => found.mode === mode && found.optSchedules !== true,
      (found) => (found.optSchedules === true ? [optimizedSchedules] : []),
    ),
    warnings: warningsFor(context),
  };
}

const requirements = { features: ['batteries', 'tariff'] } as const;

/**
 * How the batteries are used (spec 5.3): `backup`, `self-consumption`, `economy` (also `savings`, `savings-mode`).
 * Optimised schedules, under which a mode has no effect, are switched off only where the argument says so.
 */
export const storageMode: CommandDefinition<StorageModeArgument> = { requirements, parse: parseMode, plan: planMode };

/** The charge in % that is kept for an outage, to one decimal (spec 5.3). */
export const reserveSoc: CommandDefinition<number> = {
  requirements,
  parse: (payload) => Math.round(between(0, 100)(payload, 'reserveSoc') * 10) / 10,
  plan: (context, reserved) =>
    planChange(context, { reserved_soc: reserved }, (found) => Math.abs((found.reservedSoc ?? NaN) - reserved) < 0.05),
};

/** Whether the batteries may be charged from the grid (spec 5.3). */
export const chargeFromGrid: CommandDefinition<boolean> = {
  requirements,
  parse: (payload) => truth(payload, 'chargeFromGrid'),
  plan: (context, wanted) =>
    planChange(context, { charge_from_grid: wanted }, (found) => found.chargeFromGrid === wanted),
};
