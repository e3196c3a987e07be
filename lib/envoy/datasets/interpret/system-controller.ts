import { codeAt, flagAt, numberAt, present, textAt } from '../fields.js';
import { devicesOf } from './ensemble.js';

/** The system controller (spec 4.9). Dates in epoch seconds. */
export interface SystemController {
  readonly serialNumber?: string;
  readonly partNumber?: string;
  readonly adminState?: number | string;
  readonly adminStateStr?: string;
  /** Such as `multimode-ongrid`, `multimode-offgrid`, `grid-tied`. */
  readonly gridMode?: string;
  /** The state of the grid relay that is wanted: `closed`, `open`. */
  readonly mainsAdminState?: string;
  /** The state of the grid relay as it is; `open` is off the grid. */
  readonly mainsOperState?: string;
  /** Signal level, 0 to 5. */
  readonly commLevel24Ghz?: number;
  /** Signal level, 0 to 5. */
  readonly commLevelSubGhz?: number;
  readonly communicating?: boolean;
  readonly firmwareVersion?: string;
  readonly firmwareLoadedDate?: number;
  readonly installedDate?: number;
  readonly lastReportDate?: number;
  /** Before firmware 8 only. */
  readonly operating?: boolean;
  /** °F, unlike that of every other device. */
  readonly temperature?: number;
  readonly temperatureUnit: 'F';
  /** Before firmware 8 only. */
  readonly zigbeeDongleFwVersion?: string;
}

/**
 * The system controller of `/ivp/ensemble/inventory`; undefined where the group has no device.
 * @throws EnergyError `reply_invalid` where the reply is no list of groups.
 */
export function systemController(reply: unknown, endpoint: string): SystemController | undefined {
  const device = devicesOf(reply, 'ENPOWER', endpoint)[0];
  if (!device) return undefined;
  const known = present({
    serialNumber: textAt(device, 'serial_num'),
    partNumber: textAt(device, 'part_num'),
    adminState: codeAt(device, 'admin_state'),
    adminStateStr: textAt(device, 'admin_state_str'),
    gridMode: textAt(device, 'Enpwr_grid_mode'),
    mainsAdminState: textAt(device, 'mains_admin_state'),
    mainsOperState: textAt(device, 'mains_oper_state'),
    commLevel24Ghz: numberAt(device, 'comm_level_2_4_ghz'),
    commLevelSubGhz: numberAt(device, 'comm_level_sub_ghz'),
    communicating: flagAt(device, 'communicating'),
    firmwareVersion: textAt(device, 'img_pnum_running'),
    firmwareLoadedDate: numberAt(device, 'img_load_date'),
    installedDate: numberAt(device, 'installed'),
    lastReportDate: numberAt(device, 'last_rpt_date'),
    operating: flagAt(device, 'operating'),
    temperature: numberAt(device, 'temperature'),
    zigbeeDongleFwVersion: textAt(device, 'zigbee_dongle_fw_version'),
  });
  return { ...known, temperatureUnit: 'F' };
}
