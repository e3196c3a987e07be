import type { EnergyError } from '../../errors.js';
import { invalidArgument } from '../../explanations.js';
import { acBatteryUnits, type AcBattery } from '../datasets/interpret/ac-batteries.js';
import { maskSerial } from '../settings.js';
import { fields, invalid, onlyKnown, serialNumber, wholeBetween } from './checks.js';
import type { CommandDefinition, PlanContext, ReadBack } from './definition.js';
import { acBatterySleepRequest, acBatteryWakeRequest, paths } from './requests.js';
import type { AcBatterySleep } from './types.js';

type Units = Readonly<Record<string, AcBattery>>;

const percent = wholeBetween(0, 100);

function unitsOf(inventory: unknown): Units {
  return acBatteryUnits({ inventory, inverters: undefined }, paths.inventory);
}

/** A list of batteries that has at least one, and none twice. */
function listOf<T>(
  payload: unknown,
  field: string,
  parseItem: (item: unknown, field: string) => T,
  serialOf: (item: T) => string,
) {
  if (!Array.isArray(payload) || payload.length === 0) {
    throw invalid(field, { rule: 'someBattery' }, 'a list of at least one AC Battery');
  }
  // Unlike `map`, this does not pass over the holes of a list.
  const items = Array.from(payload, (item: unknown, index) => parseItem(item, `${field}[${index}]`));
  if (new Set(items.map(serialOf)).size < items.length) {
    throw invalid(field, { rule: 'batteryOnce' }, 'a list in which no AC Battery is twice');
  }
  return items;
}

function parseSleep(item: unknown, field: string): AcBatterySleep {
  const given = fields(item, field);
  onlyKnown(given, ['serialNumber', 'minSoc', 'maxSoc'], field);
  const minSoc = percent(given.minSoc, `${field}.minSoc`);
  const maxSoc = percent(given.maxSoc, `${field}.maxSoc`);
  if (minSoc > maxSoc) throw invalid(`${field}.minSoc`, { rule: 'notAbove', other: 'maxSoc' }, 'not above "maxSoc"');
  return { serialNumber: serialNumber(given.serialNumber, `${field}.serialNumber`), minSoc, maxSoc };
}

/** A list of batteries that the gateway finds fault with is an argument that does not fit (spec 5.4). */
function refusalOf(field: string): (error: EnergyError) => EnergyError {
  return (error) => {
    const { path, status } = error.parameters;
    if (error.code !== 'http_status' || status !== 400) return error;
    const broken = { rule: 'acceptedBatteries', path: String(path), status } as const;
    return invalidArgument(field, broken, `The gateway refuses this list of AC Batteries. ${error.message}`, error);
  };
}

/** Checks the serial numbers against the inventory, where the gateway has one, and gives what reads the state back. */
async function readBackFor(
  { facts, document }: PlanContext,
  field: string,
  serials: readonly string[],
  isWanted: (unit: AcBattery) => boolean,
): Promise<{ readonly readBack?: ReadBack }> {
  if (facts.acBatteryInventory !== true) return {};
  const known = unitsOf(await document(paths.inventory));
  const stranger = serials.find((serial) => !Object.hasOwn(known, serial));
  if (stranger !== undefined) {
    const serial = maskSerial(stranger);
    const allowed = `AC Batteries that this gateway has, and ${serial} is none of them`;
    throw invalid(field, { rule: 'knownBattery', serial }, allowed);
  }
  const observe = (reply: unknown) => {
    const all = unitsOf(reply);
    const units = Object.fromEntries(Object.entries(all).filter(([serial]) => serials.includes(serial)));
    const found = Object.values(units);
    const confirmed = found.length === serials.length && found.every(isWanted);
    return { state: { acBatteries: { units } }, confirmed };
  };
  return { readBack: { path: paths.inventory, observe } };
}

const requirements = { features: ['acBatteries'] } as const;

/** Sends AC Batteries to sleep; confirmed once the gateway lists them as falling asleep or sleeping (spec 5.4). */
export const acBatterySleep: CommandDefinition<readonly AcBatterySleep[]> = {
  requirements,
  parse: (payload) => listOf(payload, 'acBatterySleep', parseSleep, (item) => item.serialNumber),
  plan: async (context, batteries) => {
    const wanted = new Map(batteries.map((battery) => [battery.serialNumber, battery]));
    const isWanted = ({ serialNum, sleepEnabled, sleepMinSoc, sleepMaxSoc }: AcBattery): boolean => {
      const battery = wanted.get(serialNum);
      return sleepEnabled && sleepMinSoc === battery?.minSoc && sleepMaxSoc === battery?.maxSoc;
    };
    return {
      request: acBatterySleepRequest(batteries),
      refusal: refusalOf('acBatterySleep'),
      ...(await readBackFor(context, 'acBatterySleep', [...wanted.keys()], isWanted)),
    };
  },
};

/** Wakes AC Batteries; confirmed once the gateway lists them as waking or awake (spec 5.4). */
export const acBatteryWake: CommandDefinition<readonly string[]> = {
  requirements,
  parse: (payload) => listOf(payload, 'acBatteryWake', serialNumber, (serial) => serial),
  plan: async (context, serials) => ({
    request: acBatteryWakeRequest(serials),
    refusal: refusalOf('acBatteryWake'),
    ...(await readBackFor(context, 'acBatteryWake', serials, ({ sleepEnabled }) => !sleepEnabled)),
  }),
};
