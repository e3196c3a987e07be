import { fieldsAt, invalidReply, isFields, numberAt, present, requiredFields, textAt } from '../datasets/fields.js';
import type { Fields } from '../datasets/fields.js';
import { phasesOf, watts, wholeView, type LivePhase, type LivePhasePower } from './reading.js';
import type { LiveQuantity, LiveReading, LiveView } from './reading.js';

/** Live data (spec/envoy 7.2). */
export const liveStatusPath = '/ivp/livedata/status';
/** The switch that makes them move. */
export const liveSwitchPath = '/ivp/livedata/stream';

const keys: Readonly<Record<LiveQuantity, string>> = {
  production: 'pv',
  consumption: 'load',
  grid: 'grid',
  battery: 'storage',
  generator: 'generator',
};
const letters = ['a', 'b', 'c'];

function thousandth(value: number | undefined): number | undefined {
  return value === undefined ? undefined : watts(value / 1000);
}

function phasePower(meter: Fields, letter: string): LivePhasePower | undefined {
  const wattsNow = thousandth(numberAt(meter, `agg_p_ph_${letter}_mw`));
  const apparentPower = thousandth(numberAt(meter, `agg_s_ph_${letter}_mva`));
  return wattsNow === undefined ? undefined : { wattsNow, ...present({ apparentPower }) };
}

/** Whether a status says that the values do not move; one that says nothing is believed to move. */
export function isSwitchedOff(status: unknown): boolean {
  const stream = isFields(status) ? textAt(fieldsAt(status, 'connection'), 'sc_stream') : undefined;
  return stream !== undefined && stream !== 'enabled';
}

/**
 * A reply of `/ivp/livedata/status` as a reading (spec/envoy 7.2): mW to W, grid + = import, battery + = discharge.
 * The zeros of what the gateway lacks are left out.
 * @throws EnergyError `reply_invalid` where it tells no power
 */
export function liveDataReading(status: unknown, readAt: number, view: LiveView = wholeView): LiveReading {
  const meters = requiredFields(requiredFields(status, liveStatusPath, 'meters')['meters'], liveStatusPath, 'meters');
  const meter = (quantity: LiveQuantity): Fields => (view.has[quantity] ? fieldsAt(meters, keys[quantity]) : {});
  const power = (quantity: LiveQuantity) => {
    const wattsNow = thousandth(numberAt(meter(quantity), 'agg_p_mw'));
    return wattsNow === undefined ? undefined : { wattsNow };
  };
  const battery = power('battery');
  const powers = present({
    production: power('production'),
    consumption: power('consumption'),
    grid: power('grid'),
    battery: battery && { ...battery, ...present({ stateOfCharge: numberAt(meters, 'soc') }) },
    generator: power('generator'),
  });
  if (Object.keys(powers).length === 0) throw invalidReply(liveStatusPath, 'agg_p_mw');
  const phases = phasesOf(view, (index): LivePhase => {
    const letter = letters[index] ?? '';
    const quantities = Object.keys(keys) as LiveQuantity[];
    return present(Object.fromEntries(quantities.map((each) => [each, phasePower(meter(each), letter)])));
  });
  const lastUpdate = numberAt(meters, 'last_update');
  return { readAt, source: liveStatusPath, ...present({ lastUpdate }), ...powers, ...(phases && { phases }) };
}
