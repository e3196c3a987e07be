import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseArgument, parseCommandName } from '../../../../lib/envoy/commands/commands.js';
import { performCommand } from '../../../../lib/envoy/commands/perform.js';
import { commandNames, type CommandGateway, type CommandName } from '../../../../lib/envoy/commands/types.js';
import { noFacts } from '../../../../lib/envoy/datasets/types.js';
import { EnergyError } from '../../../../lib/errors.js';
import { gatewayInfo } from '../datasets/support.js';
import { errorOf } from './support.js';

const battery = { serialNumber: '121900000001', minSoc: 25, maxSoc: 30 };

/** Arguments that may be sent, with what becomes of them. */
const accepted: readonly (readonly [CommandName, unknown, unknown])[] = [
  ['grid', 'on', 'on'],
  ['grid', 'off', 'off'],
  ['storageMode', 'backup', 'backup'],
  ['storageMode', 'savings', 'economy'],
  ['storageMode', 'savings-mode', 'economy'],
  ['storageMode', { mode: 'self-consumption' }, 'self-consumption'],
  ['storageMode', { mode: 'backup', disableOptimizedSchedules: false }, 'backup'],
  [
    'storageMode',
    { mode: 'savings', disableOptimizedSchedules: 'on' },
    { mode: 'economy', disableOptimizedSchedules: true },
  ],
  ['reserveSoc', 0, 0],
  ['reserveSoc', -0, 0],
  ['reserveSoc', 100, 100],
  ['reserveSoc', 33.333, 33.3],
  ['chargeFromGrid', 'true', true],
  ['chargeFromGrid', 'off', false],
  ['chargeFromGenerator', false, false],
  ['dryContact', { id: 'NC1', status: 'open' }, { id: 'NC1', status: 'open' }],
  [
    'dryContactSettings',
    { id: 'NO2', grid_action: 'shed', socLow: 20, override: 'false', load_name: 'Pool' },
    { id: 'NO2', gridAction: 'shed', socLow: 20, override: false, loadName: 'Pool' },
  ],
  ['generatorMode', 'AUTO', 'auto'],
  ['generatorSchedule', { exercise_day: 'SUN', exerciseStart: 0 }, { exerciseDay: 'Sun', exerciseStart: 0 }],
  ['generatorSchedule', { default_start_soc: 0, default_stop_soc: 100 }, { defaultStartSoc: 0, defaultStopSoc: 100 }],
  ['acBatterySleep', [{ ...battery, serialNumber: ' 121900000001 ' }], [battery]],
  ['acBatteryWake', ['121900000001'], ['121900000001']],
  ['production', 'off', 'off'],
  ['production', true, 'on'],
];

/** Arguments just outside of what is allowed, with the field that the error has to name. */
const refused: readonly (readonly [CommandName, unknown, string])[] = [
  ['grid', true, 'grid'],
  ['grid', 'ON', 'grid'],
  ['storageMode', 'selfconsumption', 'storageMode'],
  ['storageMode', 'toString', 'storageMode'],
  ['storageMode', { mode: 'backup', other: 1 }, 'storageMode'],
  ['storageMode', { mode: 'backup', disableOptimizedSchedules: 1 }, 'storageMode.disableOptimizedSchedules'],
  ['reserveSoc', -0.1, 'reserveSoc'],
  ['reserveSoc', 100.1, 'reserveSoc'],
  ['reserveSoc', Number.NaN, 'reserveSoc'],
  ['reserveSoc', '50', 'reserveSoc'],
  ['chargeFromGrid', 1, 'chargeFromGrid'],
  ['chargeFromGrid', '', 'chargeFromGrid'],
  ['dryContact', { id: 'NO3', status: 'open' }, 'dryContact.id'],
  ['dryContact', { id: 'NO1', status: 'close' }, 'dryContact.status'],
  ['dryContact', { id: 'NO1', status: 'open', more: 1 }, 'dryContact'],
  ['dryContactSettings', { id: 'NO1' }, 'dryContactSettings'],
  ['dryContactSettings', { socLow: 1 }, 'dryContactSettings.id'],
  ['dryContactSettings', { id: 'NO1', gridAction: 'apply', grid_action: 'shed' }, 'dryContactSettings.gridAction'],
  ['dryContactSettings', { id: 'NO1', gridAction: 'open' }, 'dryContactSettings.gridAction'],
  ['dryContactSettings', { id: 'NO1', socLow: 80, socHigh: 70 }, 'dryContactSettings.socLow'],
  ['dryContactSettings', { id: 'NO1', essentialEndTime: 86_400 }, 'dryContactSettings.essentialEndTime'],
  ['dryContactSettings', { id: 'NO1', loadName: 'a\nb' }, 'dryContactSettings.loadName'],
  ['generatorMode', 'start', 'generatorMode'],
  ['generatorSchedule', {}, 'generatorSchedule'],
  ['generatorSchedule', { exerciseFreqInWeeks: 5 }, 'generatorSchedule.exerciseFreqInWeeks'],
  ['generatorSchedule', { exercise_day: 'Sunday' }, 'generatorSchedule.exercise_day'],
  ['generatorSchedule', { exercise_start: 1440 }, 'generatorSchedule.exercise_start'],
  ['generatorSchedule', { exercise_duration: 15 }, 'generatorSchedule.exercise_duration'],
  ['generatorSchedule', { exercise_duration: 70 }, 'generatorSchedule.exercise_duration'],
  ['generatorSchedule', { default_start_soc: 70, default_stop_soc: 70 }, 'generatorSchedule.defaultStartSoc'],
  ['generatorSchedule', { schedule: {} }, 'generatorSchedule'],
  ['chargeFromGenerator', null, 'chargeFromGenerator'],
  ['acBatterySleep', [], 'acBatterySleep'],
  ['acBatterySleep', [{ ...battery, minSoc: 31 }], 'acBatterySleep[0].minSoc'],
  ['acBatterySleep', [{ ...battery, maxSoc: 30.5 }], 'acBatterySleep[0].maxSoc'],
  ['acBatterySleep', [battery, battery], 'acBatterySleep'],
  ['acBatteryWake', ['  '], 'acBatteryWake[0]'],
  ['acBatteryWake', '121900000001', 'acBatteryWake'],
  ['acBatteryWake', new Array(1), 'acBatteryWake[0]'],
  ['dryContactSettings', { id: 'NO1', pvSerialNb: new Array(1) }, 'dryContactSettings.pvSerialNb[0]'],
  ['production', 'stop', 'production'],
];

/** A gateway with every feature that counts what it is asked. */
function countingGateway(): CommandGateway & { requests: number } {
  const features = ['batteries', 'tariff', 'systemController', 'generator', 'acBatteries'] as const;
  const gateway = {
    requests: 0,
    signal: new AbortController().signal,
    known: () =>
      Promise.resolve({ info: gatewayInfo('8.3.5169', true), facts: { ...noFacts, features }, role: 'installer' }),
    request: () => {
      gateway.requests++;
      return Promise.reject(new Error('a request was sent'));
    },
  };
  return gateway;
}

const shapeOf = (command: CommandName): unknown => accepted.find(([name]) => name === command)?.[1];

/** Anything at all, and valid arguments with one place in them replaced by anything. */
function arbitraryFor(command: CommandName): fc.Arbitrary<unknown> {
  const shape = shapeOf(command);
  const thing = fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true });
  if (typeof shape !== 'object' || shape === null) return thing;
  const isList = Array.isArray(shape);
  const inner = (isList ? (shape as unknown[])[0] : shape) as Record<string, unknown>;
  const keys = typeof inner === 'object' ? Object.keys(inner) : [];
  const wrap = (value: unknown): unknown => (isList ? [value] : value);
  const replaced = fc
    .tuple(fc.constantFrom('other', ...keys), thing)
    .map(([key, value]) => wrap(typeof inner === 'object' ? { ...inner, [key]: value } : value));
  return fc.oneof(thing, replaced);
}

const isMember = (words: readonly unknown[]) => (value: unknown) => words.includes(value);
const isPercent = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 100;
const isSerial = (value: unknown) => typeof value === 'string' && /^\s*[A-Za-z0-9]{1,32}\s*$/.test(value);
const truths = isMember([true, false, 'true', 'false', 'on', 'off']);

/** What is allowed, said a second time and more plainly, for the places that the arbitrary arguments touch. */
const allowed: Readonly<Record<CommandName, (value: never) => boolean>> = {
  grid: isMember(['on', 'off']),
  storageMode: isMember(['backup', 'self-consumption', 'economy', 'savings', 'savings-mode']),
  reserveSoc: isPercent,
  chargeFromGrid: truths,
  dryContact: () => false,
  dryContactSettings: () => false,
  generatorMode: (value: unknown) => typeof value === 'string' && /^(off|on|auto)$/i.test(value),
  generatorSchedule: () => false,
  chargeFromGenerator: truths,
  acBatterySleep: () => false,
  acBatteryWake: (value: unknown) =>
    Array.isArray(value) &&
    value.length > 0 &&
    Array.from(value, isSerial).every(Boolean) &&
    new Set(value).size === value.length,
  production: truths,
};

/** Whether a replaced place happens to hold something allowed again. */
function isStillValid(command: CommandName, value: unknown): boolean {
  if (allowed[command](value as never)) return true;
  const valid: Partial<Record<CommandName, Readonly<Record<string, (value: unknown) => boolean>>>> = {
    dryContact: { id: isMember(['NC1', 'NC2', 'NO1', 'NO2']), status: isMember(['open', 'closed']) },
    dryContactSettings: {
      id: isMember(['NC1', 'NC2', 'NO1', 'NO2']),
      grid_action: isMember(['apply', 'shed', 'schedule', 'none']),
      socLow: isPercent,
      override: truths,
      load_name: (text) => typeof text === 'string' && text.length <= 64 && !/\p{Cc}/u.test(text),
    },
    generatorSchedule: {
      exercise_day: (day) => typeof day === 'string' && /^(mon|tue|wed|thu|fri|sat|sun)$/i.test(day),
      exerciseStart: (start) => Number.isInteger(start) && Number(start) >= 0 && Number(start) < 1440,
    },
    acBatterySleep: {
      serialNumber: isSerial,
      minSoc: (soc) => Number.isInteger(soc) && Number(soc) >= 0 && Number(soc) <= 30,
      maxSoc: (soc) => Number.isInteger(soc) && Number(soc) >= 25 && Number(soc) <= 100,
    },
  };
  const inner: unknown = command === 'acBatterySleep' && Array.isArray(value) ? value[0] : value;
  const rules = valid[command];
  if (!rules || typeof inner !== 'object' || inner === null) return false;
  const entries = Object.entries(inner);
  return entries.length > 0 && entries.every(([key, item]) => Object.hasOwn(rules, key) && rules[key]?.(item) === true);
}

describe('arguments of commands', () => {
  for (const [command, payload, expected] of accepted) {
    it(`takes ${command} ${JSON.stringify(payload)}`, () => {
      const parsed = parseArgument(command, payload);
      assert.deepStrictEqual(parsed, expected);
      assert.deepStrictEqual(parseArgument(command, parsed), expected, 'a parsed argument has to stay as it is');
    });
  }

  for (const [command, payload, field] of refused) {
    it(`refuses ${command} ${JSON.stringify(payload)}`, () => {
      assert.throws(
        () => parseArgument(command, payload),
        (error) =>
          error instanceof EnergyError &&
          error.code === 'invalid_argument' &&
          error.parameters.field === field &&
          error.message.includes(String(error.parameters.allowed)),
      );
    });
  }

  it('names what is allowed and never what was given', () => {
    assert.throws(() => parseArgument('grid', 'secret-123456789'), /^EnergyError: "grid" must be one of on, off\.$/);
  });

  it('knows commands by their names only', () => {
    assert.equal(parseCommandName('reserveSoc'), 'reserveSoc');
    for (const name of ['toString', '', undefined, 'reservesoc']) {
      assert.throws(() => parseCommandName(name), /"command" must be one of grid, storageMode/);
    }
  });

  for (const command of commandNames) {
    it(`sends no request for any argument of ${command} that is not allowed`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryFor(command), async (payload) => {
          fc.pre(!isStillValid(command, payload));
          const gateway = countingGateway();
          const error = await errorOf(performCommand(gateway, command, payload));
          assert.equal(error.code, 'invalid_argument');
          assert.equal(gateway.requests, 0);
        }),
      );
    });
  }
});
