import assert from 'node:assert/strict';
import {
  changedDryContact,
  changedGeneratorSchedule,
  changedTariff,
  completeDocument,
  dryContactKeys,
} from '../../../../lib/envoy/commands/documents.js';
import {
  acBatterySleepRequest,
  acBatteryWakeRequest,
  dryContactRequest,
  dryContactSettingsRequest,
  generatorConfigRequest,
  generatorModeRequest,
  generatorScheduleRequest,
  gridRequest,
  productionRequest,
  tariffRequest,
} from '../../../../lib/envoy/commands/requests.js';
import type { GatewayRequest } from '../../../../lib/envoy/authenticator.js';
import { EnergyError } from '../../../../lib/errors.js';
import { without } from './support.js';

const cases: readonly (readonly [name: string, request: GatewayRequest, line: string, body: string])[] = [
  ['connects to the grid', gridRequest('on'), 'POST /ivp/ensemble/relay', '{"mains_admin_state":"closed"}'],
  ['leaves the grid', gridRequest('off'), 'POST /ivp/ensemble/relay', '{"mains_admin_state":"open"}'],
  [
    'opens a contact',
    dryContactRequest({ id: 'NO1', status: 'open' }),
    'POST /ivp/ensemble/dry_contacts',
    '{"dry_contacts":{"id":"NO1","status":"open"}}',
  ],
  [
    'closes a contact',
    dryContactRequest({ id: 'NC2', status: 'closed' }),
    'POST /ivp/ensemble/dry_contacts',
    '{"dry_contacts":{"id":"NC2","status":"closed"}}',
  ],
  [
    'sets up a contact',
    dryContactSettingsRequest({ id: 'NC1', mode: 'soc' }),
    'POST /ivp/ss/dry_contact_settings',
    '{"dry_contacts":{"id":"NC1","mode":"soc"}}',
  ],
  [
    'changes the tariff',
    tariffRequest({ tariff: { currency: { code: 'EUR' } } }),
    'PUT /admin/lib/tariff',
    '{"tariff":{"currency":{"code":"EUR"}}}',
  ],
  [
    'sends AC Batteries to sleep',
    acBatterySleepRequest([{ serialNumber: '1219', minSoc: 25, maxSoc: 30 }]),
    'PUT /admin/lib/acb_config',
    '{"acb_sleep":[{"serial_num":"1219","sleep_min_soc":25,"sleep_max_soc":30}]}',
  ],
  [
    'wakes AC Batteries',
    acBatteryWakeRequest(['1219', '1220']),
    'DELETE /admin/lib/acb_config',
    '{"acb_sleep":[{"serial_num":"1219"},{"serial_num":"1220"}]}',
  ],
  ...(['off', 'on', 'auto'] as const).map(
    (mode) =>
      [
        `puts the generator ${mode}`,
        generatorModeRequest(mode),
        'POST /ivp/ss/gen_mode',
        `{"gen_cmd":"${mode}"}`,
      ] as const,
  ),
  [
    'changes the schedule of the generator',
    generatorScheduleRequest({ exercise_config: {}, default_soc: {}, schedule: {}, last_updated_by: 'ITK' }),
    'POST /ivp/ss/gen_schedule',
    '{"exercise_config":{},"default_soc":{},"schedule":{},"last_updated_by":"ITK"}',
  ],
  [
    'changes the configuration of the generator',
    generatorConfigRequest({ charge_from_generator: false }),
    'POST /ivp/ss/gen_config',
    '{"charge_from_generator":false}',
  ],
  ['stops production', productionRequest('off'), 'PUT /ivp/mod/603980032/mode/power', '{"length":1,"arr":[1]}'],
  ['resumes production', productionRequest('on'), 'PUT /ivp/mod/603980032/mode/power', '{"length":1,"arr":[0]}'],
];

describe('requests of commands', () => {
  for (const [name, request, line, body] of cases) {
    it(name, () => {
      assert.equal(`${request.method ?? ''} ${request.path}`, line);
      assert.equal(request.body, body);
    });
  }
});

const contact = {
  id: 'NO1',
  type: 'LOAD',
  grid_action: 'apply',
  micro_grid_action: 'shed',
  gen_action: 'shed',
  essential_start_time: 25_200,
  override: 'true',
  manual_override: 'false',
  load_name: 'Pool',
  mode: 'manual',
  soc_low: 30,
  soc_high: 70,
  pv_serial_nb: [],
  pv_phase_select: [null],
  safe_state_action: null,
};

describe('documents of commands', () => {
  it('keeps what it does not know of a dry contact', () => {
    assert.deepEqual(changedDryContact(contact, { soc_low: 20 }), { ...contact, soc_low: 20 });
  });

  it('writes the overrides of a dry contact as words, whatever the gateway gave', () => {
    const found = changedDryContact({ ...contact, override: true, manual_override: false }, { override: false });
    assert.equal(found.override, 'false');
    assert.equal(found.manual_override, 'false');
  });

  it('leaves out what may be left out of a dry contact where it has no value', () => {
    const nothing = { black_s_start: null, essential_start_time: null, essential_end_time: null, priority: null };
    const found = changedDryContact({ ...contact, ...nothing, manual_override: null }, {});
    assert.deepEqual(found, without(without(contact, 'manual_override'), 'essential_start_time'));
  });

  it('refuses to send a dry contact that lacks a key', () => {
    const incomplete = without(contact, 'pv_serial_nb');
    assert.throws(
      () => completeDocument(incomplete, dryContactKeys, '/contacts'),
      (error) =>
        error instanceof EnergyError && error.code === 'reply_incomplete' && error.message.includes('pv_serial_nb'),
    );
  });

  it('changes the storage settings of a tariff and nothing else', () => {
    const document = {
      tariff: {
        currency: { code: 'EUR' },
        storage_settings: { mode: 'backup', reserved_soc: 15, date: '1700000000', new_key: { deep: [1] } },
        seasons: [{ id: 'winter', tiers: [] }],
        another: 'key',
      },
      schedule: { version: '00.00.02' },
    };
    const before = structuredClone(document);
    const changed = changedTariff(document, { reserved_soc: 40 });
    assert.deepEqual(document, before, 'the document that was read was changed');
    before.tariff.storage_settings.reserved_soc = 40;
    assert.deepEqual(changed, before);
  });

  it('changes the schedule of a generator and keeps the rest of it', () => {
    const document = {
      exercise_config: { freq_in_weeks: 2, start: 660, duration: 20, day: 'Wed', other: 1 },
      default_soc: { start_soc: 30, stop_soc: 70 },
      schedule: { default: [] },
      last_updated_by: 'ITK',
      extra: true,
    };
    assert.deepEqual(changedGeneratorSchedule(document, { day: 'Sun' }, { stop_soc: 90 }), {
      ...document,
      exercise_config: { ...document.exercise_config, day: 'Sun' },
      default_soc: { start_soc: 30, stop_soc: 90 },
    });
  });
});
