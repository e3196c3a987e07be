import assert from 'node:assert/strict';
import type { DatasetName } from '../../../../lib/envoy/datasets/types.js';
import { coded, contactSettings, ensemblePaths, house, readFrom } from './house.js';
import { failure, type Replies } from './support.js';

const readHouse = (changes: Replies = {}, wanted: readonly DatasetName[] = []) =>
  readFrom({ ...house, ...changes }, wanted);

describe('dry contacts', () => {
  it('have their state and their settings, with the texts of the gateway decoded', async () => {
    const { payload } = await readHouse({}, ['dryContacts']);
    assert.deepEqual(payload.dryContacts, {
      NC1: {
        status: 'closed',
        settings: {
          id: 'NC1',
          type: 'LOAD',
          mode: 'soc',
          gridAction: 'apply',
          microGridAction: 'shed',
          generatorAction: 'none',
          override: true,
          manualOverride: false,
          loadName: 'Heat pump',
          socLow: 25,
          socHigh: 60,
          essentialStartTime: 21600,
          essentialEndTime: 79200,
          blackStart: 5,
          priority: 2,
          pvSerialNb: [],
        },
      },
    });
  });

  it('keep unknown words, and have no key for what is missing', async () => {
    const settings = contactSettings('NO1', {
      type: '4TH-PV',
      override: false,
      manual_override: undefined,
      priority: null,
      black_s_start: undefined,
      load_name: '',
    });
    const { payload } = await readHouse({
      [ensemblePaths.contacts]: { dry_contacts: [{ id: 'NO1', status: 'welded' }, { status: 'open' }] },
      [ensemblePaths.contactSettings]: { dry_contacts: [settings] },
    });
    const contacts = payload.dryContacts as Partial<
      Record<string, { status: string; settings: Record<string, unknown> }>
    >;
    assert.deepEqual(Object.keys(contacts), ['NO1']);
    assert.equal(contacts.NO1?.status, 'welded');
    const found = contacts.NO1.settings;
    assert.deepEqual([found.type, found.override, found.loadName], ['4TH-PV', false, '']);
    for (const key of ['manualOverride', 'priority', 'blackStart']) assert.equal(key in found, false, key);
  });

  it('keep their state where the settings are refused, and the other way round', async () => {
    const onlyState = await readHouse({ [ensemblePaths.contactSettings]: failure.refused });
    assert.deepEqual(onlyState.payload.dryContacts, { NC1: { status: 'closed' } });
    assert.deepEqual(coded(onlyState), [['dryContacts', 'role_insufficient']]);
    const onlySettings = await readHouse({ [ensemblePaths.contacts]: failure.busy });
    assert.deepEqual(Object.keys((onlySettings.payload.dryContacts as Record<string, object>).NC1 ?? {}), ['settings']);
    assert.deepEqual(coded(onlySettings), [['dryContacts', 'gateway_busy']]);
  });
});
