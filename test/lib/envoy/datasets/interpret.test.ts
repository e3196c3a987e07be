import assert from 'node:assert/strict';
import { EnergyError } from '../../../../lib/errors.js';
import {
  detailedInverters,
  isCompleteDeviceData,
  listedInverters,
} from '../../../../lib/envoy/datasets/interpret/inverters.js';
import { ctMeters, wiringOf } from '../../../../lib/envoy/datasets/interpret/meters.js';
import {
  activePhases,
  consumption,
  inverterProduction,
  meteredProduction,
} from '../../../../lib/envoy/datasets/interpret/production-report.js';
import { repairTotal } from '../../../../lib/envoy/datasets/interpret/total-repair.js';
import { v1Production } from '../../../../lib/envoy/datasets/interpret/v1-production.js';
import { ct, deviceData, eim, figures, inverterSum, listed, paths, pcu, reading, totals, used, v1 } from './support.js';

const replyInvalid = (endpoint: string, field: string) => (error: unknown) =>
  error instanceof EnergyError &&
  error.code === 'reply_invalid' &&
  error.message.includes(endpoint) &&
  error.message.includes(field);

describe('production report', () => {
  const source = paths.details;

  it('finds the meter by type, whatever the order, and rounds to whole numbers', () => {
    const report = { production: [eim(1, [-3.4, 1200.6, 8000.4, 90000.6]), inverterSum(9, 5, 70000)] };
    const expected = { ...totals([-3, 1201, 8000, 90001]), source };
    assert.deepEqual(meteredProduction(report, source, 1), expected);
    assert.deepEqual(meteredProduction({ production: report.production.reverse() }, source, 1), expected);
  });

  it('rounds a half to the even number, as the reference does', () => {
    for (const [value, rounded] of [
      [2.5, 2],
      [3.5, 4],
      [-2.5, -2],
      [-3.5, -4],
      [0.5, 0],
      [-0.4, 0],
      [2.6, 3],
    ] as const) {
      const report = { production: [eim(1, [value, 0, 0, 1])] };
      assert.equal(meteredProduction(report, source, 1)?.wattsNow, rounded, `${value}`);
    }
  });

  it('lists a phase for each line, up to the configured phases, and none on a one-phase gateway', () => {
    const lines = [figures([10, 1, 2, 3]), { wNow: 20.4 }, figures([30, 1, 2, 3])];
    const report = { production: [{ ...eim(1, [60, 3, 6, 9]), lines }] };
    assert.deepEqual(meteredProduction(report, source, 2)?.phases, {
      L1: totals([10, 1, 2, 3]),
      L2: totals([20, 0, 0, 0]),
    });
    assert.deepEqual(Object.keys(meteredProduction(report, source, 3)?.phases ?? {}), ['L1', 'L2', 'L3']);
    assert.equal('phases' in (meteredProduction(report, source, 1) ?? {}), false);
    assert.equal('phases' in (meteredProduction({ production: [eim(1, [1, 1, 1, 1])] }, source, 3) ?? {}), false);
  });

  it('takes today and the seven days of the inverters from the meter entry beside them, else 0', () => {
    const beside = { production: [inverterSum(9, 700, 5000), eim(0, [0, 44, 333, 0])] };
    assert.deepEqual(inverterProduction(beside, source), { ...totals([700, 44, 333, 5000]), source });
    const alone = { production: [inverterSum(9, 700, 5000)] };
    assert.deepEqual(inverterProduction(alone, source), { ...totals([700, 0, 0, 5000]), source });
  });

  it('names endpoint and field where a required value is missing', () => {
    assert.throws(() => meteredProduction({}, source, 1), replyInvalid(source, 'production'));
    assert.throws(
      () => meteredProduction({ production: [{ type: 'eim', activeCount: 1, wNow: 5 }] }, source, 1),
      replyInvalid(source, 'whLifetime'),
    );
    assert.throws(() => inverterProduction({ production: [] }, source), replyInvalid(source, 'inverters'));
    const half = { consumption: [{ activeCount: 1, measurementType: 'net-consumption', wNow: 4 }] };
    assert.throws(() => consumption(half, 'net-consumption', source, 1), replyInvalid(source, 'whToday'));
    assert.throws(
      () => v1Production({ ...v1([1, 2, 3, 4]), wattsNow: '1' }, paths.v1),
      replyInvalid(paths.v1, 'wattsNow'),
    );
  });

  it('chooses consumption by its measurement type and passes over inactive and unnamed entries', () => {
    const report = {
      consumption: [
        { ...eim(0, [9, 9, 9, 9]), measurementType: 'net-consumption' },
        { ...eim(1, [8, 8, 8, 8]), measurementType: undefined },
        { ...eim(1, [7, 7, 7, 7]), measurementType: 'heat-pump' },
        used('net', [-50, 0, 0, -7000]),
        used('total', [450, 100, 200, 3000]),
      ],
    };
    assert.deepEqual(consumption(report, 'total-consumption', source, 1), { ...totals([450, 100, 200, 3000]), source });
    assert.deepEqual(consumption(report, 'net-consumption', source, 1), { ...totals([-50, 0, 0, -7000]), source });
    const one = { consumption: [used('net', [1, 2, 3, 4])] };
    assert.equal(consumption(one, 'total-consumption', source, 1), undefined);
  });

  it('counts the phases that hold values', () => {
    assert.equal(activePhases({ lines: [figures([0, 0, 0, 5]), figures([0, 0, 0, 0]), { rmsVoltage: 230 }] }), 2);
    assert.equal(activePhases({}), 0);
  });
});

describe('repair of a total consumption overwritten by net consumption', () => {
  const source = paths.details;
  const one = (now: number, lifetime: number) => ({
    wattsNow: now,
    wattHoursToday: 7,
    wattHoursLast7Days: 70,
    wattHoursLifetime: lifetime,
  });

  it('adds production to power and lifetime, and to each equal phase', () => {
    const net = { ...one(-100, 500), source, phases: { L1: one(-120, 300), L2: one(20, 200) } };
    const total = { ...net, phases: { L1: net.phases.L1, L2: one(25, 260) } };
    const production = { ...one(400, 9000), source, phases: { L1: one(300, 6000), L2: one(100, 3000) } };
    assert.deepEqual(repairTotal(total, net, production), {
      ...one(300, 9500),
      source,
      phases: { L1: one(180, 6300), L2: one(25, 260) },
    });
  });

  it('leaves a total alone whose lifetime or power differs from net', () => {
    const net = { ...one(250, 500), source };
    const production = { ...one(0, 9000), source };
    for (const total of [
      { ...one(250, 900), source },
      { ...one(251, 500), source },
    ]) {
      assert.deepEqual(repairTotal(total, net, production), total);
    }
  });
});

describe('CT meters', () => {
  const facts = (...eids: readonly (readonly [number, string])[]) =>
    eids.map(([eid, measurementType]) => ({ eid, measurementType }));

  it('takes wiring from the enabled CTs only', () => {
    const reply = [ct(1, 'production', 2), ct(2, 'net-consumption', 3, { state: 'disabled' })];
    assert.deepEqual(wiringOf(reply), { meters: facts([1, 'production']), phaseCount: 2, phaseMode: 'split' });
    for (const none of [[], { error: '404' }, null, 'page', [{ ...reply[1] }]]) {
      assert.deepEqual(wiringOf(none), { meters: [], phaseCount: 1 });
    }
  });

  it('matches readings by eid and skips those that are unknown or were not enabled', () => {
    const meters = [ct(1, 'production'), ct(2, 'net-consumption'), ct(3, 'storage', 1, { state: 'disabled' })];
    const readings = [
      reading(3, 1, 1, 1),
      reading(1023410688, 0, 0, 0),
      reading(2, -80.6, 900.6, 300),
      reading(1, 500, 40, 2),
    ];
    const known = { meters: facts([1, 'production'], [2, 'net-consumption']), phaseCount: 1 };
    const found = ctMeters({ meters, readings }, known, '8.3.5025').meters;
    assert.deepEqual(Object.keys(found).sort(), ['net-consumption', 'production']);
    assert.deepEqual(found['net-consumption'], {
      eid: 2,
      timestamp: 1751000000,
      measurementType: 'net-consumption',
      state: 'enabled',
      meteringStatus: 'normal',
      statusFlags: [],
      activePower: -81,
      powerFactor: 0.98,
      voltage: 231.25,
      current: 4.125,
      frequency: 50,
      energyDelivered: 901,
      energyReceived: 300,
    });
  });

  it('leaves out what a firmware does not tell', () => {
    const meters = [ct(1, 'evse', 1, { statusFlags: undefined })];
    const readings = [{ ...reading(1, 1, 2, 3), freq: null, voltage: '230' }];
    const found = ctMeters({ meters, readings }, { meters: facts([1, 'evse']), phaseCount: 1 }, '4.2.33').meters.evse;
    assert.ok(found);
    for (const key of ['statusFlags', 'frequency', 'voltage', 'phases']) assert.equal(key in found, false, key);
  });

  it('lists as many phases as are configured and recorded, with the state of their meter', () => {
    const channels = [reading(11, 1, 10, 0), reading(12, 2, 20, 0), reading(13, 0, 0, 0)];
    const read = (phaseCount: number, count: number) =>
      ctMeters(
        {
          meters: [ct(1, 'production', phaseCount)],
          readings: [{ ...reading(1, 3, 30, 0), channels: channels.slice(0, count) }],
        },
        { meters: facts([1, 'production']), phaseCount },
        '7.6.175',
      ).meters.production?.phases;
    assert.deepEqual(Object.keys(read(2, 3) ?? {}), ['L1', 'L2']);
    assert.deepEqual(Object.keys(read(3, 2) ?? {}), ['L1', 'L2']);
    assert.equal(read(1, 3), undefined);
    assert.deepEqual(
      [read(2, 3)?.L2?.eid, read(2, 3)?.L2?.energyDelivered, read(2, 3)?.L2?.state, read(2, 3)?.L2?.measurementType],
      [12, 20, 'enabled', 'production'],
    );
  });

  it('leaves out the sum and the phase that a split-phase storage CT lost (8.3.6086)', () => {
    const meters = [ct(1, 'storage', 2)];
    const lost = [{ ...reading(1, 700, 500, 90), channels: [reading(11, 0, 0, 0), reading(12, 700, 500, 90)] }];
    const known = { meters: facts([1, 'storage']), phaseCount: 2 };
    const found = ctMeters({ meters, readings: lost }, known, '8.3.6086');
    assert.deepEqual(found.doubtful, ['storage']);
    assert.deepEqual(Object.keys(found.meters.storage?.phases ?? {}), ['L2']);
    assert.equal('energyDelivered' in (found.meters.storage ?? {}), false);
    assert.equal(found.meters.storage?.eid, 1);
    assert.equal(ctMeters({ meters, readings: lost }, known, '8.3.5167').meters.storage?.energyDelivered, 500);
    const sound = [{ ...lost[0], actEnergyDlvd: 800 }];
    assert.equal(ctMeters({ meters, readings: sound }, known, '8.3.6086').meters.storage?.energyDelivered, 800);
  });

  it('names the endpoint that answered with something else than a list', () => {
    const known = { meters: facts([1, 'production']), phaseCount: 1 };
    assert.throws(() => ctMeters({ meters: {}, readings: [] }, known, '8.0.0'), replyInvalid(paths.meters, 'eid'));
    assert.throws(() => ctMeters({ meters: [], readings: null }, known, '8.0.0'), replyInvalid(paths.readings, 'eid'));
  });
});

describe('inverters', () => {
  it('reads device data in V, A, Hz, Wh and seconds', () => {
    const found = detailedInverters(deviceData([pcu('121000000001')]), paths.deviceData);
    assert.deepEqual(found, {
      '121000000001': {
        serialNumber: '121000000001',
        lastReportDate: 1751000100,
        lastReportWatts: 190,
        maxReportWatts: 340,
        dcVoltage: 33.125,
        dcCurrent: 5.8,
        acVoltage: 230.5,
        acCurrent: 0.825,
        acFrequency: 49.99,
        temperature: 41,
        energyProduced: 52.778,
        energyToday: 812,
        lifetimeEnergy: 1000,
        lastReportDuration: 900,
      },
    });
  });

  it('has no mean energy where the interval is 0 seconds long', () => {
    const found = detailedInverters(deviceData([pcu('1', {}, { duration: 0 })]), paths.deviceData);
    assert.equal('energyProduced' in (found['1'] ?? { energyProduced: 1 }), false);
    assert.equal(found['1']?.lastReportDuration, 0);
  });

  it('skips removed devices, other devices, and an inverter without a reading', () => {
    const devices = [
      pcu('1'),
      pcu('2', { active: false, modGone: true, channels: [] }),
      pcu('3', { channels: [{}] }),
      pcu('4', { devName: 'acb' }),
    ];
    assert.deepEqual(Object.keys(detailedInverters(deviceData(devices), paths.deviceData)), ['1']);
  });

  it('relies on device data only where the list is whole', () => {
    const fifty = Array.from({ length: 50 }, (_, index) => pcu(`${121000000000 + index}`));
    assert.equal(isCompleteDeviceData(deviceData(fifty.slice(0, 49))), true);
    assert.equal(isCompleteDeviceData(deviceData(fifty)), false);
    assert.equal(isCompleteDeviceData(deviceData(fifty.slice(0, 49), 61)), false);
    assert.equal(isCompleteDeviceData(deviceData([pcu('1'), pcu('2', { channels: [] })])), false);
    assert.equal(isCompleteDeviceData(deviceData([pcu('1', { active: false })])), false);
    assert.equal(isCompleteDeviceData({ ...deviceData([pcu('1')]), deviceDataLimit: undefined }), false);
    assert.equal(isCompleteDeviceData({ error: '404' }), false);
  });

  it('lists the inverters but neither AC Batteries nor entries without a report', () => {
    const reply = [
      listed('1', 100),
      listed('2', 120, { devType: 1 }),
      listed('3', 5, { devType: 11 }),
      listed('4', 1, { lastReportDate: null }),
    ];
    assert.deepEqual(Object.keys(listedInverters(reply, paths.inverters)), ['1', '2']);
    assert.throws(
      () => listedInverters({ status: 401 }, paths.inverters),
      replyInvalid(paths.inverters, 'serialNumber'),
    );
  });
});
