import { hash, seedOf } from '../../model/noise.js';
import { inverterReports } from '../../model/inverters.js';
import type { View } from '../identity.js';
import { relayStands } from '../state.js';
import { since } from '../version.js';

/** A hardware address of the locally administered kind, from the serial number. */
function hardwareAddress(serial: string): string {
  const bytes = Array.from({ length: 5 }, (_, index) => Math.floor(hash(seedOf(serial), index) * 256));
  return ['02', ...bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))].join(':');
}

function networkInterface(type: 'ethernet' | 'wifi', name: string, mac: string, connected: boolean): object {
  return {
    type,
    interface: name,
    mac,
    dhcp: true,
    ip: connected ? '192.0.2.17' : null,
    signal_strength: connected ? 1 : 0,
    signal_strength_max: connected ? 1 : 0,
    carrier: connected,
  };
}

function gridStatus({ state, time, switches }: View): string {
  return relayStands(state, time, switches.relayDelay) === 'closed' ? 'closed' : 'open';
}

/** The document of `/home` and `/home.json` (spec/envoy 4.14). */
export function homeDocument(view: View): object {
  const { plant, identity, time, seconds } = view;
  const local = new Date(time + plant.calendar.offset(time)).toISOString();
  const [year = '', month = '', date = ''] = local.slice(0, 10).split('-');
  const count = inverterReports(plant, time).length;
  const quiet = { num: 0, level: 0 };
  const { batteries, acBatteries, systemController } = identity.equipment;
  const stored = batteries?.count ?? 0;
  const wireless = since(identity.firmware, '8.0.0') ? 0 : 5;
  return {
    software_build_epoch: 1_735_689_600,
    timezone: plant.calendar.timeZone,
    current_date: `${month}/${date}/${year}`,
    current_time: local.slice(11, 16),
    network: {
      web_comm: true,
      ever_reported_to_enlighten: true,
      last_enlighten_report_time: seconds(Math.floor(time / 300_000) * 300_000),
      primary_interface: 'eth0',
      interfaces: [
        networkInterface('ethernet', 'eth0', hardwareAddress(identity.serial), true),
        networkInterface('wifi', 'wlan0', hardwareAddress(`${identity.serial}/wlan0`), false),
      ],
    },
    tariff: 'time_of_use',
    comm: {
      num: count + acBatteries + Number(systemController),
      level: 5,
      pcu: { num: count, level: 5 },
      acb: acBatteries > 0 ? { num: acBatteries, level: 5 } : quiet,
      nsrb: quiet,
      esub: systemController ? { num: 1, level: 5 } : quiet,
      encharge: [
        stored > 0
          ? { num: stored, level: wireless, level_24g: wireless, level_subg: wireless }
          : { ...quiet, level_24g: 0, level_subg: 0 },
      ],
    },
    alerts: [],
    update_status: 'satisfied',
    ...(systemController && { enpower: { connected: true, grid_status: gridStatus(view) } }),
  };
}
