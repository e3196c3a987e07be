import { inverterReports } from '../../model/inverters.js';
import type { InverterReport } from '../../model/inverters.js';
import type { View } from '../identity.js';
import { since } from '../version.js';
import { acDevices, acInverters } from './units.js';

/** How long one report covers, seconds. */
const reportSeconds = 300;
const partNumber = '800-01127-r02';
const image = '520-00082-r01-v04.30.32';

/** The number of an inverter's channel. */
export const channelEid = (index: number): number => 1_627_390_225 + index * 256;
const deviceEid = (index: number): number => 553_648_384 + index * 256;

/** The document of `/api/v1/production/inverters` (spec/envoy 3.8, 4.6). */
export function invertersDocument(view: View): object[] {
  const inverters = inverterReports(view.plant, view.time).map(({ serialNumber, reportedAt, watts, maximumWatts }) => ({
    serialNumber,
    lastReportDate: view.seconds(reportedAt),
    ...(since(view.identity.firmware, '4.0.0') && { devType: 1 }),
    lastReportWatts: Math.round(watts),
    maxReportWatts: Math.round(maximumWatts),
  }));
  return [...inverters, ...acInverters(view)];
}

function lastReading(view: View, report: InverterReport): object {
  const { index, reportedAt, watts, energy, alternatingVoltage, directVoltage } = report;
  const thousandths = (value: number): number => Math.round(value * 1000);
  return {
    eid: channelEid(index),
    interval_type: 0,
    endDate: view.seconds(reportedAt),
    duration: reportSeconds,
    flags: 0,
    flags_hex: '0x0000000000000000',
    joulesProduced: Math.round(energy * 3600),
    acVoltageINmV: thousandths(alternatingVoltage),
    acFrequencyINmHz: thousandths(report.frequency),
    dcVoltageINmV: thousandths(directVoltage),
    dcCurrentINmA: thousandths(watts / 0.965 / directVoltage),
    channelTemp: Math.round(report.temperature),
    pwrConvErrSecs: 0,
    pwrConvMaxErrCycles: 0,
    joulesUsed: 0,
    leadingVArs: 1,
    laggingVArs: Math.round(watts / 12),
    acCurrentInmA: thousandths(watts / alternatingVoltage),
    l1NAcVoltageInmV: 0,
    l2NAcVoltageInmV: 0,
    l3NAcVoltageInmV: 0,
    rssi: 112,
    issi: 70,
  };
}

function device(view: View, report: InverterReport): object {
  const { parameters } = view.plant;
  const channel = {
    chanEid: channelEid(report.index),
    created: view.seconds(report.reportedAt),
    wattHours: {
      today: Math.round(report.today),
      yesterday: Math.round(report.yesterday),
      week: Math.round(report.lastSevenDays),
    },
    watts: { now: Math.round(report.watts), nowUsed: 0, max: Math.round(report.maximumWatts) },
    lastReading: lastReading(view, report),
    lifetime: {
      createdTime: view.seconds(parameters.commissionedAt),
      duration: Math.round((report.reportedAt - parameters.commissionedAt) / 1000),
      joulesProduced: Math.round(report.lifetime * 3600),
    },
  };
  return { devName: 'pcu', sn: report.serialNumber, active: true, modGone: false, channels: [channel] };
}

/** The document of `/ivp/pdm/device_data` (spec/envoy 3.7, 4.6): at most fifty devices are listed. */
export function deviceDataDocument(view: View): object {
  const limit = 50;
  const reports = inverterReports(view.plant, view.time);
  const devices = reports.slice(0, limit).map((report) => [String(deviceEid(report.index)), device(view, report)]);
  return {
    ...(Object.fromEntries(devices) as Record<string, object>),
    deviceCount: reports.length,
    deviceDataLimit: limit,
  };
}

/** The document of `/inventory.json` (spec/envoy 7.4): dates are texts. */
export function inventoryDocument(view: View): object[] {
  const { phases, commissionedAt } = view.plant.parameters;
  const installed = String(view.seconds(commissionedAt));
  const devices = inverterReports(view.plant, view.time).map(({ index, serialNumber, reportedAt, watts }) => ({
    part_num: partNumber,
    installed,
    serial_num: serialNumber,
    device_status: ['envoy.global.ok'],
    last_rpt_date: String(view.seconds(reportedAt)),
    admin_state: 1,
    dev_type: 1,
    created_date: installed,
    img_load_date: installed,
    img_pnum_running: image,
    ptpn: '540-00134-r01-v04.30.12',
    chaneid: channelEid(index),
    device_control: [{ gficlearset: false }],
    producing: watts > 0,
    communicating: true,
    provisioned: true,
    operating: true,
    ...(since(view.identity.firmware, '8.2.0') && { phase: `ph-${'abc'.charAt(index % phases)}` }),
  }));
  return [
    { type: 'PCU', devices },
    { type: 'ACB', devices: acDevices(view) },
    { type: 'NSRB', devices: [] },
  ];
}
