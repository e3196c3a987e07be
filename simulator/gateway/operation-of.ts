import { usualOperation } from '../model/operation.js';
import type { Operation, StorageMode } from '../model/operation.js';
import { currentSchedule, currentConfig } from './documents/generator.js';
import { storageSettings } from './documents/tariff.js';
import { capacities } from './equipment.js';
import type { View } from './identity.js';
import { isObject } from './state.js';

/** Words of the tariff; the last one is an old name (spec/envoy 4.13). */
const modes: Readonly<Record<string, StorageMode>> = {
  'self-consumption': 'self-consumption',
  backup: 'backup',
  economy: 'economy',
  'savings-mode': 'economy',
};

function percent(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? Math.min(100, Math.max(0, value)) : otherwise;
}

function awake({ identity, state }: View): number {
  const { battery, acBattery } = capacities(identity.equipment);
  const power = battery.power + acBattery.power;
  const asleep = Object.values(state.sleep).filter((order) => order.asleep).length;
  const { acBatteries } = identity.equipment;
  return power > 0 && acBatteries > 0 ? 1 - (acBattery.power * asleep) / acBatteries / power : 1;
}

/** How the plant runs by what the gateway was told. */
export function operationOf(view: View): Operation {
  const settings = storageSettings(view);
  const soc = currentSchedule(view)?.['default_soc'];
  const { start_soc: start, stop_soc: stop } = isObject(soc) ? soc : {};
  return {
    onGrid: view.state.relay.wanted === 'closed',
    produces: !view.state.productionOff,
    mode: modes[String(settings?.['mode'])] ?? usualOperation.mode,
    reserve: percent(settings?.['reserved_soc'], usualOperation.reserve),
    veryLow: percent(settings?.['very_low_soc'], usualOperation.veryLow),
    chargeFromGrid: settings?.['charge_from_grid'] === true,
    awake: awake(view),
    generator: view.state.generatorMode,
    startSoc: percent(start, usualOperation.startSoc),
    stopSoc: percent(stop, usualOperation.stopSoc),
    chargeFromGenerator: currentConfig(view)?.['charge_from_generator'] !== false,
  };
}
