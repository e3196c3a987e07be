import assert from 'node:assert/strict';
import {
  allZero,
  consumptionMissing,
  countersOff,
  countersZero,
  eimInactive,
  startGateway,
} from '../../simulator/index.js';
import type { GatewayOptions, SimulatedGateway } from '../../simulator/index.js';
import { ask, bearer } from './client.js';

const noon = Date.UTC(2026, 5, 21, 11);
const commissionedAt = Date.UTC(2026, 5, 15);
const path = '/production.json';

interface Eim {
  type: string;
  measurementType?: string;
  activeCount: number;
  wNow: number;
  whLifetime: number;
}
interface Reading {
  eid: number;
  actEnergyDlvd: number;
  channels: { actEnergyDlvd: number }[];
}

describe('wrong numbers of the simulated gateway', () => {
  let gateway: SimulatedGateway;
  async function start(options: GatewayOptions = {}): Promise<void> {
    gateway = await startGateway({ commissionedAt, clock: () => noon, ...options });
  }
  async function read<T>(wanted: string): Promise<T> {
    const { body, status } = await ask(gateway.url + wanted, bearer(await gateway.issueToken()));
    assert.equal(status, 200);
    return JSON.parse(body) as T;
  }
  async function entries(): Promise<Map<string, Eim>> {
    const { production, consumption } = await read<{ production: Eim[]; consumption: Eim[] }>(path);
    return new Map([...production, ...consumption].map((entry) => [entry.measurementType ?? entry.type, entry]));
  }
  afterEach(async () => {
    await gateway.close();
  });

  it('say that no meter is active, for so many polls', async () => {
    await start();
    gateway.faults.add(eimInactive(), { path, times: 2 });
    for (const active of [0, 0, 1]) {
      const found = await entries();
      assert.equal(found.get('production')?.activeCount, active);
      assert.equal((found.get('production')?.whLifetime ?? 0) > 0, active === 1);
      assert.equal(found.get('net-consumption')?.activeCount, 1);
      assert.equal(found.get('inverters')?.activeCount, 12);
    }
  });

  it('let the counters jump, fall back or be zero, and be right again', async () => {
    await start();
    const lifetime = async (): Promise<number> => (await entries()).get('production')?.whLifetime ?? NaN;
    const right = await lifetime();
    gateway.faults.add(countersOff(5_000_000), { path, times: 1 });
    assert.ok(Math.abs((await lifetime()) - right - 5_000_000) < 0.01);
    gateway.faults.add(countersOff(-1000), { path, times: 1 });
    assert.ok(Math.abs((await lifetime()) - right + 1000) < 0.01);
    gateway.faults.add(countersZero(), { path: '/ivp/meters/readings', times: 1 });
    const readings = await read<Reading[]>('/ivp/meters/readings');
    assert.ok(readings.every(({ actEnergyDlvd }) => actEnergyDlvd === 0));
    gateway.faults.add(allZero(), { path, times: 1 });
    assert.equal((await entries()).get('production')?.wNow, 0);
    assert.equal(await lifetime(), right);
  });

  it('leave one of the consumptions out, or write net over total', async () => {
    await start();
    gateway.faults.add(consumptionMissing('net-consumption'), { path, times: 1 });
    const found = await entries();
    assert.deepEqual([found.has('net-consumption'), found.has('total-consumption')], [false, true]);
    gateway.switches.totalOverwritten = true;
    const same = await entries();
    assert.equal(same.get('total-consumption')?.wNow, same.get('net-consumption')?.wNow);
    await gateway.setFirmware('8.3.5433');
    gateway.switches.totalOverwritten = false;
    const right = await entries();
    assert.notEqual(right.get('total-consumption')?.wNow, right.get('net-consumption')?.wNow);
  });

  it('are nothing but zeros at /api/v1/production of standard gateways from 8.3.5422 on', async () => {
    await start({ metered: false });
    const lifetime = async (): Promise<number> =>
      (await read<Record<string, number>>('/api/v1/production'))['wattHoursLifetime'] ?? NaN;
    assert.ok((await lifetime()) > 0);
    await gateway.setFirmware('8.3.5422');
    assert.equal(await lifetime(), 0);
    gateway.switches.v1Zero = false;
    assert.ok((await lifetime()) > 0);
  });

  it('lose a phase of the storage meter on split phase from 8.3.6086 on', async () => {
    await start({ phases: 2, batteries: { count: 2 } });
    const storage = async (): Promise<Reading | undefined> =>
      (await read<Reading[]>('/ivp/meters/readings')).find(({ eid }) => eid === 704_643_840);
    const right = await storage();
    assert.ok((right?.channels[1]?.actEnergyDlvd ?? 0) > 0);
    await gateway.setFirmware('8.3.6086');
    const wrong = await storage();
    assert.equal(wrong?.channels[1]?.actEnergyDlvd, 0);
    assert.equal(wrong.actEnergyDlvd, wrong.channels[0]?.actEnergyDlvd);
    assert.equal(wrong.channels[0]?.actEnergyDlvd, right?.channels[0]?.actEnergyDlvd);
  });

  it('are 503 after a start, or zeros where that is switched on', async () => {
    await start();
    const token = bearer(await gateway.issueToken());
    gateway.boot();
    assert.equal((await ask(gateway.url + path, token)).status, 503);
    gateway.switches.bootAnswers = 'zeros';
    const found = await entries();
    assert.deepEqual(
      [...found.values()].flatMap(({ wNow, whLifetime }) => [wNow, whLifetime]),
      [0, 0, 0, 0, 0, 0, 0, 0],
    );
    gateway.booted();
    assert.ok(((await entries()).get('production')?.wNow ?? 0) > 0);
  });
});
