import type { CommandName } from '../../../../lib/envoy/commands/types.js';
import type { Bench } from './support.js';

/** A command on a simulated house with everything, and what comes of it. */
export interface Scene {
  readonly command: CommandName;
  /** The argument, which may need serial numbers of the house. */
  readonly argument: (bench: Bench) => unknown;
  readonly line: string;
  /** Where the payload of the result shows the change. */
  readonly place: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** The serial numbers of the AC Batteries of a simulated house. */
export async function acBatterySerials(bench: Bench): Promise<readonly string[]> {
  const groups = (await bench.request({ path: '/inventory.json?deleted=1' })) as {
    type: string;
    devices: { serial_num: string }[];
  }[];
  return groups.flatMap(({ type, devices }) => (type === 'ACB' ? devices.map((device) => device.serial_num) : []));
}

const tariffLine = 'PUT /admin/lib/tariff';
const settings = ['tariff', 'storageSettings'];

/** Each command once, with a change to what the simulated house starts with. */
export const scenes: readonly Scene[] = [
  {
    command: 'grid',
    argument: () => 'off',
    line: 'POST /ivp/ensemble/relay',
    place: ['systemController', 'mainsOperState'],
    before: 'closed',
    after: 'open',
  },
  {
    command: 'storageMode',
    argument: () => 'backup',
    line: tariffLine,
    place: [...settings, 'mode'],
    before: 'self-consumption',
    after: 'backup',
  },
  {
    command: 'reserveSoc',
    argument: () => 42.5,
    line: tariffLine,
    place: [...settings, 'reservedSoc'],
    before: 20,
    after: 42.5,
  },
  {
    command: 'chargeFromGrid',
    argument: () => 'on',
    line: tariffLine,
    place: [...settings, 'chargeFromGrid'],
    before: false,
    after: true,
  },
  {
    command: 'dryContact',
    argument: () => ({ id: 'NO1', status: 'open' }),
    line: 'POST /ivp/ensemble/dry_contacts',
    place: ['dryContacts', 'NO1', 'status'],
    before: 'closed',
    after: 'open',
  },
  {
    command: 'dryContactSettings',
    argument: () => ({ id: 'NC2', socLow: 10, override: false }),
    line: 'POST /ivp/ss/dry_contact_settings',
    place: ['dryContacts', 'NC2', 'settings', 'socLow'],
    before: 30,
    after: 10,
  },
  {
    command: 'generatorMode',
    argument: () => 'off',
    line: 'POST /ivp/ss/gen_mode',
    place: ['generator', 'mode', 'genCmd'],
    before: 'auto',
    after: 'off',
  },
  {
    command: 'generatorSchedule',
    argument: () => ({ exerciseDay: 'sat', default_stop_soc: 95 }),
    line: 'POST /ivp/ss/gen_schedule',
    place: ['generator', 'schedule', 'exerciseDay'],
    before: 'Wed',
    after: 'Sat',
  },
  {
    command: 'chargeFromGenerator',
    argument: () => false,
    line: 'POST /ivp/ss/gen_config',
    place: ['generator', 'config', 'chargeFromGenerator'],
    before: true,
    after: false,
  },
  {
    command: 'acBatterySleep',
    argument: async (bench) => [{ serialNumber: (await acBatterySerials(bench))[0], minSoc: 10, maxSoc: 20 }],
    line: 'PUT /admin/lib/acb_config',
    place: ['acBatteries', 'units', '*', 'sleepMaxSoc'],
    before: 30,
    after: 20,
  },
  {
    command: 'production',
    argument: () => false,
    line: 'PUT /ivp/mod/603980032/mode/power',
    place: ['production', 'powerForcedOff'],
    before: false,
    after: true,
  },
];

/** What stands at a place of a payload; `*` takes the first key there. */
export function valueAt(payload: unknown, place: readonly string[]): unknown {
  return place.reduce<unknown>((inside, key) => {
    const fields = (inside ?? {}) as Record<string, unknown>;
    return fields[key === '*' ? (Object.keys(fields)[0] ?? '') : key];
  }, payload);
}
