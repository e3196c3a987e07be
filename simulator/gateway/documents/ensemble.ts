import type { View } from '../identity.js';
import { relayStands } from '../state.js';
import type { JsonObject } from '../state.js';
import { since } from '../version.js';
import { storageSettings } from './tariff.js';
import { batteryUnits, deviceSerial, unitTotals } from './units.js';
import type { Unit } from './units.js';

const healthy = ['envoy.global.ok', 'prop.done'];

/** What every device of the inventory tells of itself. */
function common(view: View, serialNumber: string, partNumber: string, image: string): JsonObject {
  const installed = view.seconds(view.plant.parameters.commissionedAt);
  return {
    part_num: partNumber,
    serial_num: serialNumber,
    installed,
    device_status: healthy,
    last_rpt_date: view.seconds(unitTotals(view).battery.reportedAt),
    created_date: installed,
    img_load_date: installed,
    img_pnum_running: image,
    communicating: true,
  };
}

/** What firmware before 8 tells beside (spec/envoy appendix B). */
function early({ identity }: View): JsonObject {
  return since(identity.firmware, '8.0.0') ? {} : { zigbee_dongle_fw_version: '100F', operating: true };
}

function relay(view: View): { wanted: string; stands: string; offGrid: boolean } {
  const stands = relayStands(view.state, view.time, view.switches.relayDelay);
  return { wanted: view.state.relay.wanted, stands, offGrid: stands === 'open' };
}

const ledCodes = { charging: 12, discharging: 13, idle: 14 } as const;

function battery(view: View, { index, serialNumber, percent, watts }: Unit): JsonObject {
  const { firmware, equipment } = view.identity;
  const level = since(firmware, '8.0.0') ? 0 : 5;
  return {
    ...common(view, serialNumber, '830-01760-r37', '3.0.7545_rel/31.33'),
    ...early(view),
    admin_state: equipment.collar ? 63 : 6,
    admin_state_str: equipment.collar ? 'ENCMN_MDE_ENCHARGE_READY' : 'ENCHG_STATE_READY',
    bmu_fw_version: '3.8.63',
    sleep_enabled: false,
    percentFull: Math.round(percent),
    temperature: 21 + (index % 3),
    maxCellTemp: 23 + (index % 3),
    ...(since(firmware, '8.0.0') && {
      reported_enc_grid_state: relay(view).offGrid ? 'multimode-offgrid' : 'grid-tied',
    }),
    comm_level_sub_ghz: level,
    comm_level_2_4_ghz: level,
    led_status: Math.abs(watts) < 5 ? ledCodes.idle : ledCodes[watts > 0 ? 'discharging' : 'charging'],
    dc_switch_off: false,
    encharge_rev: 3,
    encharge_capacity: equipment.batteries?.capacity ?? 0,
    ...(since(firmware, '8.2.0') && { phase: 'ph-a', der_index: 2 }),
  };
}

function controller(view: View): JsonObject {
  const { wanted, stands, offGrid } = relay(view);
  const mode = offGrid ? 'multimode-offgrid' : 'multimode-ongrid';
  return {
    ...common(view, deviceSerial(view, 4, 0), '861-01381-r05', '2.0.6936_rel/31.43'),
    ...early(view),
    admin_state: offGrid ? 23 : 24,
    admin_state_str: `ENPWR_STATE_OPER_${stands.toUpperCase()}`,
    temperature: 81,
    comm_level_sub_ghz: 5,
    comm_level_2_4_ghz: 5,
    mains_admin_state: wanted,
    mains_oper_state: stands,
    Enpwr_grid_mode: mode,
    Enchg_grid_mode: mode,
    Enpwr_relay_state_bm: 15_664,
    Enpwr_curr_state_id: 16,
  };
}

function collar(view: View): JsonObject {
  const { offGrid } = relay(view);
  return {
    ...common(view, deviceSerial(view, 5, 0), '865-00400-r22', '3.0.6-D0'),
    admin_state: offGrid ? 89 : 88,
    admin_state_str: offGrid ? 'ENCMN_MDE_OFF_GRID' : 'ENCMN_MDE_ON_GRID',
    temperature: 38,
    mid_state: offGrid ? 'open' : 'close',
    grid_state: offGrid ? 'off_grid' : 'on_grid',
    control_error: 0,
    collar_state: 'Installed',
  };
}

function combiner(view: View): JsonObject[] {
  const installed = view.seconds(view.plant.parameters.commissionedAt);
  const device = { part_num: '800-02403-r08', installed };
  const controlled = {
    ...device,
    serial_num: deviceSerial(view, 6, 0),
    last_rpt_date: view.seconds(unitTotals(view).battery.reportedAt),
    admin_state: 82,
    admin_state_str: 'ENCMN_C6_CC_READY',
    created_date: installed,
    img_load_date: installed,
    fw_version: '0.1.20-D1',
    dmir_version: '0.1.20-D1',
    communicating: true,
  };
  const meter = { ...device, serial_num: deviceSerial(view, 7, 0), 'FW Version': '2.2.1-D4119', 'Device State': 80 };
  return [
    { type: 'C6 COMBINER CONTROLLER', devices: [controlled] },
    { type: 'C6 RGM', devices: [meter] },
  ];
}

/** The document of `/ivp/ensemble/inventory` (spec/envoy 4.7, 4.9, 4.12). */
export function ensembleInventory(view: View): object[] {
  const { batteries, systemController, collar: hasCollar, combiner: hasCombiner } = view.identity.equipment;
  const units = batteryUnits(view);
  const groups = Array.from({ length: batteries?.groups ?? 0 }, (_, group) => ({
    type: 'ENCHARGE',
    devices: units.filter(({ index }) => index % (batteries?.groups ?? 1) === group).map((unit) => battery(view, unit)),
  }));
  return [
    ...groups,
    ...(systemController ? [{ type: 'ENPOWER', devices: [controller(view)] }] : []),
    ...(hasCollar ? [{ type: 'COLLAR', devices: [collar(view)] }] : []),
    ...(hasCombiner ? combiner(view) : []),
  ];
}

/** The document of `/ivp/ensemble/power`; its key really ends in a colon. */
export function ensemblePower(view: View): object {
  const devices = batteryUnits(view).map(({ serialNumber, watts, percent }) => ({
    serial_num: serialNumber,
    real_power_mw: Math.round(watts) * 1000 + 0,
    apparent_power_mva: Math.round(watts) * 1000 + 0,
    soc: Math.round(percent),
  }));
  return { 'devices:': devices };
}

function biases(): JsonObject {
  const names = ['freq_bias_hz', 'voltage_bias_v', 'freq_bias_hz_q8', 'voltage_bias_v_q5'];
  return Object.fromEntries(['', '_phaseb', '_phasec'].flatMap((end) => names.map((name) => [name + end, 0])));
}

/** The document of `/ivp/ensemble/secctrl` (spec/envoy 4.7). */
export function secctrlDocument(view: View): JsonObject {
  const { battery: iq, acBattery } = unitTotals(view);
  const { firmware } = view.identity;
  const reserve = Number(storageSettings(view)?.['reserved_soc'] ?? 0);
  const capacity = iq.capacity + acBattery.capacity;
  return {
    shutdown: false,
    ...biases(),
    configured_backup_soc: reserve,
    adjusted_backup_soc: reserve,
    agg_soc: capacity > 0 ? Math.round(((iq.stored + acBattery.stored) / capacity) * 100) : 0,
    Max_energy: capacity,
    ENC_agg_soc: Math.round(iq.percent),
    ...(since(firmware, '8.2.0') && { ENC_agg_soh: iq.count > 0 ? 100 : 0 }),
    ENC_agg_backup_energy: Math.round((iq.capacity * reserve) / 100),
    ENC_agg_avail_energy: Math.round(iq.stored),
    Enc_commissioned_capacity: iq.capacity,
    Enc_max_available_capacity: iq.capacity,
    ACB_agg_soc: Math.round(acBattery.percent),
    ACB_agg_energy: Math.round(acBattery.stored),
    ...(since(firmware, '8.0.0') && {
      VLS_Limit: Number(storageSettings(view)?.['very_low_soc'] ?? 5),
      soc_rec_enabled: false,
      soc_recovery_entry: 2,
      soc_recovery_exit: 10,
      Commission_in_progress: false,
      ESS_in_progress: false,
    }),
  };
}

/** The document of `/ivp/ensemble/relay` (spec/envoy 7.4). */
export function relayDocument(view: View): JsonObject {
  const { wanted, stands, offGrid } = relay(view);
  const mode = offGrid ? 'multimode-offgrid' : 'multimode-ongrid';
  return {
    mains_admin_state: wanted,
    mains_oper_state: stands,
    der1_state: 1,
    der2_state: 1,
    der3_state: 1,
    Enchg_grid_mode: mode,
    Solar_grid_mode: mode,
  };
}

/** The document of `/ivp/ensemble/status` (spec/envoy 7.4): devices by serial number, secctrl and relay. */
export function ensembleStatus(view: View): JsonObject {
  const groups = ensembleInventory(view) as { type: string; devices: JsonObject[] }[];
  const types: Readonly<Record<string, number>> = { ENCHARGE: 13, ENPOWER: 17 };
  const devices = groups.flatMap(({ type, devices: listed }) =>
    listed.map((device) => [
      String(device['serial_num']),
      {
        device_type: types[type] ?? 0,
        com_interface_str: 'CAN',
        device_id: device['serial_num'],
        admin_state: device['admin_state'],
        admin_state_str: device['admin_state_str'],
        part_number: device['part_num'],
        app_fw_version: device['img_pnum_running'],
        submodule_count: 0,
        submodules: {},
      },
    ]),
  );
  return {
    inventory: { serial_nums: Object.fromEntries(devices) as JsonObject },
    secctrl: secctrlDocument(view),
    relay: relayDocument(view),
  };
}
