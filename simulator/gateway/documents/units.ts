import { hash } from '../../model/noise.js';
import { capacities } from '../equipment.js';
import type { View } from '../identity.js';

/** Batteries tell their values every so many ms (spec/envoy 7.6). */
const reportEvery = 15_000;

/** What batteries of a kind give together, W, and hold, Wh, as of their last report. */
export interface UnitTotals {
  readonly reportedAt: number;
  readonly count: number;
  readonly watts: number;
  readonly stored: number;
  readonly capacity: number;
  /** 0 … 100. */
  readonly percent: number;
}

/** One battery. */
export interface Unit {
  readonly index: number;
  readonly serialNumber: string;
  readonly watts: number;
  readonly percent: number;
}

/** IQ batteries and AC batteries, each kind with its part of what all batteries do. */
export function unitTotals(view: View): { readonly battery: UnitTotals; readonly acBattery: UnitTotals } {
  const { plant, time, identity } = view;
  const reportedAt = Math.max(plant.parameters.commissionedAt, Math.floor(time / reportEvery) * reportEvery);
  const { battery, acBattery } = capacities(identity.equipment);
  const whole = battery.capacity + acBattery.capacity;
  const part = (capacity: number, count: number): UnitTotals => ({
    reportedAt,
    count,
    watts: capacity > 0 ? (plant.storage(reportedAt).total.watts * capacity) / whole : 0,
    stored: capacity > 0 ? (plant.stored(reportedAt) * capacity) / whole : 0,
    capacity,
    percent: capacity > 0 ? (plant.stored(reportedAt) / whole) * 100 : 0,
  });
  return {
    battery: part(battery.capacity, identity.equipment.batteries?.count ?? 0),
    acBattery: part(acBattery.capacity, identity.equipment.acBatteries),
  };
}

/** The serial number of a device that is no inverter. */
export function deviceSerial({ plant }: View, kind: number, index: number): string {
  const lot = 10 + Math.floor(hash(plant.parameters.seed + 320, kind) * 80);
  return `49${kind}5${lot}${String(2001 + index * 13).padStart(6, '0')}`;
}

function units(view: View, kind: number, { count, watts, percent }: UnitTotals): Unit[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    serialNumber: deviceSerial(view, kind, index),
    watts: watts / count,
    percent,
  }));
}

/** The IQ batteries. */
export function batteryUnits(view: View): Unit[] {
  return units(view, 2, unitTotals(view).battery);
}

/** An AC battery, with how it sleeps (spec/envoy 4.8). */
export interface AcUnit extends Unit {
  readonly sleepEnabled: boolean;
  readonly sleepFlag: boolean;
  readonly minimum: number;
  readonly maximum: number;
  readonly state: 'charging' | 'discharging' | 'idle';
}

/** What a battery with this power does. */
function chargeState(watts: number): 'charging' | 'discharging' | 'idle' {
  if (Math.abs(watts) < 5) return 'idle';
  return watts > 0 ? 'discharging' : 'charging';
}

/** The AC batteries; those that sleep give nothing, the others give it in their place. */
export function acUnits(view: View): AcUnit[] {
  const { state, switches, time } = view;
  const all = units(view, 3, unitTotals(view).acBattery);
  const orders = all.map(({ serialNumber }) => state.sleep[serialNumber]);
  const awake = orders.filter((order) => !order?.asleep).length;
  return all.map((unit, index) => {
    const order = orders[index];
    const settled = time - (order?.since ?? 0) >= switches.sleepDelay;
    const watts = order?.asleep ? 0 : (unit.watts * all.length) / Math.max(1, awake);
    return {
      ...unit,
      watts,
      sleepEnabled: order?.asleep ?? false,
      sleepFlag: order?.asleep === settled,
      minimum: order?.minimum ?? 25,
      maximum: order?.maximum ?? 30,
      state: chargeState(watts),
    };
  });
}

/** The entry of the AC batteries in production.json (spec/envoy 4.8); without any it has no state of charge. */
export function acEntry(view: View): object {
  const { acBattery } = unitTotals(view);
  if (acBattery.count === 0) return { type: 'acb', activeCount: 0, readingTime: 0, wNow: 0, whNow: 0, state: 'idle' };
  return {
    type: 'acb',
    activeCount: acBattery.count,
    readingTime: view.seconds(acBattery.reportedAt),
    wNow: Math.round(acBattery.watts),
    whNow: Math.round(acBattery.stored),
    state: chargeState(acBattery.watts),
    percentFull: Math.round(acBattery.percent),
  };
}

/** The AC batteries as the list of inverters has them. */
export function acInverters(view: View): object[] {
  const reportedAt = view.seconds(unitTotals(view).acBattery.reportedAt);
  return acUnits(view).map(({ serialNumber, watts }) => ({
    serialNumber,
    lastReportDate: reportedAt,
    devType: 11,
    lastReportWatts: Math.round(watts),
    maxReportWatts: 260,
  }));
}

/** The AC batteries as `/inventory.json` has them (spec/envoy 4.8). */
export function acDevices(view: View): object[] {
  const { acBattery } = unitTotals(view);
  const installed = String(view.seconds(view.plant.parameters.commissionedAt));
  return acUnits(view).map((unit) => ({
    part_num: '800-00930-r03',
    installed,
    serial_num: unit.serialNumber,
    device_status: ['envoy.global.ok', ...(unit.sleepFlag ? ['envoy.cond_flags.pcu_ctrl.sleep-mode'] : [])],
    last_rpt_date: String(view.seconds(acBattery.reportedAt)),
    admin_state: 2,
    dev_type: 11,
    created_date: installed,
    img_load_date: installed,
    img_pnum_running: '520-00092-r01-v02.13.02',
    ptpn: '540-00155-r01-v02.13.01',
    chaneid: 1_795_162_385 + unit.index * 256,
    device_control: [{ gficlearset: false }],
    producing: unit.watts > 0,
    communicating: true,
    provisioned: true,
    operating: true,
    sleep_enabled: unit.sleepEnabled,
    percentFull: Math.round(unit.percent),
    maxCellTemp: 24,
    sleep_min_soc: unit.minimum,
    sleep_max_soc: unit.maximum,
    charge_status: unit.state,
  }));
}
