import type { Flows } from '../../model/plant.js';
import type { View } from '../identity.js';
import { relayStands } from '../state.js';
import type { JsonObject } from '../state.js';
import { since } from '../version.js';
import { storageSettings } from './tariff.js';
import { unitTotals } from './units.js';

/** The moment that live data are about: now where they move, else when they stopped. */
function shownAt({ state: { live }, time }: View): number {
  return time < live.until ? time : live.until;
}

/** Whether live data move. */
export function liveMoves({ state: { live }, time }: View): boolean {
  return time < live.until;
}

function powers(view: View, { total, phases }: Flows, turn = 1): JsonObject {
  const thousandths = (watts: number): number => Math.round(watts * 1000 * turn) + 0;
  const apparent = (watts: number): number => Math.round(Math.hypot(watts, 25) * 1000);
  const names = ['a', 'b', 'c'];
  const perPhase = (prefix: string, end: string, value: (watts: number) => number): [string, number][] =>
    names.map((name, phase) => [`${prefix}_ph_${name}_${end}`, phases[phase] ? value(phases[phase].watts) : 0]);
  return {
    agg_p_mw: thousandths(total.watts),
    agg_s_mva: apparent(total.watts),
    ...(since(view.identity.firmware, '7.6.0') && {
      ...Object.fromEntries(perPhase('agg_p', 'mw', thousandths)),
      ...Object.fromEntries(perPhase('agg_s', 'mva', apparent)),
    }),
  };
}

function meters(view: View): JsonObject {
  const shown = { ...view, time: shownAt(view) };
  const { plant, time, state, switches } = shown;
  const { battery, acBattery } = unitTotals(shown);
  const stored = battery.stored + acBattery.stored;
  const capacity = battery.capacity + acBattery.capacity;
  const { phases } = plant.parameters;
  return {
    last_update: view.seconds(time),
    soc: capacity > 0 ? Math.round((stored / capacity) * 100) : 0,
    main_relay_state: relayStands(state, time, switches.relayDelay) === 'closed' ? 1 : 0,
    gen_relay_state: view.identity.equipment.generator ? Number(plant.generator(time).total.watts > 0) : 5,
    backup_bat_mode: 1,
    backup_soc: Number(storageSettings(view)?.['reserved_soc'] ?? 0),
    is_split_phase: phases === 2 ? 1 : 0,
    phase_count: phases,
    enc_agg_soc: Math.round(battery.percent),
    enc_agg_energy: Math.round(battery.stored),
    acb_agg_soc: Math.round(acBattery.percent),
    acb_agg_energy: Math.round(acBattery.stored),
    pv: powers(view, plant.production(time)),
    storage: powers(view, plant.storage(time)),
    grid: powers(view, plant.net(time)),
    load: powers(view, plant.house(time)),
    generator: powers(view, plant.generator(time)),
  };
}

/** The document of `/ivp/livedata/status` (spec/envoy 7.2). */
export function liveStatus(view: View): JsonObject {
  return {
    connection: {
      mqtt_state: 'connected',
      prov_state: 'configured',
      auth_state: 'ok',
      sc_stream: liveMoves(view) ? 'enabled' : 'disabled',
      sc_debug: 'disabled',
    },
    meters: meters(view),
    tasks: { task_id: 0, timestamp: 0 },
    counters: { main_CfgLoad: 1, main_CfgChanged: 1, main_taskUpdate: 0, MqttClient_publish: 0 },
    ...(since(view.identity.firmware, '8.2.0') && { dry_contacts: {} }),
  };
}
