import type { GatewayRequest } from '../authenticator.js';
import type { AcBatterySleep, DryContactArgument, GeneratorModeWord, OnOff } from './types.js';

/** The paths that commands write to or read (spec 5.1, 7.5). */
export const paths = {
  relay: '/ivp/ensemble/relay',
  ensembleInventory: '/ivp/ensemble/inventory',
  dryContacts: '/ivp/ensemble/dry_contacts',
  dryContactSettings: '/ivp/ss/dry_contact_settings',
  tariff: '/admin/lib/tariff',
  acBatteries: '/admin/lib/acb_config',
  inventory: '/inventory.json?deleted=1',
  generatorMode: '/ivp/ss/gen_mode',
  generatorSchedule: '/ivp/ss/gen_schedule',
  generatorConfig: '/ivp/ss/gen_config',
  /** 603980032 is the number of the module of the inverters on every gateway with tokens. */
  powerMode: '/ivp/mod/603980032/mode/power',
} as const;

type Method = 'POST' | 'PUT' | 'DELETE';

function request(method: Method, path: string, body: object): GatewayRequest {
  return { method, path, body: JSON.stringify(body) };
}

/** Connects the house with the grid or leaves it. */
export function gridRequest(wanted: OnOff): GatewayRequest {
  return request('POST', paths.relay, { mains_admin_state: wanted === 'on' ? 'closed' : 'open' });
}

/** Opens or closes a dry contact. */
export function dryContactRequest({ id, status }: DryContactArgument): GatewayRequest {
  return request('POST', paths.dryContacts, { dry_contacts: { id, status } });
}

/** Replaces the settings of a dry contact by this whole object. */
export function dryContactSettingsRequest(contact: object): GatewayRequest {
  return request('POST', paths.dryContactSettings, { dry_contacts: contact });
}

/** Replaces the tariff by this whole document. */
export function tariffRequest(document: object): GatewayRequest {
  return request('PUT', paths.tariff, document);
}

/** Sends AC Batteries to sleep. */
export function acBatterySleepRequest(batteries: readonly AcBatterySleep[]): GatewayRequest {
  const entries = batteries.map(({ serialNumber, minSoc, maxSoc }) => ({
    serial_num: serialNumber,
    sleep_min_soc: minSoc,
    sleep_max_soc: maxSoc,
  }));
  return request('PUT', paths.acBatteries, { acb_sleep: entries });
}

/** Wakes AC Batteries. */
export function acBatteryWakeRequest(serials: readonly string[]): GatewayRequest {
  return request('DELETE', paths.acBatteries, { acb_sleep: serials.map((serial) => ({ serial_num: serial })) });
}

/** Starts the generator, stops it, or leaves it to the gateway. */
export function generatorModeRequest(mode: GeneratorModeWord): GatewayRequest {
  return request('POST', paths.generatorMode, { gen_cmd: mode });
}

/** Replaces the schedule of the generator by this whole document. */
export function generatorScheduleRequest(document: object): GatewayRequest {
  return request('POST', paths.generatorSchedule, document);
}

/** Replaces the configuration of the generator by this whole document. */
export function generatorConfigRequest(document: object): GatewayRequest {
  return request('POST', paths.generatorConfig, document);
}

/** Lets the inverters produce, or stops them. */
export function productionRequest(wanted: OnOff): GatewayRequest {
  return request('PUT', paths.powerMode, { length: 1, arr: [wanted === 'on' ? 0 : 1] });
}
