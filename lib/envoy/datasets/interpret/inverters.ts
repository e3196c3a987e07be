import {
  fieldsAt,
  invalidReply,
  isFields,
  numberAt,
  objectsIn,
  present,
  textAt,
  whole,
  type Fields,
} from '../fields.js';

/** One microinverter as it stands in the payload (spec 4.6). */
interface Inverter {
  readonly serialNumber: string;
  /** Epoch seconds. */
  readonly lastReportDate: number;
  /** W */
  readonly lastReportWatts: number;
  /** W */
  readonly maxReportWatts: number;
  readonly dcVoltage?: number;
  readonly dcCurrent?: number;
  readonly acVoltage?: number;
  readonly acCurrent?: number;
  readonly acFrequency?: number;
  /** °C */
  readonly temperature?: number;
  /** Mean of the last report in mWh a second. */
  readonly energyProduced?: number;
  /** Wh */
  readonly energyToday?: number;
  /** Wh */
  readonly lifetimeEnergy?: number;
  /** Seconds. */
  readonly lastReportDuration?: number;
}

/** The inverters by serial number. */
export type Inverters = Readonly<Record<string, Inverter>>;

function bySerial(inverters: readonly (Inverter | undefined)[]): Inverters {
  return Object.fromEntries(inverters.flatMap((inverter) => (inverter ? [[inverter.serialNumber, inverter]] : [])));
}

function inverterOf(serialNumber: unknown, date: unknown, watts: unknown, most: unknown): Inverter | undefined {
  const values = { date, watts, most };
  const [lastReportDate, lastReportWatts] = [numberAt(values, 'date'), numberAt(values, 'watts')];
  const maxReportWatts = numberAt(values, 'most');
  if (typeof serialNumber !== 'string' || serialNumber === '') return undefined;
  if (lastReportDate === undefined || lastReportWatts === undefined || maxReportWatts === undefined) return undefined;
  return { serialNumber, lastReportDate, lastReportWatts, maxReportWatts };
}

/**
 * The inverters of `/api/v1/production/inverters` (spec 3.8); AC Batteries, which stand in the same list, and entries
 * without a report are left out.
 * @throws EnergyError `reply_invalid` where the reply is no list.
 */
export function listedInverters(reply: unknown, endpoint: string): Inverters {
  if (!Array.isArray(reply)) throw invalidReply(endpoint, 'serialNumber');
  const entries = objectsIn(reply).filter((entry) => (entry.devType ?? 1) === 1);
  return bySerial(
    entries.map((entry) =>
      inverterOf(entry.serialNumber, entry.lastReportDate, entry.lastReportWatts, entry.maxReportWatts),
    ),
  );
}

function activeDevices(reply: Fields): readonly Fields[] {
  return Object.values(reply)
    .filter(isFields)
    .filter((device) => device.devName === 'pcu' && device.active === true);
}

const thousandth = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value / 1000 + 0;

function meanEnergy(reading: Fields): number | undefined {
  const [joules, duration] = [numberAt(reading, 'joulesProduced'), numberAt(reading, 'duration')];
  if (joules === undefined || duration === undefined || duration <= 0) return undefined;
  const mean = Math.round((joules / duration / 3.6) * 1000) / 1000;
  return Number.isFinite(mean) ? mean + 0 : undefined;
}

function deviceInverter(device: Fields): Inverter | undefined {
  const channel = objectsIn(device.channels)[0] ?? {};
  const [watts, reading] = [fieldsAt(channel, 'watts'), fieldsAt(channel, 'lastReading')];
  const inverter = inverterOf(textAt(device, 'sn'), reading.endDate, watts.now, watts.max);
  const lifetimeJoules = numberAt(fieldsAt(channel, 'lifetime'), 'joulesProduced');
  const details = present({
    dcVoltage: thousandth(numberAt(reading, 'dcVoltageINmV')),
    dcCurrent: thousandth(numberAt(reading, 'dcCurrentINmA')),
    acVoltage: thousandth(numberAt(reading, 'acVoltageINmV')),
    acCurrent: thousandth(numberAt(reading, 'acCurrentInmA')),
    acFrequency: thousandth(numberAt(reading, 'acFrequencyINmHz')),
    temperature: numberAt(reading, 'channelTemp'),
    energyProduced: meanEnergy(reading),
    energyToday: numberAt(fieldsAt(channel, 'wattHours'), 'today'),
    lifetimeEnergy: lifetimeJoules === undefined ? undefined : whole(lifetimeJoules / 3600),
    lastReportDuration: numberAt(reading, 'duration'),
  });
  return inverter && { ...inverter, ...details };
}

/** Whether the list of `/ivp/pdm/device_data` is as long as it can get, or does not tell (spec 3.7). */
export function isCutOff(reply: unknown): boolean {
  if (!isFields(reply)) return true;
  const [count, limit] = [numberAt(reply, 'deviceCount'), numberAt(reply, 'deviceDataLimit')];
  return count === undefined || limit === undefined || count >= limit;
}

/**
 * Whether `/ivp/pdm/device_data` can be relied on (spec 3.7): the list is not cut off at its limit, it has active
 * inverters, and each of them has a report.
 */
export function isCompleteDeviceData(reply: unknown): boolean {
  if (!isFields(reply) || isCutOff(reply)) return false;
  const devices = activeDevices(reply);
  return devices.length > 0 && devices.every((device) => deviceInverter(device) !== undefined);
}

/**
 * The active inverters of `/ivp/pdm/device_data` in detail (spec 4.6); one without a report is left out.
 * @throws EnergyError `reply_invalid` where the reply is no object of devices.
 */
export function detailedInverters(reply: unknown, endpoint: string): Inverters {
  if (!isFields(reply) || numberAt(reply, 'deviceCount') === undefined) throw invalidReply(endpoint, 'deviceCount');
  return bySerial(activeDevices(reply).map(deviceInverter));
}
