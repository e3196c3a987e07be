import assert from 'node:assert/strict';
import { batteryOf } from '../../../../lib/envoy/datasets/derived/battery.js';
import { gridOf } from '../../../../lib/envoy/datasets/derived/grid.js';

const netMeter = { activePower: -1200, energyDelivered: 80_000, energyReceived: 30_000 };
const storageMeter = { activePower: -900, energyDelivered: 5000, energyReceived: 6000 };
const unit = (realPowerMw?: number, more: object = {}) => ({
  ...(realPowerMw !== undefined && { realPowerMw }),
  ...more,
});

describe('grid', () => {
  it('is what the net-consumption CT measures: import positive, both energies of their own', () => {
    const payload = {
      meters: { 'net-consumption': netMeter },
      netConsumption: { wattsNow: 5, wattHoursLifetime: 50_000 },
    };
    assert.deepEqual(gridOf(payload), { wattsNow: -1200, importWattHours: 80_000, exportWattHours: 30_000 });
  });

  it('has no energies without that CT', () => {
    const netConsumption = { wattsNow: -40, wattHoursLifetime: -7000 };
    assert.deepEqual(gridOf({ netConsumption, consumption: { wattsNow: 900 }, production: { wattsNow: 1 } }), {
      wattsNow: -40,
    });
    assert.deepEqual(gridOf({ consumption: { wattsNow: 900 }, production: { wattsNow: 1500 } }), { wattsNow: -600 });
  });

  it('is absent where nothing is known', () => {
    assert.equal(gridOf({ production: { wattsNow: 1500 }, meters: {} }), undefined);
    assert.equal(gridOf({ consumption: { wattsNow: 900 } }), undefined);
  });

  it('goes without what the CT does not tell', () => {
    const meters = { 'net-consumption': { energyDelivered: 80_000 } };
    assert.deepEqual(gridOf({ meters }), { importWattHours: 80_000 });
  });
});

describe('battery', () => {
  const batteries = {
    aggregate: { stateOfCharge: 61 },
    units: { '1': unit(400_000, { soc: 70 }), '2': unit(250_400, { soc: 50 }) },
  };

  it('is what the storage CT measures: discharge positive', () => {
    assert.deepEqual(batteryOf({ meters: { storage: storageMeter }, batteries }), {
      wattsNow: -900,
      chargeWattHours: 6000,
      dischargeWattHours: 5000,
      stateOfCharge: 61,
    });
  });

  it('is the sum of the batteries without that CT', () => {
    assert.deepEqual(batteryOf({ batteries }), { wattsNow: 650, stateOfCharge: 61 });
  });

  it('falls back to the batteries where the CT lost a phase', () => {
    assert.equal(batteryOf({ meters: { storage: { eid: 3, phases: {} } }, batteries })?.wattsNow, 650);
  });

  it('has no power where one of the batteries does not tell its own', () => {
    assert.deepEqual(batteryOf({ batteries: { units: { '1': unit(400_000), '2': unit(undefined) } } }), undefined);
  });

  it('knows AC Batteries, alone and beside others', () => {
    const acBatteries = { power: { power: 120, stateOfCharge: 30 } };
    assert.deepEqual(batteryOf({ acBatteries }), { wattsNow: 120, stateOfCharge: 30 });
    assert.deepEqual(batteryOf({ acBatteries, batteries, batteryAggregate: { stateOfCharge: 55 } }), {
      wattsNow: 770,
      stateOfCharge: 55,
    });
  });

  it('takes the charge of the batteries themselves, by capacity, where the sums are missing', () => {
    const units = {
      '1': unit(0, { soc: 90, enchargeCapacity: 1000 }),
      '2': unit(0, { soc: 50, enchargeCapacity: 3000 }),
    };
    assert.equal(batteryOf({ batteries: { units } })?.stateOfCharge, 60);
    const bare = { '1': unit(0, { soc: 90 }), '2': unit(0, { percentFull: 50, enchargeCapacity: 3000 }) };
    assert.equal(batteryOf({ batteries: { units: bare } })?.stateOfCharge, 70);
  });

  it('is absent where there is none, whatever the sums say', () => {
    assert.equal(batteryOf({ batteries: { aggregate: { stateOfCharge: 0 }, units: {} } }), undefined);
    assert.equal(batteryOf({ production: { wattsNow: 5 } }), undefined);
  });
});
