import { fieldsAt, isFields, numberAt, present, type Fields } from '../datasets/fields.js';
import { phasesOf, watts, wholeView, type LivePhase, type LivePhasePower, type LiveReading } from './reading.js';
import type { LiveQuantity, LiveView } from './reading.js';

/** The live stream of the meters (spec/envoy 7.1). */
export const streamPath = '/stream/meter';

const phaseKeys = ['ph-a', 'ph-b', 'ph-c'];
const keys = { production: 'production', consumption: 'total-consumption', grid: 'net-consumption' } as const;

/** The sum over the phases; undefined where one of them does not tell, or there is none. */
function totalOf(meter: Fields): number | undefined {
  const phases = phaseKeys.filter((key) => isFields(meter[key])).map((key) => numberAt(fieldsAt(meter, key), 'p'));
  if (phases.length === 0) return undefined;
  return phases.reduce((sum, power) => (sum === undefined || power === undefined ? undefined : sum + power), 0);
}

function phasePower(phase: Fields): LivePhasePower | undefined {
  const wattsNow = numberAt(phase, 'p');
  if (wattsNow === undefined) return undefined;
  const others = present({
    reactivePower: numberAt(phase, 'q'),
    apparentPower: numberAt(phase, 's'),
    voltage: numberAt(phase, 'v'),
    current: numberAt(phase, 'i'),
    powerFactor: numberAt(phase, 'pf'),
    frequency: numberAt(phase, 'f'),
  });
  return { wattsNow: watts(wattsNow), ...others };
}

/**
 * A message of `/stream/meter` as a reading (spec/envoy 7.1): powers in W, net consumption as the grid, + = import.
 * Where only total consumption and production are told the grid is their difference. The zeros of meters and phases
 * that the gateway lacks are left out. Undefined where the message tells no power.
 */
export function meterMessage(message: unknown, readAt: number, view: LiveView = wholeView): LiveReading | undefined {
  if (!isFields(message)) return undefined;
  const meter = (quantity: keyof typeof keys): Fields => (view.has[quantity] ? fieldsAt(message, keys[quantity]) : {});
  const [production, total, net] = (['production', 'consumption', 'grid'] as const).map((each) => totalOf(meter(each)));
  const grid = net ?? (total === undefined || production === undefined ? undefined : total - production);
  const power = (value: number | undefined) => (value === undefined ? undefined : { wattsNow: watts(value) });
  const powers = present({ production: power(production), consumption: power(total), grid: power(grid) });
  if (!view.has.grid) delete powers.grid;
  if (Object.keys(powers).length === 0) return undefined;
  const phases = phasesOf(view, (index): LivePhase => {
    const key = phaseKeys[index] ?? '';
    const at = (quantity: LiveQuantity & keyof typeof keys) => phasePower(fieldsAt(meter(quantity), key));
    return present({ production: at('production'), consumption: at('consumption'), grid: at('grid') });
  });
  return { readAt, source: streamPath, ...powers, ...(phases && { phases }) };
}
