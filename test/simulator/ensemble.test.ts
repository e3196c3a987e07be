import assert from 'node:assert/strict';
import { startGateway } from '../../simulator/index.js';
import type { GatewayOptions, SimulatedGateway } from '../../simulator/index.js';
import { ask, bearer } from './client.js';

const commissionedAt = Date.UTC(2026, 5, 10);
const evening = Date.UTC(2026, 5, 21, 18, 40);

interface Device {
  serial_num: string;
  percentFull?: number;
  operating?: boolean;
  encharge_capacity?: number;
}
interface Group {
  type: string;
  devices: Device[];
}
interface Reading {
  eid: number;
  activePower: number;
  actEnergyDlvd: number;
  actEnergyRcvd: number;
  channels: { activePower: number; actEnergyDlvd: number }[];
}

describe('batteries and their like at the simulated gateway', () => {
  let gateway: SimulatedGateway;
  async function start(options: GatewayOptions): Promise<void> {
    gateway = await startGateway({ commissionedAt, clock: () => evening, ...options });
  }
  async function read<T>(path: string): Promise<T> {
    const { body, status } = await ask(gateway.url + path, bearer(await gateway.issueToken({ user: 'installer' })));
    assert.equal(status, 200, path);
    return JSON.parse(body) as T;
  }
  afterEach(async () => {
    await gateway.close();
  });

  it('lists the batteries, and power and state of charge of each', async () => {
    await start({ batteries: { count: 3, capacityWh: 5000, withController: true } });
    const groups = await read<Group[]>('/ivp/ensemble/inventory');
    assert.deepEqual(
      groups.map(({ type, devices }) => [type, devices.length]),
      [
        ['ENCHARGE', 3],
        ['ENPOWER', 1],
      ],
    );
    const power = await read<{ 'devices:': { serial_num: string; real_power_mw: number; soc: number }[] }>(
      '/ivp/ensemble/power',
    );
    const serials = groups[0]?.devices.map((device) => device.serial_num);
    assert.deepEqual(
      power['devices:'].map((device) => device.serial_num),
      serials,
    );
    const sum = power['devices:'].reduce((total, device) => total + device.real_power_mw / 1000, 0);
    const { battery, stateOfCharge } = gateway.truth();
    assert.ok(battery > 100 && Math.abs(sum - battery) < 25);
    assert.ok(power['devices:'].every(({ soc }) => Math.abs(soc - stateOfCharge) <= 1));
    const aggregate = await read<Record<string, number>>('/ivp/ensemble/secctrl');
    assert.ok(Math.abs((aggregate['ENC_agg_avail_energy'] ?? NaN) - stateOfCharge * 150) < 30);
    assert.equal(aggregate['Enc_max_available_capacity'], 15_000);
    assert.equal(aggregate['configured_backup_soc'], 20);
  });

  it('has what each firmware has', async () => {
    await start({ firmware: '7.3.517', batteries: { count: 1, withController: true } });
    const old = (await read<Group[]>('/ivp/ensemble/inventory'))[0]?.devices[0];
    assert.equal(old?.operating, true);
    assert.equal('opt_schedules' in (await settings()), false);
    const token = bearer(await gateway.issueToken());
    assert.equal((await ask(`${gateway.url}/ivp/ss/gen_mode`, token)).status, 404);
    await gateway.setFirmware('8.3.5169');
    const device = (await read<Group[]>('/ivp/ensemble/inventory'))[0]?.devices[0];
    assert.equal(device?.operating, undefined);
    assert.equal((await settings())['opt_schedules'], false);
  });
  async function settings(): Promise<Record<string, unknown>> {
    const { tariff } = await read<{ tariff: { storage_settings: Record<string, unknown> } }>('/admin/lib/tariff');
    return tariff.storage_settings;
  }

  it('lists batteries in two groups, and none in an empty one', async () => {
    await start({ batteries: { count: 5, groups: 2 } });
    const groups = await read<Group[]>('/ivp/ensemble/inventory');
    assert.deepEqual(
      groups.map(({ devices }) => devices.length),
      [3, 2],
    );
    assert.equal(new Set(groups.flatMap(({ devices }) => devices.map((device) => device.serial_num))).size, 5);
    await gateway.close();
    await start({ generator: true });
    const [first] = await read<Group[]>('/ivp/ensemble/inventory');
    assert.deepEqual(first, { type: 'ENCHARGE', devices: [] });
  });

  it('measures the batteries with a meter of their own, phase by phase', async () => {
    await start({ batteries: { count: 2 }, phases: 2 });
    const meters = await read<{ eid: number; measurementType: string }[]>('/ivp/meters');
    const eid = meters.find(({ measurementType }) => measurementType === 'storage')?.eid;
    const readings = await read<Reading[]>('/ivp/meters/readings');
    const storage = readings.find((reading) => reading.eid === eid);
    const { battery, production, grid, house } = gateway.truth();
    assert.ok(storage && Math.abs(storage.activePower - battery) < 0.01);
    assert.equal(storage.channels.length, 3);
    assert.ok(Math.abs((storage.channels[0]?.activePower ?? NaN) - battery / 2) < 0.01);
    assert.ok(Math.abs(house - production - grid - battery) < 1e-6);
    const unknown = readings.filter((reading) => !meters.some((meter) => meter.eid === reading.eid));
    assert.deepEqual(
      unknown.map(({ activePower, actEnergyDlvd }) => [activePower, actEnergyDlvd]),
      [[0, 0]],
    );
    gateway.configure({ storageMeter: false });
    assert.equal((await read<unknown[]>('/ivp/meters')).length, 2);
  });

  it('takes net and production together for the total consumption, as real gateways do', async () => {
    await start({ batteries: { count: 2 } });
    const { consumption } = await read<{ consumption: { measurementType: string; wNow: number }[] }>(
      '/production.json',
    );
    const total = consumption.find(({ measurementType }) => measurementType === 'total-consumption')?.wNow ?? NaN;
    const { production, grid, house } = gateway.truth();
    assert.ok(Math.abs(total - (production + grid)) < 0.01);
    assert.ok(house - total > 100);
  });

  it('knows AC batteries in production.json, the inventory and the list of inverters', async () => {
    await start({ acBatteries: 2, inverters: 4 });
    const { storage } = await read<{ storage: Record<string, number>[] }>('/production.json');
    const { battery, stateOfCharge } = gateway.truth();
    assert.equal(storage[0]?.['activeCount'], 2);
    assert.ok(Math.abs((storage[0]['wNow'] ?? NaN) - battery) < 20);
    assert.ok(Math.abs((storage[0]['percentFull'] ?? NaN) - stateOfCharge) <= 1);
    const groups = await read<Group[]>('/inventory.json?deleted=1');
    const serials = groups.find(({ type }) => type === 'ACB')?.devices.map((device) => device.serial_num);
    const inverters = await read<{ serialNumber: string; devType: number }[]>('/api/v1/production/inverters');
    assert.deepEqual(
      inverters.filter(({ devType }) => devType === 11).map(({ serialNumber }) => serialNumber),
      serials,
    );
    assert.equal(serials?.length, 2);
    const { numrows, rows } = await read<{ numrows: number; rows: Record<string, unknown>[] }>('/inv');
    assert.equal(numrows, 6);
    assert.ok(rows.every((row) => Object.values(row).every((value) => typeof value === 'string')));
  });

  it('knows collar and combiner, generator, contacts and relay', async () => {
    await start({ batteries: { count: 1, withController: true }, collar: true, combiner: true, generator: true });
    const types = (await read<Group[]>('/ivp/ensemble/inventory')).map(({ type }) => type);
    assert.deepEqual(types, ['ENCHARGE', 'ENPOWER', 'COLLAR', 'C6 COMBINER CONTROLLER', 'C6 RGM']);
    const generator = await read<Record<string, unknown>>('/ivp/ensemble/generator');
    assert.equal(generator['present'], 1);
    assert.equal((await read<Record<string, unknown>>('/ivp/ss/gen_config'))['name_plate_rating_wat'], 11);
    const contacts = await read<{ dry_contacts: { id: string; status: string }[] }>('/ivp/ensemble/dry_contacts');
    const list = await read<{ dry_contacts: Record<string, unknown>[] }>('/ivp/ss/dry_contact_settings');
    assert.deepEqual(
      list.dry_contacts.map(({ id }) => id),
      contacts.dry_contacts.map(({ id }) => id),
    );
    assert.equal(list.dry_contacts[0]?.['override'], 'true');
    const status = await read<{ inventory: { serial_nums: object }; relay: object }>('/ivp/ensemble/status');
    assert.equal(Object.keys(status.inventory.serial_nums).length, 5);
    assert.deepEqual(status.relay, await read<object>('/ivp/ensemble/relay'));
  });

  it('says where there is nothing of all that', async () => {
    await start({});
    assert.deepEqual(await read('/ivp/ensemble/inventory'), []);
    assert.deepEqual(await read('/ivp/ensemble/power'), { 'devices:': [] });
    assert.deepEqual(await read('/ivp/ss/gen_config'), {});
    assert.equal((await read<Record<string, number>>('/ivp/ensemble/secctrl'))['Max_energy'], 0);
    const { tariff } = await read<{ tariff: object }>('/admin/lib/tariff');
    assert.equal('storage_settings' in tariff, false);
  });

  it('tells grid and sun by phase', async () => {
    await start({ phases: 3 });
    const [grid] = await read<{ channels: { activePower: number }[] }[]>('/ivp/meters/gridReading');
    const [sun] = await read<{ channels: object[] }[]>('/ivp/meters/pvReading');
    const sum = grid?.channels.reduce((total, { activePower }) => total + activePower, 0) ?? NaN;
    assert.ok(Math.abs(sum - gateway.truth().grid) < 0.01);
    assert.equal('reactivePower' in (sun?.channels[0] ?? {}), false);
  });
});
