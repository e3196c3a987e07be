import assert from 'node:assert/strict';
import { startGateway } from '../../simulator/index.js';
import type { GatewayOptions, SimulatedGateway } from '../../simulator/index.js';
import { ask, bearer } from './client.js';
import type { Answer } from './client.js';

const minute = 60_000;
const power = '/ivp/mod/603980032/mode/power';
const noon = Date.UTC(2026, 5, 21, 11);

type Settings = Record<string, unknown>;
interface Tariff {
  tariff: { storage_settings: Settings };
  schedule?: object;
}

describe('what the simulated gateway may be told', () => {
  let gateway: SimulatedGateway;
  let now: number;
  async function start(options: GatewayOptions = {}): Promise<void> {
    now = noon;
    const batteries = { count: 2, withController: true };
    gateway = await startGateway({
      commissionedAt: Date.UTC(2026, 5, 15),
      clock: () => now,
      batteries,
      acBatteries: 2,
      generator: true,
      ...options,
    });
  }
  async function send(
    method: string,
    path: string,
    body: unknown,
    user: 'owner' | 'installer' = 'owner',
  ): Promise<Answer> {
    const text = JSON.stringify(body) as string | undefined;
    // Without it Node leaves the body of a DELETE without a frame.
    const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
    const headers = { ...bearer(await gateway.issueToken({ user })).headers, ...length };
    return ask(gateway.url + path, { method, headers, ...(text !== undefined && { body: text }) });
  }
  async function read<T>(path: string): Promise<T> {
    return JSON.parse((await send('GET', path, undefined, 'installer')).body) as T;
  }
  const settings = async (): Promise<Settings> => (await read<Tariff>('/admin/lib/tariff')).tariff.storage_settings;
  async function tell(changes: Settings): Promise<Answer> {
    const document = await read<Tariff>('/admin/lib/tariff');
    const storage = { ...document.tariff.storage_settings, ...changes };
    return send('PUT', '/admin/lib/tariff', { ...document, tariff: { ...document.tariff, storage_settings: storage } });
  }
  /** Reads until it is so; the test's own time limit ends it otherwise. */
  async function until(so: () => Promise<boolean>): Promise<void> {
    while (!(await so())) await new Promise((resolve) => setImmediate(resolve));
  }
  afterEach(async () => {
    await gateway.close();
  });

  it('leaves the grid and joins it again, each a little later', async () => {
    await start();
    const state = async (): Promise<unknown[]> => {
      const relay = await read<Settings>('/ivp/ensemble/relay');
      return [relay['mains_admin_state'], relay['mains_oper_state']];
    };
    assert.equal((await send('POST', '/ivp/ensemble/relay', { mains_admin_state: 'open' })).status, 200);
    assert.deepEqual(await state(), ['open', 'closed']);
    now += minute;
    assert.deepEqual(await state(), ['open', 'open']);
    assert.equal(gateway.truth().grid, 0);
    await send('POST', '/ivp/ensemble/relay', { mains_admin_state: 'closed' });
    now += minute;
    assert.deepEqual(await state(), ['closed', 'closed']);
    assert.equal((await send('POST', '/ivp/ensemble/relay', { mains_admin_state: 'ajar' })).status, 400);
    assert.deepEqual(
      gateway.writes.map(({ method, path, body, status }) => [method, path, body, status]),
      [
        ['POST', '/ivp/ensemble/relay', { mains_admin_state: 'open' }, 200],
        ['POST', '/ivp/ensemble/relay', { mains_admin_state: 'closed' }, 200],
        ['POST', '/ivp/ensemble/relay', { mains_admin_state: 'ajar' }, 400],
      ],
    );
  });

  it('opens a contact and takes the settings of one, whole; half of them bring it down', async () => {
    await start();
    const path = '/ivp/ss/dry_contact_settings';
    await send('POST', '/ivp/ensemble/dry_contacts', { dry_contacts: { id: 'NO1', status: 'open' } });
    const { dry_contacts: contacts } = await read<{ dry_contacts: Settings[] }>('/ivp/ensemble/dry_contacts');
    assert.deepEqual(contacts[2], { id: 'NO1', status: 'open' });
    const { dry_contacts: list } = await read<{ dry_contacts: Settings[] }>(path);
    const changed = { ...list[1], load_name: 'Sauna', soc_low: 40 };
    assert.equal((await send('POST', path, { dry_contacts: changed })).status, 200);
    assert.deepEqual((await read<{ dry_contacts: Settings[] }>(path)).dry_contacts[1], changed);
    assert.equal((await send('POST', path, { dry_contacts: { ...changed, override: true } })).status, 400);
    await assert.rejects(send('POST', path, { dry_contacts: { id: 'NC2', load_name: 'Well' } }));
    assert.match(gateway.crashes[0]?.reason ?? '', /incomplete.*gen_action/);
    assert.equal((await read<{ dry_contacts: Settings[] }>(path)).dry_contacts[1]?.['load_name'], 'Sauna');
  });

  it('runs the batteries by the tariff that is written', async () => {
    await start();
    assert.equal((await tell({ mode: 'backup', charge_from_grid: true, reserved_soc: 60.5 })).status, 200);
    assert.deepEqual(
      [(await settings())['mode'], (await settings())['reserved_soc'], gateway.truth().operation.mode],
      ['backup', 60.5, 'backup'],
    );
    assert.equal((await read<Settings>('/ivp/ensemble/secctrl'))['configured_backup_soc'], 60.5);
    assert.equal((await send('PUT', '/admin/lib/tariff', { tariff: {} })).status, 400);
    const { tariff } = await read<Tariff>('/admin/lib/tariff');
    await send('PUT', '/admin/lib/tariff', { tariff });
    assert.equal((await read<Tariff>('/admin/lib/tariff')).schedule, undefined);
  });

  it('ignores a mode while the schedules of the cloud rule', async () => {
    await start();
    await tell({ opt_schedules: true });
    assert.equal((await tell({ mode: 'economy', reserved_soc: 35 })).status, 200);
    assert.deepEqual([(await settings())['mode'], (await settings())['reserved_soc']], ['self-consumption', 35]);
    await tell({ mode: 'economy', opt_schedules: false });
    assert.equal((await settings())['mode'], 'economy');
  });

  it('has the cloud put its settings back', async () => {
    await start();
    gateway.switches.cloudRestoresAfter = 20;
    await tell({ mode: 'backup' });
    await until(async () => (await settings())['mode'] === 'self-consumption');
    assert.equal((await settings())['opt_schedules'], true);
    assert.equal((await settings())['date'], String(noon / 1000));
  });

  it('refuses, ignores or takes back what it is told', async () => {
    await start();
    for (const status of [401, 403, 400, 500]) {
      gateway.faults.add({ kind: 'status', status }, { path: '/admin/lib/tariff', method: 'PUT', times: 1 });
      assert.equal((await tell({ mode: 'backup' })).status, status);
      assert.equal((await settings())['mode'], 'self-consumption');
    }
    gateway.switches.ignoreWrites = true;
    assert.match((await tell({ mode: 'backup' })).body, /"mode":"backup"/);
    assert.equal((await settings())['mode'], 'self-consumption');
    gateway.switches.ignoreWrites = false;
    gateway.switches.revertWritesAfter = 30;
    await send('POST', '/ivp/ss/gen_mode', { gen_cmd: 'on' });
    assert.equal((await read<Settings>('/ivp/ss/gen_mode'))['gen_cmd'], 'on');
    await until(async () => (await read<Settings>('/ivp/ss/gen_mode'))['gen_cmd'] === 'auto');
  });

  it('sends AC batteries to sleep and wakes them', async () => {
    await start();
    interface Device {
      serial_num: string;
      sleep_enabled: boolean;
      device_status: string[];
    }
    const device = async (): Promise<Device | undefined> =>
      (await read<{ type: string; devices: Device[] }[]>('/inventory.json')).find(({ type }) => type === 'ACB')
        ?.devices[0];
    const sleeps = async (): Promise<unknown[]> => {
      const found = await device();
      return [found?.sleep_enabled, found?.device_status.some((word) => word.endsWith('sleep-mode'))];
    };
    const serial = (await device())?.serial_num;
    const orders = { acb_sleep: [{ serial_num: serial, sleep_min_soc: 25, sleep_max_soc: 30 }] };
    assert.equal((await send('PUT', '/admin/lib/acb_config', orders)).status, 200);
    assert.deepEqual(await sleeps(), [true, false]);
    now += 2 * minute;
    assert.deepEqual(await sleeps(), [true, true]);
    assert.ok(gateway.truth().operation.awake < 1);
    await send('DELETE', '/admin/lib/acb_config', { acb_sleep: [{ serial_num: serial }] });
    assert.deepEqual(await sleeps(), [false, true]);
    now += 2 * minute;
    assert.deepEqual(await sleeps(), [false, false]);
    const unknown = { acb_sleep: [{ serial_num: '000000000000', sleep_min_soc: 25, sleep_max_soc: 30 }] };
    assert.equal((await send('PUT', '/admin/lib/acb_config', unknown)).status, 400);
  });

  it('runs the generator by mode, schedule and configuration, and replies with the whole document or less', async () => {
    await start();
    await send('POST', '/ivp/ensemble/relay', { mains_admin_state: 'open' });
    now += minute;
    assert.equal((await send('POST', '/ivp/ss/gen_mode', { gen_cmd: 'on' })).status, 200);
    now += minute;
    assert.ok(gateway.truth().generator > 0);
    assert.equal((await read<Settings>('/ivp/ensemble/generator'))['oper_state'], 'closed');
    const schedule = await read<Settings>('/ivp/ss/gen_schedule');
    const changed = { ...schedule, default_soc: { start_soc: 40, stop_soc: 80 } };
    assert.deepEqual(JSON.parse((await send('POST', '/ivp/ss/gen_schedule', changed)).body), changed);
    assert.equal((await read<Settings>('/ivp/ensemble/generator'))['start_soc'], 40);
    assert.equal((await send('POST', '/ivp/ss/gen_schedule', { default_soc: changed.default_soc })).status, 400);
    gateway.switches.incompleteReplies = true;
    const config = { ...(await read<Settings>('/ivp/ss/gen_config')), charge_from_generator: false };
    const { status, body } = await send('POST', '/ivp/ss/gen_config', config);
    assert.equal(status, 200);
    assert.equal(Object.keys(JSON.parse(body) as object).length, 1);
    assert.equal((await read<Settings>('/ivp/ss/gen_config'))['charge_from_generator'], false);
  });

  it('charges from the generator whatever it is told where there are no batteries', async () => {
    now = noon;
    gateway = await startGateway({ commissionedAt: Date.UTC(2026, 5, 15), clock: () => now, generator: true });
    const config = { ...(await read<Settings>('/ivp/ss/gen_config')), charge_from_generator: false };
    assert.equal((await send('POST', '/ivp/ss/gen_config', config)).status, 200);
    assert.equal((await read<Settings>('/ivp/ss/gen_config'))['charge_from_generator'], true);
  });

  it('stops the production for installers only', async () => {
    await start({ batteries: { count: 0 }, acBatteries: 0 });
    const off = { length: 1, arr: [1] };
    assert.ok(gateway.truth().production > 500);
    assert.equal((await send('PUT', power, off)).status, 401);
    assert.ok(gateway.truth().production > 500);
    assert.equal((await send('PUT', power, off, 'installer')).status, 200);
    assert.deepEqual(await read(power), { powerForcedOff: true });
    assert.ok(gateway.truth().production <= 0);
    await send('PUT', power, { length: 1, arr: [0] }, 'installer');
    assert.ok(gateway.truth().production > 500);
    gateway.switches.installerWrites.push('/ivp/ensemble/relay');
    assert.equal((await send('POST', '/ivp/ensemble/relay', { mains_admin_state: 'open' })).status, 401);
    assert.equal((await send('GET', '/ivp/ensemble/relay', undefined)).status, 200);
  });

  it('knows no writes for what it has not', async () => {
    now = noon;
    gateway = await startGateway({ commissionedAt: Date.UTC(2026, 5, 15), clock: () => now });
    const relay = await send('POST', '/ivp/ensemble/relay', { mains_admin_state: 'open' });
    assert.equal(relay.status, 404);
    assert.equal((await send('POST', '/production.json', {})).status, 405);
  });
});
