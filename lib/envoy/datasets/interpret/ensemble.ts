import { atLeast } from '../../firmware.js';
import { invalidReply, objectsIn, type Fields } from '../fields.js';

/** The groups of `/ivp/ensemble/inventory` that make a feature (spec 3.9). */
export type EnsembleType = 'ENCHARGE' | 'ENPOWER' | 'COLLAR' | 'C6 COMBINER CONTROLLER';

/** Whether gateways of this firmware may have the endpoints of batteries, controllers and generators (spec 1.2). */
export function mayHaveEnsemble(firmware: string): boolean {
  return atLeast(firmware, '5.0.0');
}

function groupsOf(reply: unknown, type: EnsembleType): readonly Fields[] {
  return objectsIn(reply).filter((group) => group.type === type);
}

/** Whether the inventory has a group of this type, be it without devices. */
export function hasGroup(reply: unknown, type: EnsembleType): boolean {
  return groupsOf(reply, type).length > 0;
}

/**
 * The devices of a type, of all its groups.
 * @throws EnergyError `reply_invalid` where the reply is no list of groups.
 */
export function devicesOf(reply: unknown, type: EnsembleType, endpoint: string): readonly Fields[] {
  if (!Array.isArray(reply)) throw invalidReply(endpoint, 'type');
  return groupsOf(reply, type).flatMap((group) => objectsIn(group.devices));
}

/**
 * Refuses a device that lacks one of the keys without which the reference shows none of it (spec 4.12).
 * @throws EnergyError `reply_invalid` with the key
 */
export function requireKeys(device: Fields, keys: readonly string[], endpoint: string): void {
  const missing = keys.find((key) => device[key] === undefined || device[key] === null);
  if (missing !== undefined) throw invalidReply(endpoint, missing);
}
