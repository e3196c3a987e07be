import assert from 'node:assert/strict';
import { probe } from '../../../../lib/envoy/datasets/registry.js';
import { acBattery, acStorage, ensemblePaths, group, house, meteredReport, readFrom, sums } from './house.js';
import { bench, eim, failure, gatewayInfo, listed, paths, type Replies } from './support.js';

const acHouse: Replies = {
  [paths.details]: { ...meteredReport, storage: [acStorage] },
  [paths.inverters]: [
    listed('131000000001', 100),
    listed('141000000001', 60, { devType: 11 }),
    listed('141000000002', 70, { devType: 11 }),
  ],
  [ensemblePaths.devices]: [
    group('PCU', acBattery('131000000001')),
    group('ACB', acBattery('141000000001'), acBattery('141000000003', { admin_state: 0 })),
    group('ACB', acBattery('141000000002', { admin_state: undefined, charge_status: undefined })),
  ],
};

interface AcBatteries {
  readonly power?: Record<string, unknown>;
  readonly units?: Record<string, Record<string, unknown>>;
}

describe('AC Batteries', () => {
  it('are those in use, with power and last report, and no inverters', async () => {
    const { payload, facts, warnings } = await readFrom(acHouse, ['acBatteries', 'inverters']);
    assert.ok(facts.features.includes('acBatteries'));
    assert.equal(facts.acBatteryCount, 2);
    assert.deepEqual(warnings, []);
    assert.deepEqual(Object.keys(payload.inverters as object), ['131000000001']);
    const { power, units } = payload.acBatteries as AcBatteries;
    assert.deepEqual(power, { power: 130, chargeWh: 720, stateOfCharge: 30, state: 'discharging', batteries: 2 });
    assert.deepEqual(Object.keys(units ?? {}), ['141000000001', '141000000002']);
    assert.deepEqual(units?.['141000000001'], {
      serialNum: '141000000001',
      partNum: '800-55555-r05',
      chargeStatus: 'discharging',
      deviceStatus: ['envoy.global.ok'],
      communicating: true,
      operating: true,
      producing: true,
      sleepEnabled: false,
      sleepState: 'awake',
      sleepMinSoc: 25,
      sleepMaxSoc: 30,
      percentFull: 31,
      maxCellTemp: 24,
      lastReportDate: 1751000200,
      lastReportWatts: 60,
      maxReportWatts: 300,
    });
    assert.equal(units['141000000002']?.chargeStatus, 'unknown');
    assert.equal('batteryAggregate' in payload, false);
  });

  it('tell whether they sleep, and keep words that nobody knows', async () => {
    const flag = 'envoy.cond_flags.pcu_ctrl.sleep-mode';
    const device = (serial: string, sleep_enabled: boolean, device_status: readonly string[]) =>
      acBattery(serial, { sleep_enabled, device_status, charge_status: 'Balancing' });
    const devices = [
      device('1', true, [flag]),
      device('2', true, []),
      device('3', false, [flag]),
      device('4', false, []),
    ];
    const { payload } = await readFrom({ ...acHouse, [ensemblePaths.devices]: [group('ACB', ...devices)] }, [
      'acBatteries',
    ]);
    const units = Object.values((payload.acBatteries as AcBatteries).units ?? {});
    assert.deepEqual(
      units.map((unit) => unit.sleepState),
      ['asleep', 'going_to_sleep', 'waking', 'awake'],
    );
    assert.equal(units[0]?.chargeStatus, 'balancing');
  });

  it('are none without a state of charge, and then the slow inventory is not asked', async () => {
    for (const storage of [
      [{ ...acStorage, percentFull: undefined }],
      [{ ...acStorage, activeCount: 0 }],
      [],
      undefined,
    ]) {
      // Over the wire a key without a value does not exist.
      const report = JSON.parse(JSON.stringify({ ...meteredReport, storage })) as object;
      const gateway = bench(gatewayInfo('8.2.127', true), { ...acHouse, [paths.details]: report });
      const facts = await probe(gateway.context);
      assert.equal(facts.features.includes('acBatteries'), false);
      assert.equal(gateway.asked.includes(ensemblePaths.devices), false);
    }
  });

  it('are found in the second report, too', async () => {
    const report = { production: [eim(1, [500, 90, 800, 9000])] };
    const replies = { ...acHouse, [paths.details]: report, [paths.production]: { ...report, storage: [acStorage] } };
    const { facts, payload } = await readFrom(replies, ['acBatteries']);
    assert.equal(facts.acBatteryPath, paths.production);
    assert.equal((payload.acBatteries as AcBatteries).power?.power, 130);
  });

  it('go without their last report where the list is refused, and without units where the inventory is', async () => {
    const refused = await readFrom({ ...acHouse, [paths.inverters]: failure.refused }, ['acBatteries']);
    const { units } = refused.payload.acBatteries as AcBatteries;
    assert.equal(units?.['141000000001']?.percentFull, 31);
    assert.equal('lastReportWatts' in (units['141000000001'] ?? {}), false);
    assert.deepEqual(refused.warnings, []);
    const plain = await readFrom({ ...acHouse, [ensemblePaths.devices]: failure.refused }, ['acBatteries']);
    assert.deepEqual(Object.keys(plain.payload.acBatteries as object), ['power']);
    assert.deepEqual(plain.warnings, []);
  });

  it('stand in one sum with IQ Batteries where there are both', async () => {
    const { payload } = await readFrom({ ...house, ...acHouse }, ['acBatteries']);
    assert.deepEqual(payload.batteryAggregate, {
      availableEnergy: 5200,
      stateOfCharge: 55,
      maxAvailableCapacity: 9400,
    });
    const partly = { ...house, ...acHouse, [ensemblePaths.sums]: { ...sums, ACB_agg_energy: undefined } };
    assert.deepEqual((await readFrom(partly, ['acBatteries'])).payload.batteryAggregate, {
      stateOfCharge: 55,
      maxAvailableCapacity: 9400,
    });
  });
});
