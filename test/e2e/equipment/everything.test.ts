import assert from 'node:assert/strict';
import { datasetNames } from '../../../lib/envoy/datasets/types.js';
import type { NodeRedProcess } from '../../support/node-red.js';
import { ask, completed, heardOf, statusNow } from '../envoy/conversation.js';
import { ids } from '../envoy/flow.js';
import type { Scene } from '../envoy/scene.js';
import { equippedScene } from './equipped.js';

type Fields = Readonly<Record<string, unknown>>;

/** A part of a payload, or what lies in it. */
function at(payload: Fields, ...path: string[]): Fields {
  return path.reduce((fields, key) => (fields[key] ?? {}) as Fields, payload);
}

function close(actual: unknown, expected: number, room: number, what: string): void {
  assert.ok(Math.abs(Number(actual) - expected) <= room, `${what}: ${String(actual)} instead of ${expected}`);
}

/** Endpoints of what changes when somebody changes the system. */
const staticPaths = [
  '/admin/lib/tariff',
  '/home',
  '/ivp/ss/dry_contact_settings',
  '/ivp/ss/gen_config',
  '/ivp/ss/gen_schedule',
];

describe('a gateway with everything', () => {
  let scene: Scene;
  let nodeRed: NodeRedProcess;

  before(async () => {
    scene = await equippedScene();
    nodeRed = await scene.start();
  });
  after(() => scene.end());
  afterEach(() => scene.gateway.faults.clear());

  it('is read in one message that holds every dataset and says nothing of trouble', async () => {
    const { from, payload, message } = await ask(nodeRed);
    assert.equal(from, ids.data, JSON.stringify(message['error']));
    assert.equal(message['topic'], `envoy/${scene.gateway.serial}`);
    assert.ok(!('warnings' in payload), JSON.stringify(payload['warnings']));
    for (const part of [...datasetNames, 'netConsumption', 'batteryAggregate', 'grid', 'battery', 'today']) {
      assert.ok(Object.keys(at(payload, part)).length > 0, `${part} is missing`);
    }
    assert.equal(Object.keys(at(payload, 'inverters')).length, 6);
    assert.equal(Object.keys(at(payload, 'batteries', 'units')).length, 2, 'of two groups');
    assert.equal(Object.keys(at(payload, 'acBatteries', 'units')).length, 2);
    assert.deepEqual(Object.keys(at(payload, 'dryContacts')), ['NC1', 'NC2', 'NO1', 'NO2']);
    assert.deepEqual(Object.keys(at(payload, 'dryContacts', 'NC1')), ['status', 'settings']);
    assert.deepEqual(Object.keys(at(payload, 'generator')).sort(), ['config', 'mode', 'schedule', 'state']);
    assert.deepEqual(Object.keys(at(payload, 'production', 'phases')), ['L1', 'L2', 'L3']);
  });

  it('grid, battery and today agree with what really is', async () => {
    const { payload } = await ask(nodeRed);
    const truth = scene.gateway.truth();
    close(at(payload, 'production')['wattsNow'], truth.production, 50, 'production');
    close(at(payload, 'grid')['wattsNow'], truth.grid, 50, 'the grid, + for import');
    close(at(payload, 'battery')['wattsNow'], truth.battery, 50, 'the battery, + for discharge');
    close(at(payload, 'battery')['stateOfCharge'], truth.stateOfCharge, 1, 'the state of charge');
    const net = at(payload, 'meters', 'net-consumption');
    assert.equal(at(payload, 'grid')['importWattHours'], net['energyDelivered']);
    assert.equal(at(payload, 'grid')['exportWattHours'], net['energyReceived']);
    assert.deepEqual(Object.keys(at(payload, 'today')), [
      'productionWattHours',
      'consumptionWattHours',
      'importWattHours',
      'exportWattHours',
      'since',
    ]);
  });

  it('each reading brings powers anew; what is static was asked for once', async () => {
    const readings = [await ask(nodeRed), await ask(nodeRed)];
    for (const { payload } of readings) {
      assert.equal(at(payload, 'tariff', 'storageSettings')['mode'], 'self-consumption');
      assert.equal(at(payload, 'interface')['primaryInterface'], 'eth0');
    }
    const { log } = scene.gateway;
    assert.ok(log.count('GET /production.json') >= 4);
    assert.deepEqual(
      staticPaths.map((path) => [path, log.count(`GET ${path}`)]),
      staticPaths.map((path) => [path, 1]),
    );
  });

  it('a part that fails is absent with one warning; the others come, and so does Complete', async () => {
    scene.gateway.faults.add({ kind: 'html' }, { path: '/ivp/meters/readings' });
    const answer = await ask(nodeRed);
    assert.equal(answer.from, ids.data);
    assert.ok(!('meters' in answer.payload));
    assert.deepEqual(Object.keys(at(answer.payload, 'grid')), ['wattsNow'], 'energies come from the meters only');
    for (const part of ['production', 'batteries', 'dryContacts', 'tariff']) {
      assert.ok(part in answer.payload, `${part} is missing`);
    }
    const warnings = answer.payload['warnings'] as readonly Fields[];
    assert.deepEqual(
      warnings.map(({ part, code }) => ({ part, code })),
      [{ part: 'meters', code: 'reply_invalid' }],
    );
    await completed(nodeRed, answer);
    assert.deepEqual(heardOf(nodeRed, answer).sort(), [ids.completed, ids.data]);
    assert.match(statusNow(nodeRed).text ?? '', / W$/);

    scene.gateway.faults.clear();
    const { payload } = await ask(nodeRed);
    assert.ok('meters' in payload && 'importWattHours' in at(payload, 'grid') && !('warnings' in payload));
  });

  it('without its production there is no message but an error, and no part of it', async () => {
    scene.gateway.faults.add({ kind: 'status', status: 404 }, { path: '/production.json' });
    const answer = await ask(nodeRed);
    assert.equal(answer.from, ids.caught, JSON.stringify(answer.payload));
    assert.equal(answer.error['code'], 'http_status');
    assert.deepEqual(heardOf(nodeRed, answer), [ids.caught]);
  });
});
