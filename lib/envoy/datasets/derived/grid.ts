import { fieldsAt, numberAt, present } from '../fields.js';
import type { Parts } from '../types.js';

/** What goes through the meter to the grid: W and Wh. Each value is absent where it is unknown. */
export interface Grid {
  /** Power now: + = import from the grid, - = export to it. */
  readonly wattsNow?: number;
  /** Everything ever imported. */
  readonly importWattHours?: number;
  /** Everything ever exported. */
  readonly exportWattHours?: number;
}

/** The power into the house as production and consumption reports tell it; undefined where they do not. */
function reportedWatts(payload: Parts): number | undefined {
  const net = numberAt(fieldsAt(payload, 'netConsumption'), 'wattsNow');
  if (net !== undefined) return net;
  const total = numberAt(fieldsAt(payload, 'consumption'), 'wattsNow');
  const production = numberAt(fieldsAt(payload, 'production'), 'wattsNow');
  return total === undefined || production === undefined ? undefined : total - production;
}

/**
 * Power and energy exchanged with the grid (spec 4.3, 4.5), from the parts of a payload. Energies come from the
 * net-consumption CT only: the lifetime of `netConsumption` is import less export, which is neither of the two. Power
 * comes from that CT, else from net consumption, else it is total consumption less production. Undefined where
 * nothing is known.
 */
export function gridOf(payload: Parts): Grid | undefined {
  const meter = fieldsAt(fieldsAt(payload, 'meters'), 'net-consumption');
  const grid = present({
    wattsNow: numberAt(meter, 'activePower') ?? reportedWatts(payload),
    importWattHours: numberAt(meter, 'energyDelivered'),
    exportWattHours: numberAt(meter, 'energyReceived'),
  });
  return Object.keys(grid).length === 0 ? undefined : grid;
}
