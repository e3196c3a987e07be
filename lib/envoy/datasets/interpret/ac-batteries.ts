import {
  flagAt,
  invalidReply,
  isFields,
  numberAt,
  objectsIn,
  present,
  textAt,
  textsAt,
  type Fields,
} from '../fields.js';

/** Power and charge of all AC Batteries (spec 4.8). */
export interface AcBatteryPower {
  /** W, + = discharging. */
  readonly power?: number;
  /** Wh in store. */
  readonly chargeWh?: number;
  /** % */
  readonly stateOfCharge?: number;
  /** `charging`, `discharging`, `idle`, or another word of the gateway's. */
  readonly state?: string;
  /** How many are in use. */
  readonly batteries: number;
}

/** Where an AC Battery stands between awake and asleep (spec 4.8). */
type SleepState = 'awake' | 'going_to_sleep' | 'asleep' | 'waking';

/** One AC Battery (spec 4.8). */
export interface AcBattery {
  readonly serialNum: string;
  readonly partNum: string;
  /** `charging`, `discharging`, `idle`, another word of the gateway's in lower case, or `unknown`. */
  readonly chargeStatus: string;
  readonly deviceStatus: readonly string[];
  readonly communicating: boolean;
  readonly operating: boolean;
  readonly producing: boolean;
  readonly sleepEnabled: boolean;
  readonly sleepState: SleepState;
  /** % */
  readonly sleepMinSoc?: number;
  /** % */
  readonly sleepMaxSoc?: number;
  /** % */
  readonly percentFull?: number;
  /** °C */
  readonly maxCellTemp?: number;
  /** Epoch seconds. */
  readonly lastReportDate?: number;
  /** W */
  readonly lastReportWatts?: number;
  /** W */
  readonly maxReportWatts?: number;
}

/** What the production report says of AC Batteries; undefined where it counts none, or none that is set up (spec 3.3). */
function storageEntry(report: unknown): Fields | undefined {
  const entry = isFields(report) ? objectsIn(report.storage)[0] : undefined;
  const isUsed = entry !== undefined && (numberAt(entry, 'activeCount') ?? 0) > 0 && 'percentFull' in entry;
  return isUsed ? entry : undefined;
}

/** How many AC Batteries a production report counts; undefined where it has none. */
export function acBatteryCount(report: unknown): number | undefined {
  const entry = storageEntry(report);
  return entry && numberAt(entry, 'activeCount');
}

/**
 * Power and charge of the AC Batteries in a production report.
 * @throws EnergyError `reply_invalid` where the report has none of them.
 */
export function acBatteryPower(report: unknown, endpoint: string): AcBatteryPower {
  const entry = storageEntry(report);
  if (!entry) throw invalidReply(endpoint, 'storage');
  return {
    ...present({
      power: numberAt(entry, 'wNow'),
      chargeWh: numberAt(entry, 'whNow'),
      stateOfCharge: numberAt(entry, 'percentFull'),
      state: textAt(entry, 'state'),
    }),
    batteries: numberAt(entry, 'activeCount') ?? 0,
  };
}

const asleepFlag = 'envoy.cond_flags.pcu_ctrl.sleep-mode';

function sleepStateOf(isEnabled: boolean, deviceStatus: readonly string[]): SleepState {
  const isFlagged = deviceStatus.includes(asleepFlag);
  if (isEnabled) return isFlagged ? 'asleep' : 'going_to_sleep';
  return isFlagged ? 'waking' : 'awake';
}

/** The AC Batteries of the slow inventory that are in use; a missing state counts as such. */
function usedDevices(reply: unknown): readonly Fields[] {
  const groups = objectsIn(reply).filter((group) => group.type === 'ACB');
  return groups.flatMap((group) => objectsIn(group.devices)).filter((device) => device.admin_state !== 0);
}

/** Whether the slow inventory lists an AC Battery that is in use (spec 3.11). */
export function hasAcBatteries(reply: unknown): boolean {
  return usedDevices(reply).length > 0;
}

/** The devices of `/api/v1/production/inverters` that are AC Batteries, by serial number; none where it is no list. */
function reportsOf(list: unknown): ReadonlyMap<string, Fields> {
  const entries = objectsIn(list).filter((entry) => entry.devType === 11);
  return new Map(entries.map((entry) => [textAt(entry, 'serialNumber') ?? '', entry]));
}

function unitOf(device: Fields, serialNum: string, report: Fields): AcBattery {
  const deviceStatus = textsAt(device, 'device_status') ?? [];
  const sleepEnabled = flagAt(device, 'sleep_enabled') ?? false;
  return {
    serialNum,
    partNum: textAt(device, 'part_num') ?? '',
    chargeStatus: textAt(device, 'charge_status')?.toLowerCase() ?? 'unknown',
    deviceStatus,
    communicating: flagAt(device, 'communicating') ?? false,
    operating: flagAt(device, 'operating') ?? false,
    producing: flagAt(device, 'producing') ?? false,
    sleepEnabled,
    sleepState: sleepStateOf(sleepEnabled, deviceStatus),
    ...present({
      sleepMinSoc: numberAt(device, 'sleep_min_soc'),
      sleepMaxSoc: numberAt(device, 'sleep_max_soc'),
      percentFull: numberAt(device, 'percentFull'),
      maxCellTemp: numberAt(device, 'maxCellTemp'),
      lastReportDate: numberAt(report, 'lastReportDate'),
      lastReportWatts: numberAt(report, 'lastReportWatts'),
      maxReportWatts: numberAt(report, 'maxReportWatts'),
    }),
  };
}

/**
 * The AC Batteries in use, by serial number, from `/inventory.json?deleted=1`, with their last report from the list
 * of inverters where that one was had.
 * @throws EnergyError `reply_invalid` where the inventory is no list.
 */
export function acBatteryUnits(
  replies: { readonly inventory: unknown; readonly inverters: unknown },
  endpoint: string,
): Readonly<Record<string, AcBattery>> {
  if (!Array.isArray(replies.inventory)) throw invalidReply(endpoint, 'type');
  const reports = reportsOf(replies.inverters);
  const units = usedDevices(replies.inventory).flatMap((device) => {
    const serial = textAt(device, 'serial_num');
    return serial === undefined ? [] : [[serial, unitOf(device, serial, reports.get(serial) ?? {})] as const];
  });
  return Object.fromEntries(units);
}
