import { AuthenticationError, EnergyError } from '../../errors.js';
import { acBatterySleep, acBatteryWake } from './ac-batteries.js';
import { oneOf } from './checks.js';
import type { CommandDefinition, Requirements } from './definition.js';
import { dryContact, dryContactSettingsCommand } from './dry-contacts.js';
import { chargeFromGenerator, generatorMode, generatorSchedule } from './generator.js';
import { grid } from './grid.js';
import { production } from './production.js';
import { chargeFromGrid, reserveSoc, storageMode } from './tariff.js';
import { commandNames, type CommandArguments, type CommandName, type KnownGateway } from './types.js';

const definitions: { readonly [N in CommandName]: CommandDefinition<CommandArguments[N]> } = {
  grid,
  storageMode,
  reserveSoc,
  chargeFromGrid,
  dryContact,
  dryContactSettings: dryContactSettingsCommand,
  generatorMode,
  generatorSchedule,
  chargeFromGenerator,
  acBatterySleep,
  acBatteryWake,
  production,
};

/** What a command is made of. */
export function definitionOf<N extends CommandName>(command: N): CommandDefinition<CommandArguments[N]> {
  return definitions[command];
}

/**
 * The name of a command, such as from `msg.command`.
 * @throws EnergyError `invalid_argument` with the names there are
 */
export function parseCommandName(value: unknown): CommandName {
  return oneOf(commandNames)(value, 'command');
}

/**
 * The argument of a command as it may be sent, from `msg.payload`. One that was parsed stays as it is. Truth values may
 * be given as true, false, `true`, `false`, `on` or `off`; settings of contacts and schedules under their names in the
 * payload or at the gateway (`gridAction`, `grid_action`).
 * @throws EnergyError `invalid_argument` with the field and what it may be
 */
export function parseArgument<N extends CommandName>(command: N, payload: unknown): CommandArguments[N] {
  return definitionOf(command).parse(payload);
}

/** The features of the gateway and the role that a command needs (spec 5.1, 7.5). */
export function requirements(command: CommandName): Requirements {
  return definitionOf(command).requirements;
}

/** Roles inside a gateway, the higher the more they may (spec 2.3.3). */
const ranks: Readonly<Record<string, number>> = {
  anybody: 1,
  monitor: 2,
  owner: 2,
  prov: 3,
  support: 4,
  sysadmin: 5,
  installer: 6,
  envoy: 7,
  enphase: 7,
  factory: 7,
};

/** Whether a role is known not to be enough; one that nobody knows is left to the gateway to judge. */
function isTooLow(role: string | undefined, needed: string): boolean {
  if (role === undefined || !Object.hasOwn(ranks, role)) return false;
  return (ranks[role] ?? 0) < (ranks[needed] ?? 0);
}

/**
 * Refuses a command that this gateway or this account cannot carry out.
 * @throws EnergyError `feature_not_available` with the feature; AuthenticationError `role_insufficient`
 */
export function checkRequirements(command: CommandName, { facts, role }: KnownGateway): void {
  const needed = requirements(command);
  const missing = needed.features.find((feature) => !facts.features.includes(feature));
  if (missing !== undefined) {
    const yet = facts.incomplete === true ? ', which could not be looked at completely yet' : '';
    throw new EnergyError('feature_not_available', `"${command}" needs ${missing}, not found on this gateway${yet}.`, {
      parameters: { command, feature: missing },
    });
  }
  if (needed.role === undefined || !isTooLow(role, needed.role)) return;
  const message = `"${command}" needs the role ${needed.role}; this account has the role ${role ?? ''}.`;
  throw new AuthenticationError('role_insufficient', message, { parameters: { command, role: needed.role } });
}
