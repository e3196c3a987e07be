import assert from 'node:assert/strict';
import { parseArgument } from '../../lib/envoy/commands/commands.js';
import { gatewaySettings } from '../../lib/envoy/settings.js';
import { EnergyError } from '../../lib/errors.js';

/** What the error of a call carries beside its English text and phrase. */
function carried(task: () => unknown): unknown {
  try {
    task();
  } catch (error) {
    assert.ok(error instanceof EnergyError);
    const { allowed, ...rest } = error.parameters;
    assert.ok(allowed === undefined || error.message.includes(String(allowed)));
    return rest;
  }
  assert.fail('nothing was wrong');
}

describe('an argument that cannot be used', () => {
  const battery = { serialNumber: '121900000001', minSoc: 25, maxSoc: 30 };
  const cases: readonly (readonly [task: () => unknown, parameters: object])[] = [
    [() => parseArgument('grid', 'ON'), { field: 'grid', rule: 'oneOf', words: 'on, off' }],
    [() => parseArgument('reserveSoc', 101), { field: 'reserveSoc', rule: 'numberBetween', minimum: 0, maximum: 100 }],
    [
      () => parseArgument('generatorSchedule', { exercise_start: 1440 }),
      { field: 'generatorSchedule.exercise_start', rule: 'wholeNumber', minimum: 0, maximum: 1439 },
    ],
    [
      () => parseArgument('generatorSchedule', { exercise_duration: 15 }),
      { field: 'generatorSchedule.exercise_duration', rule: 'wholeNumberInSteps', minimum: 10, maximum: 60, step: 10 },
    ],
    [
      () => parseArgument('generatorSchedule', { defaultStartSoc: 70, defaultStopSoc: 70 }),
      { field: 'generatorSchedule.defaultStartSoc', rule: 'below', other: 'defaultStopSoc' },
    ],
    [() => parseArgument('production', 'stop'), { field: 'production', rule: 'truth' }],
    [() => parseArgument('dryContact', 'NC1'), { field: 'dryContact', rule: 'object' }],
    [
      () => parseArgument('dryContact', { id: 'NC1', status: 'open', secret: 1 }),
      { field: 'dryContact', rule: 'knownKeys', words: 'id, status' },
    ],
    [
      () => parseArgument('dryContactSettings', { id: 'NC1', gridAction: 'apply', grid_action: 'shed' }),
      { field: 'dryContactSettings.gridAction', rule: 'givenOnce', words: 'gridAction, grid_action' },
    ],
    [
      () => parseArgument('dryContactSettings', { id: 'NC1', socLow: 80, socHigh: 70 }),
      { field: 'dryContactSettings.socLow', rule: 'notAbove', other: 'socHigh' },
    ],
    [
      () => parseArgument('dryContactSettings', { id: 'NC1', loadName: 'a\nb' }),
      { field: 'dryContactSettings.loadName', rule: 'textUpTo', longest: 64 },
    ],
    [() => parseArgument('acBatteryWake', []), { field: 'acBatteryWake', rule: 'someBattery' }],
    [() => parseArgument('acBatteryWake', [7]), { field: 'acBatteryWake[0]', rule: 'serialNumber' }],
    [() => parseArgument('acBatterySleep', [battery, battery]), { field: 'acBatterySleep', rule: 'batteryOnce' }],
    [() => gatewaySettings({ host: 'a b' }), { field: 'host', rule: 'host' }],
    [() => gatewaySettings({ tls: 'none' }), { field: 'tls', rule: 'oneOf', words: 'pin, verify, insecure' }],
    [() => gatewaySettings({ cloudUrl: 'enlighten' }), { field: 'cloudUrl', rule: 'url' }],
    [() => gatewaySettings({ fingerprint: 'AB:CD' }), { field: 'fingerprint', rule: 'fingerprint' }],
    [() => gatewaySettings({ timeout: 0 }), { field: 'timeout', rule: 'numberBetween', minimum: 1, maximum: 300 }],
  ];

  it('carries the rule and its values as data, and never what was given', () => {
    for (const [task, parameters] of cases) assert.deepEqual(carried(task), parameters);
  });
});
