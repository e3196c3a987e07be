import { probe, readDatasets } from '../../../../lib/envoy/datasets/registry.js';
import type { DatasetName, Facts } from '../../../../lib/envoy/datasets/types.js';
import { bench, ct, eim, gatewayInfo, paths, reading, used, type Bench, type Replies } from './support.js';

export const ensemblePaths = {
  inventory: '/ivp/ensemble/inventory',
  power: '/ivp/ensemble/power',
  sums: '/ivp/ensemble/secctrl',
  contacts: '/ivp/ensemble/dry_contacts',
  contactSettings: '/ivp/ss/dry_contact_settings',
  generator: '/ivp/ensemble/generator',
  generatorConfig: '/ivp/ss/gen_config',
  generatorSchedule: '/ivp/ss/gen_schedule',
  generatorMode: '/ivp/ss/gen_mode',
  tariff: '/admin/lib/tariff',
  devices: '/inventory.json?deleted=1',
  home: '/home',
} as const;

export const group = (type: string, ...devices: readonly object[]): object => ({ type, devices });

export const battery = (serial: string, more: object = {}): object => ({
  part_num: '830-11111-r01',
  serial_num: serial,
  installed: 1740000000,
  device_status: ['envoy.global.ok'],
  last_rpt_date: 1751000300,
  admin_state: 6,
  admin_state_str: 'ENCHG_STATE_READY',
  img_load_date: 1740000100,
  img_pnum_running: '2.6.100_rel/1.1',
  bmu_fw_version: '2.1.30',
  communicating: true,
  percentFull: 64,
  temperature: 27,
  maxCellTemp: 28,
  comm_level_sub_ghz: 4,
  comm_level_2_4_ghz: 3,
  led_status: 13,
  dc_switch_off: false,
  encharge_rev: 2,
  encharge_capacity: 3500,
  ...more,
});

export const batteryPower = (serial: string, milliwatts: number, soc = 64): object => ({
  serial_num: serial,
  real_power_mw: milliwatts,
  apparent_power_mva: milliwatts,
  soc,
});

export const controller = (more: object = {}): object => ({
  part_num: '860-22222-r02',
  serial_num: '122400000009',
  installed: 1740000200,
  last_rpt_date: 1751000310,
  admin_state: 24,
  admin_state_str: 'ENPWR_STATE_OPER_CLOSED',
  img_load_date: 1740000300,
  img_pnum_running: '1.2.3_rel/4.5',
  communicating: true,
  temperature: 84,
  comm_level_sub_ghz: 5,
  comm_level_2_4_ghz: 5,
  mains_admin_state: 'closed',
  mains_oper_state: 'closed',
  Enpwr_grid_mode: 'multimode-ongrid',
  ...more,
});

export const collarDevice = (more: object = {}): object => ({
  part_num: '865-33333-r03',
  serial_num: '482500000007',
  installed: 1740000400,
  last_rpt_date: 1751000320,
  admin_state: 88,
  admin_state_str: 'ENCMN_MDE_ON_GRID',
  img_load_date: 1740000500,
  img_pnum_running: '3.0.1-D0',
  communicating: true,
  temperature: 36,
  mid_state: 'close',
  grid_state: 'on_grid',
  control_error: 0,
  collar_state: 'Installed',
  ...more,
});

export const combinerDevice = (more: object = {}): object => ({
  part_num: '800-44444-r04',
  serial_num: '482500000008',
  installed: 1740000600,
  last_rpt_date: 1751000330,
  admin_state: 82,
  admin_state_str: 'ENCMN_C6_CC_READY',
  img_load_date: 1740000700,
  fw_version: '0.1.9-D1',
  dmir_version: '0.1.8-D1',
  communicating: true,
  ...more,
});

export const sums = {
  configured_backup_soc: 20,
  adjusted_backup_soc: 25,
  agg_soc: 55,
  Max_energy: 9400,
  ENC_agg_soc: 64,
  ENC_agg_backup_energy: 1750,
  ENC_agg_avail_energy: 4480,
  Enc_max_available_capacity: 7000,
  ACB_agg_soc: 30,
  ACB_agg_energy: 720,
};

export const contactSettings = (id: string, more: object = {}): object => ({
  id,
  type: 'LOAD',
  grid_action: 'apply',
  micro_grid_action: 'shed',
  gen_action: 'none',
  essential_start_time: 21600,
  essential_end_time: 79200,
  priority: 2,
  black_s_start: 5,
  override: 'true',
  manual_override: 'false',
  load_name: 'Heat pump',
  mode: 'soc',
  soc_low: 25,
  soc_high: 60,
  pv_serial_nb: [],
  ...more,
});

const generatorReplies: Replies = {
  [ensemblePaths.generator]: {
    admin_state: 'open',
    oper_state: 'close',
    admin_mode: 2,
    schedule: 1,
    start_soc: 25,
    stop_soc: -1,
    exc_on: 0,
    present: 1,
    type: 3,
  },
  [ensemblePaths.generatorConfig]: {
    max_cont_gen_amps: 45.5,
    min_gen_loading_perc: 10,
    max_gen_efficiency_perc: 90,
    name_plate_rating_wat: 11,
    start_method: 'manual',
    warm_up_mins: 4,
    cool_down_mins: 6,
    gen_type: 'Portable',
    model: 'G-11',
    manufacturer: 'Works',
    last_updated_by: 'owner',
    generator_id: '77',
    charge_from_generator: false,
  },
  [ensemblePaths.generatorSchedule]: {
    exercise_config: { freq_in_weeks: 2, start: 600, duration: 10, day: 'Wed' },
    default_soc: { start_soc: 20, stop_soc: 80 },
    schedule: { default: [{ week_days: 'Mon', start: 0 }] },
    last_updated_by: 'owner',
  },
  [ensemblePaths.generatorMode]: { gen_cmd: 'auto', last_updated_by: 'owner' },
};

export const storageSettings = {
  mode: 'self-consumption',
  operation_mode_sub_type: '',
  reserved_soc: 20,
  very_low_soc: 5,
  charge_from_grid: false,
  date: '1750000000',
  opt_schedules: true,
};

export const tariffReply = (settings: object | null = storageSettings): object => ({
  tariff: {
    currency: { code: 'EUR' },
    logger: 'cloud',
    date: '1750000001',
    single_rate: { rate: 0.25, sell: 0.08 },
    seasons: [
      { id: 'year', start: '1/1', days: [{ id: 'all', must_charge_start: 0, enable_discharge_to_grid: false }] },
    ],
    seasons_sell: [],
    storage_settings: settings,
  },
  schedule: { source: 'Tariff' },
});

export const homeReply = {
  software_build_epoch: 1745000000,
  timezone: 'Europe/Paris',
  network: {
    primary_interface: 'wlan0',
    interfaces: [
      { type: 'ethernet', interface: 'eth0', mac: '02:00:00:00:00:01', dhcp: false },
      { type: 'wifi', interface: 'wlan0', mac: '02:00:00:00:00:02', dhcp: true },
    ],
  },
};

export const acStorage = { type: 'acb', activeCount: 2, wNow: 130, whNow: 720, state: 'discharging', percentFull: 30 };

export const acBattery = (serial: string, more: object = {}): object => ({
  part_num: '800-55555-r05',
  serial_num: serial,
  device_status: ['envoy.global.ok'],
  admin_state: 2,
  dev_type: 11,
  producing: true,
  communicating: true,
  operating: true,
  sleep_enabled: false,
  percentFull: 31,
  maxCellTemp: 24,
  sleep_min_soc: 25,
  sleep_max_soc: 30,
  charge_status: 'Discharging',
  ...more,
});

export const meteredReport = {
  production: [eim(1, [500, 90, 800, 9000])],
  consumption: [used('net', [200, 0, 0, 400]), used('total', [700, 11, 22, 9400])],
};

/** A house with everything but AC Batteries. */
export const house: Replies = {
  [paths.meters]: [ct(1, 'production'), ct(2, 'net-consumption')],
  [paths.readings]: [reading(1, 500, 9000, 2), reading(2, 200, 700, 300)],
  [paths.details]: meteredReport,
  [ensemblePaths.inventory]: [
    group('ENCHARGE', battery('121000000001'), battery('121000000002')),
    group('ENPOWER', controller()),
    group('COLLAR', collarDevice()),
    group('C6 COMBINER CONTROLLER', combinerDevice()),
    group('C6 RGM', { serial_num: '482500000010' }),
  ],
  [ensemblePaths.power]: { 'devices:': [batteryPower('121000000001', 900500), batteryPower('121000000002', 300000)] },
  [ensemblePaths.sums]: sums,
  [ensemblePaths.contacts]: { dry_contacts: [{ id: 'NC1', status: 'closed' }] },
  [ensemblePaths.contactSettings]: { dry_contacts: [contactSettings('NC1')] },
  ...generatorReplies,
  [ensemblePaths.tariff]: tariffReply(),
  [ensemblePaths.home]: homeReply,
};

export interface Outcome extends Bench {
  readonly facts: Facts;
  readonly payload: Record<string, unknown>;
}

/** A gateway that answers with `replies`, probed and then read; `asked` are the paths of the reading. */
export async function readFrom(
  replies: Replies,
  wanted: readonly DatasetName[] = [],
  firmware = '8.2.127',
): Promise<Outcome> {
  const gateway = bench(gatewayInfo(firmware, true), replies);
  const facts = await probe(gateway.context);
  gateway.asked.length = 0;
  return { ...gateway, facts, payload: await readDatasets(gateway.context, facts, wanted) };
}

/** Part and code of each warning. */
export const coded = (outcome: Bench): (readonly [string, string])[] =>
  outcome.warnings.map(({ part, code }) => [part, code]);
