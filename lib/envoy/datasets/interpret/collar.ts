import { codeAt, flagAt, numberAt, present, textAt } from '../fields.js';
import { devicesOf, requireKeys } from './ensemble.js';

/** The meter collar (spec 4.12). Dates in epoch seconds. */
export interface Collar {
  readonly serialNumber?: string;
  readonly partNumber?: string;
  readonly adminState?: number | string;
  readonly adminStateStr?: string;
  readonly communicating?: boolean;
  readonly firmwareVersion?: string;
  readonly firmwareLoadedDate?: number;
  readonly installedDate?: number;
  readonly lastReportDate?: number;
  readonly temperature?: number;
  readonly temperatureUnit: 'C';
  /** State of the relay to the grid, such as `close`. */
  readonly midState?: number | string;
  /** Such as `on_grid`. */
  readonly gridState?: number | string;
  readonly controlError?: number | string;
  readonly collarState?: number | string;
}

const required = [
  'admin_state',
  'admin_state_str',
  'communicating',
  'img_load_date',
  'img_pnum_running',
  'installed',
  'last_rpt_date',
  'part_num',
  'serial_num',
  'temperature',
  'mid_state',
  'grid_state',
  'control_error',
  'collar_state',
] as const;

/**
 * The meter collar of `/ivp/ensemble/inventory`; undefined where the group has no device.
 * @throws EnergyError `reply_invalid` where the reply is no list of groups or the device lacks one of its keys.
 */
export function collar(reply: unknown, endpoint: string): Collar | undefined {
  const device = devicesOf(reply, 'COLLAR', endpoint)[0];
  if (!device) return undefined;
  requireKeys(device, required, endpoint);
  const known = present({
    serialNumber: textAt(device, 'serial_num'),
    partNumber: textAt(device, 'part_num'),
    adminState: codeAt(device, 'admin_state'),
    adminStateStr: textAt(device, 'admin_state_str'),
    communicating: flagAt(device, 'communicating'),
    firmwareVersion: textAt(device, 'img_pnum_running'),
    firmwareLoadedDate: numberAt(device, 'img_load_date'),
    installedDate: numberAt(device, 'installed'),
    lastReportDate: numberAt(device, 'last_rpt_date'),
    temperature: numberAt(device, 'temperature'),
    midState: codeAt(device, 'mid_state'),
    gridState: codeAt(device, 'grid_state'),
    controlError: codeAt(device, 'control_error'),
    collarState: codeAt(device, 'collar_state'),
  });
  return { ...known, temperatureUnit: 'C' };
}
