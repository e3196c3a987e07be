import assert from 'node:assert/strict';
import { probe, readDatasets } from '../../../../lib/envoy/datasets/registry.js';
import type { DatasetName } from '../../../../lib/envoy/datasets/types.js';
import {
  battery,
  batteryPower,
  coded,
  collarDevice,
  combinerDevice,
  controller,
  ensemblePaths,
  group,
  house,
  readFrom,
} from './house.js';
import { bench, failure, gatewayInfo, type Replies } from './support.js';

/** The house with `changes`, probed and read. */
const readHouse = (changes: Replies = {}, wanted: readonly DatasetName[] = []) =>
  readFrom({ ...house, ...changes }, wanted);

interface Batteries {
  readonly units: Record<string, Record<string, unknown>>;
  readonly aggregate?: object;
}

describe('batteries', () => {
  it('have state, power and sums, each under its own name', async () => {
    const { payload, facts, warnings } = await readHouse({}, ['batteries']);
    assert.ok(facts.features.includes('batteries'));
    assert.deepEqual(warnings, []);
    const { units, aggregate } = payload.batteries as Batteries;
    assert.deepEqual(units['121000000001'], {
      serialNumber: '121000000001',
      partNumber: '830-11111-r01',
      adminState: 6,
      adminStateStr: 'ENCHG_STATE_READY',
      bmuFirmwareVersion: '2.1.30',
      firmwareVersion: '2.6.100_rel/1.1',
      firmwareLoadedDate: 1740000100,
      installedDate: 1740000000,
      lastReportDate: 1751000300,
      commLevel24Ghz: 3,
      commLevelSubGhz: 4,
      communicating: true,
      dcSwitchOff: false,
      enchargeCapacity: 3500,
      enchargeRevision: 2,
      ledStatus: 13,
      maxCellTemp: 28,
      percentFull: 64,
      temperature: 27,
      temperatureUnit: 'C',
      realPowerMw: 900500,
      apparentPowerMva: 900500,
      soc: 64,
    });
    assert.deepEqual(aggregate, {
      availableEnergy: 4480,
      backupReserve: 1750,
      stateOfCharge: 64,
      reserveStateOfCharge: 25,
      configuredReserveStateOfCharge: 20,
      maxAvailableCapacity: 7000,
    });
  });

  it('of two groups are all there', async () => {
    const groups = [group('ENCHARGE', battery('1')), group('ENPOWER', controller()), group('ENCHARGE', battery('2'))];
    const { payload } = await readHouse({
      [ensemblePaths.inventory]: groups,
      [ensemblePaths.power]: { 'devices:': [] },
    });
    assert.deepEqual(Object.keys((payload.batteries as Batteries).units), ['1', '2']);
  });

  it('are an empty table where the group has no device', async () => {
    const empty = { [ensemblePaths.inventory]: [group('ENCHARGE')], [ensemblePaths.power]: { 'devices:': [] } };
    const { payload, facts, warnings } = await readHouse(empty);
    assert.ok(facts.features.includes('batteries'));
    assert.deepEqual((payload.batteries as Batteries).units, {});
    assert.deepEqual(warnings, []);
  });

  it('show what older firmware adds and newer firmware leaves out', async () => {
    const old = battery('1', { operating: true, zigbee_dongle_fw_version: '100F' });
    const young = battery('2', { led_status: 'blinking', bmu_fw_version: null, percentFull: null });
    const { payload } = await readHouse({ [ensemblePaths.inventory]: [group('ENCHARGE', old, young, {})] });
    const { units } = payload.batteries as Batteries;
    assert.deepEqual([units['1']?.operating, units['1']?.zigbeeDongleFwVersion], [true, '100F']);
    assert.equal(units['2']?.ledStatus, 'blinking');
    for (const key of ['operating', 'zigbeeDongleFwVersion', 'bmuFirmwareVersion', 'percentFull']) {
      assert.equal(key in (units['2'] ?? {}), false, key);
    }
  });

  it('lose their power, and nothing else, where the power fails', async () => {
    for (const reply of [failure.busy, { devices: [] }, { error: '404' }]) {
      const outcome = await readHouse({ [ensemblePaths.power]: reply });
      const { units, aggregate } = outcome.payload.batteries as Batteries;
      assert.equal(units['121000000001']?.percentFull, 64);
      assert.equal('realPowerMw' in (units['121000000001'] ?? {}), false);
      assert.ok(aggregate);
      assert.deepEqual(coded(outcome), [['batteries', reply === failure.busy ? 'gateway_busy' : 'reply_invalid']]);
    }
  });

  it('warn once for each reason, however many of their endpoints fail', async () => {
    const { context, warnings } = bench(gatewayInfo('8.2.127', true), {
      ...house,
      [ensemblePaths.power]: failure.timeout,
      [ensemblePaths.sums]: failure.timeout,
    });
    const payload = await readDatasets(context, await probe(context), []);
    assert.ok('batteries' in payload);
    assert.deepEqual(
      warnings.map(({ part, code }) => [part, code]),
      [['batteries', 'gateway_timeout']],
    );
  });

  it('keep a new battery that only one of the endpoints knows', async () => {
    const power = { 'devices:': [batteryPower('9', -1000, 12)] };
    const { payload } = await readHouse({ [ensemblePaths.power]: power });
    assert.deepEqual((payload.batteries as Batteries).units['9'], {
      realPowerMw: -1000,
      apparentPowerMva: -1000,
      soc: 12,
    });
  });
});

describe('the ensemble probe', () => {
  it('never asks below firmware 5', async () => {
    const { context, asked } = bench(gatewayInfo('4.10.35', true), house);
    const facts = await probe(context);
    const paths = asked.filter((path) => path.startsWith('/ivp/ensemble') || path.startsWith('/ivp/ss'));
    assert.deepEqual(paths, []);
    for (const feature of ['batteries', 'systemController', 'collar', 'combiner', 'generator'] as const) {
      assert.equal(facts.features.includes(feature), false, feature);
    }
    assert.ok(facts.features.includes('tariff'));
  });

  for (const [title, reply] of [
    ['an error with status 200', { error: '404 - Not Found' }],
    ['an empty list', []],
    ['a refusal', failure.refused],
    ['a page', failure.page],
    ['a missing endpoint', failure.missing],
  ] as const) {
    it(`finds nothing in ${title}, without a warning`, async () => {
      const { facts, payload, warnings } = await readHouse({ [ensemblePaths.inventory]: reply });
      assert.equal(facts.features.includes('batteries'), false);
      for (const part of ['batteries', 'systemController', 'dryContacts', 'collar', 'combiner', 'generator']) {
        assert.equal(part in payload, false, part);
      }
      assert.deepEqual([warnings, facts.incomplete], [[], undefined]);
    });
  }

  it('is incomplete while the gateway does not answer', async () => {
    const { facts, warnings } = await readHouse({ [ensemblePaths.inventory]: failure.timeout });
    assert.equal(facts.incomplete, true);
    assert.deepEqual(new Set(warnings.map(({ code }) => code)), new Set(['gateway_timeout']));
  });
});

describe('system controller, collar and combiner', () => {
  it('are read from their groups', async () => {
    const { payload, asked } = await readHouse({}, ['systemController', 'collar', 'combiner']);
    assert.deepEqual(asked, [ensemblePaths.inventory]);
    assert.deepEqual(payload.systemController, {
      serialNumber: '122400000009',
      partNumber: '860-22222-r02',
      adminState: 24,
      adminStateStr: 'ENPWR_STATE_OPER_CLOSED',
      gridMode: 'multimode-ongrid',
      mainsAdminState: 'closed',
      mainsOperState: 'closed',
      commLevel24Ghz: 5,
      commLevelSubGhz: 5,
      communicating: true,
      firmwareVersion: '1.2.3_rel/4.5',
      firmwareLoadedDate: 1740000300,
      installedDate: 1740000200,
      lastReportDate: 1751000310,
      temperature: 84,
      temperatureUnit: 'F',
    });
    assert.deepEqual(payload.collar, {
      serialNumber: '482500000007',
      partNumber: '865-33333-r03',
      adminState: 88,
      adminStateStr: 'ENCMN_MDE_ON_GRID',
      communicating: true,
      firmwareVersion: '3.0.1-D0',
      firmwareLoadedDate: 1740000500,
      installedDate: 1740000400,
      lastReportDate: 1751000320,
      temperature: 36,
      temperatureUnit: 'C',
      midState: 'close',
      gridState: 'on_grid',
      controlError: 0,
      collarState: 'Installed',
    });
    assert.deepEqual(payload.combiner, {
      serialNumber: '482500000008',
      partNumber: '800-44444-r04',
      adminState: 82,
      adminStateStr: 'ENCMN_C6_CC_READY',
      communicating: true,
      firmwareVersion: '0.1.9-D1',
      firmwareLoadedDate: 1740000700,
      installedDate: 1740000600,
      lastReportDate: 1751000330,
      dmirVersion: '0.1.8-D1',
    });
  });

  it('are absent where their groups are empty', async () => {
    const groups = ['ENPOWER', 'COLLAR', 'C6 COMBINER CONTROLLER'].map((type) => group(type));
    const { payload, warnings } = await readHouse({ [ensemblePaths.inventory]: groups });
    for (const part of ['systemController', 'collar', 'combiner']) assert.equal(part in payload, false, part);
    assert.deepEqual(warnings, []);
  });

  it('leave out a collar and a combiner that lack a key, with a warning each', async () => {
    const groups = [
      group('COLLAR', collarDevice({ mid_state: undefined })),
      group('C6 COMBINER CONTROLLER', combinerDevice({ dmir_version: null })),
    ];
    const outcome = await readHouse({ [ensemblePaths.inventory]: groups });
    assert.deepEqual(['collar' in outcome.payload, 'combiner' in outcome.payload], [false, false]);
    assert.deepEqual(coded(outcome), [
      ['collar', 'reply_invalid'],
      ['combiner', 'reply_invalid'],
    ]);
  });

  it('keep words that nobody knows', async () => {
    const changed = controller({ mains_oper_state: 'half-open', Enpwr_grid_mode: 'new-mode' });
    const { payload } = await readHouse({ [ensemblePaths.inventory]: [group('ENPOWER', changed)] });
    const { mainsOperState, gridMode } = payload.systemController as Record<string, unknown>;
    assert.deepEqual([mainsOperState, gridMode], ['half-open', 'new-mode']);
  });
});
