import assert from 'node:assert/strict';
import type { GatewayOptions } from '../../../../simulator/index.js';
import { valueAt } from './scenes.js';
import { bodyOf, errorOf, everything, startBench, without, type Bench } from './support.js';

const codes = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }) =>
  warnings.map(({ code }) => code);

const tariffPath = '/admin/lib/tariff';
type Document = { tariff: { storage_settings: Record<string, unknown> } & Record<string, unknown> };

describe('commands about storage settings', () => {
  let bench: Bench;
  const open = async (options: GatewayOptions = everything): Promise<Bench> => (bench = await startBench(options));

  afterEach(() => bench.close());

  const documentOf = async (): Promise<Document> =>
    structuredClone((await bench.request({ path: tariffPath })) as Document);

  it('go out as the document that the gateway has, with the one change', async () => {
    await open();
    const expected = await documentOf();
    expected.tariff.storage_settings['reserved_soc'] = 55;
    await bench.perform('reserveSoc', 55);
    assert.deepEqual(bodyOf(bench.sent[0]), expected);
    assert.ok('schedule' in expected, 'the document has more than a tariff');
  });

  it('are those of the moment, not those of an earlier reading', async () => {
    await open();
    await bench.perform('reserveSoc', 55);
    const theirs = await documentOf();
    theirs.tariff.storage_settings['charge_from_grid'] = true;
    bench.simulator.change({ tariff: theirs });
    await bench.perform('storageMode', 'backup');
    theirs.tariff.storage_settings['mode'] = 'backup';
    assert.deepEqual(bodyOf(bench.sent[1]), theirs);
  });

  it('come with the warning that the cloud may put them back, and are put back', async () => {
    await open();
    const before = bench.simulator.state;
    const result = await bench.perform('reserveSoc', 55);
    assert.deepEqual(codes(result), ['cloud_may_restore']);
    bench.simulator.change({ tariff: before.tariff });
    bench.before = (request) => {
      if (request.method === undefined && bench.sent.length > 1) bench.simulator.change({ tariff: before.tariff });
    };
    assert.equal((await bench.perform('reserveSoc', 60)).confirmed, false);
  });

  it('come with another warning from 8.3.5289 on', async () => {
    await open({ ...everything, firmware: '8.3.5289' });
    assert.deepEqual(codes(await bench.perform('chargeFromGrid', true)), [
      'cloud_may_restore',
      'tariff_may_be_ignored',
    ]);
  });

  it('are refused where the tariff has none', async () => {
    await open();
    const document = await documentOf();
    bench.simulator.change({ tariff: { ...document, tariff: without(document.tariff, 'storage_settings') } });
    assert.equal((await errorOf(bench.perform('reserveSoc', 55))).code, 'feature_not_available');
    assert.deepEqual(bench.sent, []);
  });

  const optimize = async (): Promise<void> => {
    const document = await documentOf();
    document.tariff.storage_settings['opt_schedules'] = true;
    bench.simulator.change({ tariff: document });
  };

  it('leave optimised schedules alone, and say that a mode is ignored under them', async () => {
    await open();
    await optimize();
    const result = await bench.perform('storageMode', 'backup');
    assert.equal(result.confirmed, false);
    assert.deepEqual(codes(result), ['optimized_schedules', 'cloud_may_restore']);
    assert.equal((bodyOf(bench.sent[0]) as Document).tariff.storage_settings['opt_schedules'], true);
  });

  it('do not count as in force where the gateway shows the mode and follows optimised schedules', async () => {
    await open();
    const shown = await documentOf();
    Object.assign(shown.tariff.storage_settings, { mode: 'backup', opt_schedules: true });
    bench.before = () => {
      if (bench.sent.length > 0) bench.simulator.change({ tariff: shown });
    };
    const result = await bench.perform('storageMode', 'backup');
    assert.equal(valueAt(result.state, ['tariff', 'storageSettings', 'mode']), 'backup');
    assert.equal(result.confirmed, false);
    assert.deepEqual(codes(result), ['optimized_schedules', 'cloud_may_restore']);
  });

  it('switch optimised schedules off where that is asked for', async () => {
    await open();
    await optimize();
    const result = await bench.perform('storageMode', { mode: 'backup', disableOptimizedSchedules: true });
    assert.equal(result.confirmed, true);
    assert.deepEqual(codes(result), ['cloud_may_restore']);
    assert.equal((bodyOf(bench.sent[0]) as Document).tariff.storage_settings['opt_schedules'], false);
  });

  it('get no key about optimised schedules where firmware has none', async () => {
    await open({ ...everything, firmware: '7.6.175' });
    const result = await bench.perform('storageMode', { mode: 'economy', disableOptimizedSchedules: true });
    assert.equal(result.confirmed, true);
    assert.ok(!('opt_schedules' in (bodyOf(bench.sent[0]) as Document).tariff.storage_settings));
  });
});
