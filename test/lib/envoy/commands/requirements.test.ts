import assert from 'node:assert/strict';
import { checkRequirements, requirements } from '../../../../lib/envoy/commands/commands.js';
import { commandNames, type CommandName } from '../../../../lib/envoy/commands/types.js';
import { noFacts, type Feature } from '../../../../lib/envoy/datasets/types.js';
import { AuthenticationError, EnergyError } from '../../../../lib/errors.js';
import { gatewayInfo } from '../datasets/support.js';

const needed: Readonly<Record<CommandName, readonly Feature[]>> = {
  grid: ['systemController'],
  storageMode: ['batteries', 'tariff'],
  reserveSoc: ['batteries', 'tariff'],
  chargeFromGrid: ['batteries', 'tariff'],
  dryContact: ['systemController'],
  dryContactSettings: ['systemController'],
  generatorMode: ['generator'],
  generatorSchedule: ['generator'],
  chargeFromGenerator: ['generator'],
  acBatterySleep: ['acBatteries'],
  acBatteryWake: ['acBatteries'],
  production: [],
};

const known = (features: readonly Feature[], role?: string) => ({
  info: gatewayInfo('8.3.5169', true),
  facts: { ...noFacts, features },
  ...(role !== undefined && { role }),
});

describe('requirements of commands', () => {
  for (const command of commandNames) {
    it(`${command} works with just what it needs`, () => {
      assert.deepEqual(requirements(command).features, needed[command]);
      checkRequirements(command, known(needed[command], 'installer'));
    });

    for (const missing of needed[command]) {
      it(`${command} is refused without ${missing}`, () => {
        const features = needed[command].filter((feature) => feature !== missing);
        assert.throws(
          () => checkRequirements(command, known(features, 'installer')),
          (error) =>
            error instanceof EnergyError &&
            error.code === 'feature_not_available' &&
            error.parameters.feature === missing &&
            error.message.includes(missing),
        );
      });
    }
  }

  for (const role of ['owner', 'monitor', 'prov', 'support', 'sysadmin']) {
    it(`the role ${role} is not enough for production`, () => {
      assert.throws(
        () => checkRequirements('production', known([], role)),
        (error) => error instanceof AuthenticationError && error.code === 'role_insufficient',
      );
    });
  }

  for (const role of ['installer', 'factory', 'toString', 'somebody', undefined]) {
    it(`leaves production with the role ${String(role)} to the gateway`, () => {
      checkRequirements('production', known([], role));
    });
  }

  it('lets an owner do everything else', () => {
    for (const command of commandNames.filter((name) => name !== 'production')) {
      checkRequirements(command, known(needed[command], 'owner'));
    }
  });

  it('looks at the feature before the role, and says where the gateway was not known completely', () => {
    const { info, facts } = known([]);
    assert.throws(
      () => checkRequirements('grid', { info, facts: { ...facts, incomplete: true } }),
      /not found on this gateway, which could not be looked at completely yet/,
    );
  });
});
