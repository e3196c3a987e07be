import { atLeast, frozenProductionMinimum } from '../../firmware.js';
import type { GatewayInfo } from '../../info.js';
import { invalidReply, isFields, numberAt, requiredNumber, whole } from '../fields.js';
import type { MeasuredTotals } from './totals.js';

/**
 * The reply of `/api/v1/production` (spec 4.1).
 * @throws EnergyError `reply_invalid`
 */
export function v1Production(reply: unknown, endpoint: string): MeasuredTotals {
  if (!isFields(reply)) throw invalidReply(endpoint, 'wattHoursLifetime');
  return {
    wattsNow: whole(requiredNumber(reply, 'wattsNow', endpoint)),
    wattHoursToday: whole(requiredNumber(reply, 'wattHoursToday', endpoint)),
    wattHoursLast7Days: whole(requiredNumber(reply, 'wattHoursSevenDays', endpoint)),
    wattHoursLifetime: whole(requiredNumber(reply, 'wattHoursLifetime', endpoint)),
    source: endpoint,
  };
}

/** Whether the reply counts no energy at all: a metered gateway without CT, or a newer standard one (spec 3.4, 3.6). */
export function countsNothing(reply: unknown): boolean {
  if (!isFields(reply)) return true;
  const counters = Object.keys(reply).filter((name) => name.startsWith('wattHours'));
  return counters.every((name) => (numberAt(reply, name) ?? 0) === 0);
}

/** Whether the values of this gateway stand still at an old state: metered, with no CT in use (spec 3.4). */
export function isFrozen(info: GatewayInfo, enabledMeters: number): boolean {
  return info.metered && enabledMeters === 0 && atLeast(info.firmware, frozenProductionMinimum);
}

/** Whether a gateway of firmware 3 still starts: it answers with zeros where newer ones are busy (spec 3.13). */
export function isStarting(info: GatewayInfo, reply: unknown): boolean {
  if (!info.firmware.startsWith('3.') || !isFields(reply)) return false;
  return ['wattsNow', 'wattHoursToday', 'wattHoursSevenDays', 'wattHoursLifetime'].every((name) => reply[name] === 0);
}
