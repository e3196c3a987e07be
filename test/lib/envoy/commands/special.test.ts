import assert from 'node:assert/strict';
import { AuthenticationError } from '../../../../lib/errors.js';
import type { GatewayOptions } from '../../../../simulator/index.js';
import { acBatterySerials, valueAt } from './scenes.js';
import { bodyOf, errorOf, everything, startBench, type Bench } from './support.js';

const codes = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }) =>
  warnings.map(({ code }) => code);

const tariffPath = '/admin/lib/tariff';

describe('what is special about commands', () => {
  let bench: Bench;
  const open = async (options: GatewayOptions = everything): Promise<Bench> => (bench = await startBench(options));

  afterEach(() => bench.close());

  describe('the relay to the grid', () => {
    let time = Date.UTC(2026, 5, 1, 10);

    it('is waited for', async () => {
      await open({ ...everything, clock: () => time });
      bench.before = ({ path }) => {
        if (path === '/ivp/ensemble/inventory') time += 800;
      };
      const result = await bench.perform('grid', 'off', [0, 0, 0, 0, 0]);
      assert.equal(result.confirmed, true);
      assert.equal(bench.requests.filter(({ path }) => path === '/ivp/ensemble/inventory').length, 3);
    });

    it('is not confirmed by its wanted state alone', async () => {
      await open({ ...everything, clock: () => time });
      const result = await bench.perform('grid', 'off');
      assert.equal(result.confirmed, false);
      assert.equal(valueAt(result.state, ['systemController', 'mainsAdminState']), 'open');
      assert.equal(valueAt(result.state, ['systemController', 'mainsOperState']), 'closed');
    });
  });

  describe('dry contacts', () => {
    it('are refused where the gateway does not have that one', async () => {
      await open();
      const { contacts } = bench.simulator.state;
      bench.simulator.change({ contacts: Object.fromEntries(Object.entries(contacts).filter(([id]) => id !== 'NO2')) });
      const error = await errorOf(bench.perform('dryContact', { id: 'NO2', status: 'open' }));
      assert.equal(error.code, 'invalid_argument');
      assert.match(error.message, /\(NC1, NC2, NO1\)/);
      assert.deepEqual(bench.sent, []);
    });

    it('keep settings that nobody here knows', async () => {
      await open();
      await bench.perform('dryContactSettings', { id: 'NC1', priority: 3 });
      const sent = (bodyOf(bench.sent[0]) as { dry_contacts: Record<string, unknown> }).dry_contacts;
      assert.equal(sent['safe_state_action'], 'shed');
      assert.equal(sent['priority'], 3);
      assert.equal(sent['override'], 'true');
    });

    it('are not confirmed where only a part of the changes is there', async () => {
      await open();
      bench.before = () => {
        const { contactSettings = [] } = bench.simulator.state;
        const changed = contactSettings.map((settings) => ({ ...settings, soc_high: 70 }));
        if (bench.sent.length > 0) bench.simulator.change({ contactSettings: changed });
      };
      const result = await bench.perform('dryContactSettings', { id: 'NC1', socLow: 10, socHigh: 90 });
      assert.equal(valueAt(result.state, ['dryContacts', 'NC1', 'settings', 'socLow']), 10);
      assert.equal(result.confirmed, false);
    });

    it('refuse limits of charge that would cross', async () => {
      await open();
      const error = await errorOf(bench.perform('dryContactSettings', { id: 'NC1', socLow: 71 }));
      assert.equal(error.code, 'invalid_argument');
      assert.deepEqual(bench.sent, []);
    });
  });

  describe('the generator', () => {
    for (const [command, argument] of [
      ['generatorSchedule', { exercise_start: 5 }],
      ['chargeFromGenerator', false],
    ] as const) {
      it(`has done ${command} where its answer is no complete document`, async () => {
        await open();
        bench.simulator.switches.incompleteReplies = true;
        const error = await errorOf(bench.perform(command, argument));
        assert.equal(error.code, 'reply_incomplete');
        assert.match(error.message, /took the change/);
        assert.equal(bench.simulator.writes.length, 1);
      });
    }

    it('refuses to start at a charge that is not below the one at which it stops', async () => {
      await open();
      const error = await errorOf(bench.perform('generatorSchedule', { defaultStartSoc: 100 }));
      assert.equal(error.code, 'invalid_argument');
      assert.deepEqual(bench.sent, []);
    });

    it('goes on charging where there are no batteries', async () => {
      await open({ generator: true });
      const result = await bench.perform('chargeFromGenerator', 'off');
      assert.equal(result.confirmed, false);
      assert.deepEqual(codes(result), ['gateway_may_restore']);
    });

    it('is told no mode where the firmware has none', async () => {
      await open({ ...everything, firmware: '8.2.127' });
      assert.equal((await errorOf(bench.perform('generatorMode', 'on'))).code, 'feature_not_available');
      assert.deepEqual(bench.sent, []);
    });
  });

  describe('AC Batteries', () => {
    it('wake again', async () => {
      await open();
      const serials = await acBatterySerials(bench);
      const sleeping = serials.map((serialNumber) => ({ serialNumber, minSoc: 10, maxSoc: 10 }));
      assert.equal((await bench.perform('acBatterySleep', sleeping)).confirmed, true);
      const result = await bench.perform('acBatteryWake', serials.slice(1));
      assert.equal(result.confirmed, true);
      assert.deepEqual(Object.keys(valueAt(result.state, ['acBatteries', 'units']) as object), serials.slice(1));
      assert.equal(bench.simulator.state.sleep[serials[0] ?? '']?.asleep, true);
    });

    it('are not confirmed where one of them is gone', async () => {
      await open();
      const sleeping = (await acBatterySerials(bench)).map((serialNumber) => ({
        serialNumber,
        minSoc: 10,
        maxSoc: 20,
      }));
      bench.before = () => {
        const edit = (body: string): string => body.replaceAll(sleeping[1]?.serialNumber ?? '-', '');
        if (bench.sent.length > 0) bench.simulator.faults.add({ kind: 'edited', edit }, { path: '/inventory.json' });
      };
      assert.equal((await bench.perform('acBatterySleep', sleeping)).confirmed, false);
    });

    it('are refused where the gateway does not have one of them, whose serial number stays hidden', async () => {
      await open();
      const error = await errorOf(bench.perform('acBatteryWake', ['121999999999']));
      assert.equal(error.code, 'invalid_argument');
      assert.match(error.message, /…9999/);
      assert.doesNotMatch(error.message, /121999999999/);
      assert.deepEqual(bench.sent, []);
    });

    it('are told without a look at them where the gateway has no inventory', async () => {
      await open();
      const [serialNumber = ''] = await acBatterySerials(bench);
      bench.simulator.faults.add({ kind: 'status', status: 404 }, { path: '/inventory.json' });
      const result = await bench.perform('acBatterySleep', [{ serialNumber, minSoc: 5, maxSoc: 15 }]);
      assert.equal(result.confirmed, false);
      assert.deepEqual(codes(result), ['state_unknown']);
      assert.equal(bench.simulator.state.sleep[serialNumber]?.maximum, 15);
    });
  });

  describe('permission', () => {
    it('is missing for production with the account of an owner, which is not even tried', async () => {
      await open();
      bench.role = 'owner';
      const error = await errorOf(bench.perform('production', 'off'));
      assert.ok(error instanceof AuthenticationError);
      assert.equal(error.code, 'role_insufficient');
      assert.deepEqual(bench.requests, []);
    });

    it('is missing where the gateway says so', async () => {
      await open({ ...everything, installerWrites: ['/ivp/ensemble/relay'], roleStatus: 403 });
      bench.role = 'owner';
      const error = await errorOf(bench.perform('grid', 'off'));
      assert.equal(error.code, 'role_insufficient');
      assert.equal(bench.simulator.state.relay.wanted, 'closed');
    });

    it('is checked after the feature and before the argument', async () => {
      await open({});
      assert.equal((await errorOf(bench.perform('grid', 'nonsense'))).code, 'feature_not_available');
      bench.role = 'owner';
      assert.equal((await errorOf(bench.perform('production', 'nonsense'))).code, 'role_insufficient');
      assert.deepEqual(bench.requests, []);
    });
  });

  describe('time', () => {
    it('runs out for an answer, and the state tells that nothing was done', async () => {
      await open();
      bench.simulator.faults.add({ kind: 'hang' }, { path: '/ivp/ss/gen_mode', method: 'POST' });
      bench.before = ({ method }) => {
        bench.timeout = method === undefined ? 10_000 : 250;
      };
      const result = await bench.perform('generatorMode', 'on');
      assert.equal(result.confirmed, false);
      assert.deepEqual(codes(result), ['answer_lost']);
      assert.equal(bench.sent.length, 1);
    });

    it('runs out in front of the gateway (504), which is no refusal', async () => {
      await open();
      bench.simulator.faults.add({ kind: 'status', status: 504 }, { path: tariffPath, method: 'PUT' });
      const result = await bench.perform('reserveSoc', 55);
      assert.deepEqual([result.confirmed, codes(result)], [false, ['cloud_may_restore', 'answer_lost']]);
    });

    it('ends with the session before anything is sent', async () => {
      await open();
      bench.before = () => bench.ending.abort(new Error('closed'));
      const error = await errorOf(bench.perform('reserveSoc', 55));
      assert.equal(error.code, 'closed');
      assert.deepEqual(bench.sent, []);
    });

    it('ends with the session while the state is waited for', async () => {
      await open();
      bench.before = ({ method }) => {
        if (method !== undefined) setImmediate(() => bench.ending.abort(new Error('closed')));
      };
      const error = await errorOf(bench.perform('reserveSoc', 55, [600_000]));
      assert.equal(error.code, 'closed');
      assert.match(error.message, /had been sent/);
    });
  });
});
