import { hash, seedOf } from '../../model/noise.js';
import { inverterReports } from '../../model/inverters.js';
import type { View } from '../identity.js';

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

/** The document of `/home` and `/home.json` (spec/envoy 4.14). */
export function homeDocument(view: View): object {
  const { plant, identity, time, seconds } = view;
  const local = new Date(time + plant.calendar.offset(time)).toISOString();
  const [year = '', month = '', date = ''] = local.slice(0, 10).split('-');
  const count = inverterReports(plant, time).length;
  const quiet = { num: 0, level: 0 };
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
      num: count,
      level: 5,
      pcu: { num: count, level: 5 },
      acb: quiet,
      nsrb: quiet,
      esub: quiet,
      encharge: [{ ...quiet, level_24g: 0, level_subg: 0 }],
    },
    alerts: [],
    update_status: 'satisfied',
  };
}

/** The document of `/admin/lib/tariff` (spec/envoy 4.13): a two-rate tariff of a house without batteries. */
export function tariffDocument({ plant, seconds }: View): object {
  const day = {
    id: 'all_days',
    days: 'Mon,Tue,Wed,Thu,Fri,Sat,Sun',
    must_charge_start: 0,
    must_charge_duration: 0,
    must_charge_mode: 'CG',
    periods: [
      { id: 'filler', start: 1350, rate: 0.1635 },
      { id: 'period_1', start: 390, rate: 0.2146 },
    ],
  };
  return {
    tariff: {
      currency: { code: 'EUR' },
      logger: 'simulator',
      date: String(seconds(plant.parameters.commissionedAt)),
      single_rate: { rate: 0.2146, sell: 0.04 },
      seasons: [{ id: 'all_year_long', start: '1/1', days: [day], tiers: [] }],
      seasons_sell: [],
    },
    schedule: { source: 'Tariff', date: new Date(plant.parameters.commissionedAt).toISOString(), version: '00.00.02' },
  };
}
