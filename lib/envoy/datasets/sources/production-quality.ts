import type { EnergyError } from '../../../errors.js';
import { findingError } from '../../../explanations.js';
import type { GatewayInfo } from '../../info.js';
import type { MeasuredTotals } from '../interpret/totals.js';

/** The error `data_quality` for the zeros of a gateway of firmware 3 in the minutes after its start (spec 3.13). */
export function startingError(info: GatewayInfo, endpoint: string): EnergyError {
  const message = 'The gateway reports zero for everything, as it does while it starts.';
  return findingError('data_quality', 'allZero', message, { endpoint, firmware: info.firmware });
}

/**
 * The payload part of a production source.
 * @throws EnergyError `data_quality` where a gateway of firmware 3 reports nothing but zeros.
 */
export function productionPart(info: GatewayInfo, production: MeasuredTotals): { production: MeasuredTotals } {
  const { wattsNow, wattHoursToday, wattHoursLast7Days, wattHoursLifetime } = production;
  const isAllZero = [wattsNow, wattHoursToday, wattHoursLast7Days, wattHoursLifetime].every((value) => value === 0);
  if (isAllZero && info.firmware.startsWith('3.')) throw startingError(info, production.source);
  return { production };
}
