import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface OwnSystem {
  readonly serial: string;
  readonly firmware: string;
  readonly partNumber: string;
}

const legacy: OwnSystem = { serial: '120200000011', firmware: '5.0.40', partNumber: '800-00551-r02' };
const standard: OwnSystem = { serial: '122200000022', firmware: '8.2.4000', partNumber: '800-00656-r06' };
const silent: OwnSystem = { serial: '110200000033', firmware: '3.6.0', partNumber: '800-00069-r05' };

const inverters = [
  { serialNumber: '121900000101', lastReportDate: 1700000000, devType: 1, lastReportWatts: 211, maxReportWatts: 290 },
  { serialNumber: '121900000102', lastReportDate: 1700000020, devType: 1, lastReportWatts: 208, maxReportWatts: 288 },
];

function infoDocument({ serial, firmware, partNumber }: OwnSystem): string {
  const device = `<sn>${serial}</sn><pn>${partNumber}</pn><software>D${firmware}</software><imeter>false</imeter>`;
  return `<?xml version="1.0"?>\n<envoy_info><time>1700000060</time><device>${device}</device></envoy_info>\n`;
}

function write(folder: string, file: string, content: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

function writeReply(folder: string, file: string, content: unknown, code = 200): void {
  write(folder, file, content);
  write(folder, `${file}_log.json`, { code, headers: { 'content-type': 'application/json' } });
}

function headOf({ serial, firmware, partNumber }: OwnSystem): Record<string, unknown> {
  return { serial, firmware, part_number: partNumber, is_metered: false };
}

function expectedOf(system: OwnSystem, watts: number): Record<string, unknown> {
  const entries = inverters.map(({ serialNumber, lastReportDate, lastReportWatts, maxReportWatts }) => [
    serialNumber,
    {
      serial_number: serialNumber,
      last_report_date: lastReportDate,
      last_report_watts: lastReportWatts,
      max_report_watts: maxReportWatts,
    },
  ]);
  return {
    ...headOf(system),
    phase_count: 1,
    phase_mode: null,
    interface: null,
    data: {
      system_production: {
        watt_hours_today: 2410,
        watt_hours_last_7_days: 24110,
        watt_hours_lifetime: 9876543,
        watts_now: watts,
      },
      system_production_phases: null,
      system_consumption: null,
      ctmeters: {},
      inverters: Object.fromEntries(entries) as Record<string, unknown>,
      encharge_inventory: null,
      tariff: null,
    },
  };
}

/**
 * Writes three systems and their expected values into `folder`, as the shared recordings are laid out: `legacy` (Digest)
 * and `standard` (token) produce `watts`, `silent` has nothing to read.
 */
export function writeOwnSystems(folder: string, { watts, expected }: { watts: number; expected: number }): void {
  const recordings = join(folder, 'envoy-recordings');
  const production = {
    wattHoursToday: 2410,
    wattHoursSevenDays: 24110,
    wattHoursLifetime: 9876543,
    wattsNow: watts,
  };
  for (const [name, system] of Object.entries({ legacy, standard })) {
    const place = join(recordings, name);
    writeReply(place, 'info', infoDocument(system));
    writeReply(place, 'api_v1_production', production);
    writeReply(place, 'api_v1_production_inverters', inverters);
    writeReply(place, 'ivp_ensemble_inventory', { error: 'not here' }, 404);
    write(join(folder, 'envoy-expected'), `${name}.json`, expectedOf(system, expected));
  }
  writeReply(join(recordings, 'silent'), 'info', infoDocument(silent));
  const error = { message: 'no production', type: 'ProbeFailed' };
  write(join(folder, 'envoy-expected'), 'silent.json', { ...headOf(silent), error });
}
