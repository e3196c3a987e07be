import {
  codeAt,
  flagAt,
  invalidReply,
  isFields,
  numberAt,
  objectsIn,
  present,
  textAt,
  type Fields,
} from '../fields.js';
import { devicesOf } from './ensemble.js';

/** One IQ Battery as the inventory describes it (spec 4.7). Dates in epoch seconds. */
export interface BatteryInventory {
  readonly serialNumber: string;
  readonly partNumber?: string;
  readonly adminState?: number | string;
  readonly adminStateStr?: string;
  readonly bmuFirmwareVersion?: string;
  readonly firmwareVersion?: string;
  readonly firmwareLoadedDate?: number;
  readonly installedDate?: number;
  readonly lastReportDate?: number;
  /** Signal level, 0 to 5. */
  readonly commLevel24Ghz?: number;
  /** Signal level, 0 to 5. */
  readonly commLevelSubGhz?: number;
  readonly communicating?: boolean;
  readonly dcSwitchOff?: boolean;
  /** Wh */
  readonly enchargeCapacity?: number;
  readonly enchargeRevision?: number | string;
  /** Code; 12 charging, 13 discharging, 14 idle. */
  readonly ledStatus?: number | string;
  /** °C */
  readonly maxCellTemp?: number;
  /** Before firmware 8 only. */
  readonly operating?: boolean;
  /** State of charge in %. */
  readonly percentFull?: number;
  readonly temperature?: number;
  readonly temperatureUnit: 'C';
  /** Before firmware 8 only. */
  readonly zigbeeDongleFwVersion?: string;
}

/** What an IQ Battery does now (spec 4.7); positive is discharge. */
export interface BatteryPower {
  /** mW, + = discharging, - = charging. */
  readonly realPowerMw?: number;
  /** mVA, with the sign of the power. */
  readonly apparentPowerMva?: number;
  /** State of charge in %. */
  readonly soc?: number;
}

/** All IQ Batteries together (spec 4.7): Wh and %. */
export interface BatteryTotals {
  readonly availableEnergy?: number;
  readonly backupReserve?: number;
  readonly stateOfCharge?: number;
  /** The reserve in force. */
  readonly reserveStateOfCharge?: number;
  /** The reserve as it is set. */
  readonly configuredReserveStateOfCharge?: number;
  readonly maxAvailableCapacity?: number;
}

/** IQ Batteries and AC Batteries together (spec 4.8): Wh and %. */
export interface BatteryAggregate {
  readonly availableEnergy?: number;
  readonly stateOfCharge?: number;
  readonly maxAvailableCapacity?: number;
}

function inventoryOf(device: Fields): readonly (readonly [string, BatteryInventory])[] {
  const serialNumber = textAt(device, 'serial_num');
  if (serialNumber === undefined) return [];
  const known = present({
    partNumber: textAt(device, 'part_num'),
    adminState: codeAt(device, 'admin_state'),
    adminStateStr: textAt(device, 'admin_state_str'),
    bmuFirmwareVersion: textAt(device, 'bmu_fw_version'),
    firmwareVersion: textAt(device, 'img_pnum_running'),
    firmwareLoadedDate: numberAt(device, 'img_load_date'),
    installedDate: numberAt(device, 'installed'),
    lastReportDate: numberAt(device, 'last_rpt_date'),
    commLevel24Ghz: numberAt(device, 'comm_level_2_4_ghz'),
    commLevelSubGhz: numberAt(device, 'comm_level_sub_ghz'),
    communicating: flagAt(device, 'communicating'),
    dcSwitchOff: flagAt(device, 'dc_switch_off'),
    enchargeCapacity: numberAt(device, 'encharge_capacity'),
    enchargeRevision: codeAt(device, 'encharge_rev'),
    ledStatus: codeAt(device, 'led_status'),
    maxCellTemp: numberAt(device, 'maxCellTemp'),
    operating: flagAt(device, 'operating'),
    percentFull: numberAt(device, 'percentFull'),
    temperature: numberAt(device, 'temperature'),
    zigbeeDongleFwVersion: textAt(device, 'zigbee_dongle_fw_version'),
  });
  return [[serialNumber, { serialNumber, ...known, temperatureUnit: 'C' }]];
}

/**
 * The IQ Batteries of `/ivp/ensemble/inventory`, of all their groups, by serial number; none where a group is empty.
 * @throws EnergyError `reply_invalid` where the reply is no list of groups.
 */
export function batteryInventory(reply: unknown, endpoint: string): Readonly<Record<string, BatteryInventory>> {
  return Object.fromEntries(devicesOf(reply, 'ENCHARGE', endpoint).flatMap(inventoryOf));
}

/** The key of the list in `/ivp/ensemble/power`: the colon belongs to it. */
const powerKey = 'devices:';

function powerOf(device: Fields): readonly (readonly [string, BatteryPower])[] {
  const serialNumber = textAt(device, 'serial_num');
  if (serialNumber === undefined) return [];
  const power = present({
    realPowerMw: numberAt(device, 'real_power_mw'),
    apparentPowerMva: numberAt(device, 'apparent_power_mva'),
    soc: numberAt(device, 'soc'),
  });
  return [[serialNumber, power]];
}

/**
 * The power of the IQ Batteries, by serial number.
 * @throws EnergyError `reply_invalid` where the reply has no list of devices.
 */
export function batteryPower(reply: unknown, endpoint: string): Readonly<Record<string, BatteryPower>> {
  if (!isFields(reply) || !Array.isArray(reply[powerKey])) throw invalidReply(endpoint, powerKey);
  return Object.fromEntries(objectsIn(reply[powerKey]).flatMap(powerOf));
}

function requireAny<T extends object>(found: T, endpoint: string, field: string): T {
  if (Object.keys(found).length === 0) throw invalidReply(endpoint, field);
  return found;
}

/**
 * The sums over the IQ Batteries in `/ivp/ensemble/secctrl`.
 * @throws EnergyError `reply_invalid` where it has none of them.
 */
export function batteryTotals(reply: unknown, endpoint: string): BatteryTotals {
  const fields = isFields(reply) ? reply : {};
  const found = present({
    availableEnergy: numberAt(fields, 'ENC_agg_avail_energy'),
    backupReserve: numberAt(fields, 'ENC_agg_backup_energy'),
    stateOfCharge: numberAt(fields, 'ENC_agg_soc'),
    reserveStateOfCharge: numberAt(fields, 'adjusted_backup_soc'),
    configuredReserveStateOfCharge: numberAt(fields, 'configured_backup_soc'),
    maxAvailableCapacity: numberAt(fields, 'Enc_max_available_capacity'),
  });
  return requireAny(found, endpoint, 'ENC_agg_avail_energy');
}

/**
 * The sums over IQ and AC Batteries in `/ivp/ensemble/secctrl`.
 * @throws EnergyError `reply_invalid` where it has none of them.
 */
export function batteryAggregate(reply: unknown, endpoint: string): BatteryAggregate {
  const fields = isFields(reply) ? reply : {};
  const [encharge, acb] = [numberAt(fields, 'ENC_agg_avail_energy'), numberAt(fields, 'ACB_agg_energy')];
  const found = present({
    availableEnergy: encharge === undefined || acb === undefined ? undefined : encharge + acb,
    stateOfCharge: numberAt(fields, 'agg_soc'),
    maxAvailableCapacity: numberAt(fields, 'Max_energy'),
  });
  return requireAny(found, endpoint, 'agg_soc');
}
