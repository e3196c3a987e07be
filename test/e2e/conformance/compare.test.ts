import assert from 'node:assert/strict';
import { differences } from '../../../scripts/conformance/compare.mjs';

const head = {
  serial: '122200000044',
  firmware: '8.3.1',
  part_number: '800-1',
  is_metered: true,
  phase_count: 2,
  phase_mode: null,
};
const gateway = { serial: '122200000044', firmware: '8.3.1', partNumber: '800-1', metered: true, phaseCount: 2 };

/** The differences where only these data are expected. */
function differing(data: Record<string, unknown>, payload: Record<string, unknown>): string[] {
  return differences({ ...head, data }, { gateway, ...payload });
}

describe('the comparer of npm run conformance', () => {
  it('knows the snake case names in the camel case of the payload', () => {
    const total = { watts_now: 5, watt_hours_last_7_days: 70 };
    const payload = { production: { wattsNow: 5, wattHoursLast7Days: 70, source: '/production.json' } };
    assert.deepEqual(differing({ system_production: total }, payload), []);
    assert.deepEqual(differing({ system_production: total }, { production: { wattsNow: 5 } }), [
      'production.wattHoursLast7Days: expected 70, got nothing',
    ]);
  });

  it('allows the rounding of whole numbers and a millionth of others', () => {
    const expected = { enpower: { temperature: 79, voltage: 1000.25 } };
    const read = (temperature: unknown, voltage: unknown) =>
      differing(expected, { systemController: { temperature, voltage } });
    assert.deepEqual(read(79.5, 1000.251), []);
    assert.deepEqual(read(79.51, 1000.252), [
      'systemController.temperature: expected 79, got 79.51',
      'systemController.voltage: expected 1000.25, got 1000.252',
    ]);
    assert.deepEqual(read('79', 1000.25), ['systemController.temperature: expected 79, got "79"']);
  });

  it('wants absent what is null, part or field', () => {
    const data = { system_consumption: null, enpower: { operating: null, grid_mode: 'on' }, tariff: null };
    assert.deepEqual(differing(data, { systemController: { gridMode: 'on' } }), []);
    const payload = { systemController: { gridMode: 'on', operating: true }, consumption: { wattsNow: 1 } };
    assert.deepEqual(differing(data, payload), [
      'consumption: expected nothing, got {"wattsNow":1}',
      'systemController.operating: expected nothing, got true',
    ]);
  });

  it('compares tables by their keys, and finds missing and additional ones', () => {
    const inverters = { 'serial_1 a': { last_report_watts: 1 }, b: { last_report_watts: 2 } };
    const payload = { inverters: { 'serial_1 a': { lastReportWatts: 1 }, c: { lastReportWatts: 2 } } };
    assert.deepEqual(differing({ inverters }, payload), ['inverters.b: missing', 'inverters.c: this system has none']);
  });

  it('joins what belongs to one battery, one dry contact and one meter', () => {
    const data = {
      encharge_inventory: { one: { percent_full: 15 } },
      encharge_power: { one: { real_power_mw: -5 } },
      dry_contact_status: { NC1: { id: 'NC1', status: 'open' } },
      dry_contact_settings: { NC1: { load_name: 'heater', pv_serial_nb: ['1', '2'] } },
      ctmeters: { production: { eid: 7 } },
      ctmeters_phases: { production: { L1: { eid: 8 } } },
    };
    const right = {
      batteries: { units: { one: { percentFull: 15, realPowerMw: -5 } } },
      dryContacts: { NC1: { status: 'open', settings: { loadName: 'heater', pvSerialNb: ['1', '2'] } } },
      meters: { production: { eid: 7, phases: { L1: { eid: 8 } } } },
    };
    assert.deepEqual(differing(data, right), []);
    const wrong = {
      batteries: { units: { one: { percentFull: 15, realPowerMw: 5 } } },
      dryContacts: { NC1: { status: 'closed', settings: { loadName: 'heater', pvSerialNb: ['1', '3'] } } },
      meters: { production: { eid: 7, phases: { L1: { eid: 9 } } } },
    };
    assert.deepEqual(differing(data, wrong), [
      'meters.production.phases.L1.eid: expected 8, got 9',
      'batteries.units.one.realPowerMw: expected -5, got 5',
      'dryContacts.NC1.status: expected "open", got "closed"',
      'dryContacts.NC1.settings.pvSerialNb[1]: expected "2", got "3"',
    ]);
  });

  it('finds nothing where the reference reads nothing', () => {
    assert.deepEqual(differences({ ...head, error: { message: 'no' } }, { production: { wattsNow: 1 } }), []);
  });
});
