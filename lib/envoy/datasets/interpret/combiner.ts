import { codeAt, flagAt, numberAt, present, textAt } from '../fields.js';
import { devicesOf, requireKeys } from './ensemble.js';

/** The C6 combiner controller (spec 4.12). Dates in epoch seconds. */
export interface Combiner {
  readonly serialNumber?: string;
  readonly partNumber?: string;
  readonly adminState?: number | string;
  readonly adminStateStr?: string;
  readonly communicating?: boolean;
  readonly firmwareVersion?: string;
  readonly firmwareLoadedDate?: number;
  readonly installedDate?: number;
  readonly lastReportDate?: number;
  readonly dmirVersion?: string;
}

const required = [
  'admin_state',
  'admin_state_str',
  'communicating',
  'img_load_date',
  'installed',
  'last_rpt_date',
  'part_num',
  'serial_num',
  'dmir_version',
  'fw_version',
] as const;

/**
 * The combiner controller of `/ivp/ensemble/inventory`; undefined where the group has no device.
 * @throws EnergyError `reply_invalid` where the reply is no list of groups or the device lacks one of its keys.
 */
export function combiner(reply: unknown, endpoint: string): Combiner | undefined {
  const device = devicesOf(reply, 'C6 COMBINER CONTROLLER', endpoint)[0];
  if (!device) return undefined;
  requireKeys(device, required, endpoint);
  return present({
    serialNumber: textAt(device, 'serial_num'),
    partNumber: textAt(device, 'part_num'),
    adminState: codeAt(device, 'admin_state'),
    adminStateStr: textAt(device, 'admin_state_str'),
    communicating: flagAt(device, 'communicating'),
    firmwareVersion: textAt(device, 'fw_version'),
    firmwareLoadedDate: numberAt(device, 'img_load_date'),
    installedDate: numberAt(device, 'installed'),
    lastReportDate: numberAt(device, 'last_rpt_date'),
    dmirVersion: textAt(device, 'dmir_version'),
  });
}
