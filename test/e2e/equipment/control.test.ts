import assert from 'node:assert/strict';
import { startGateway, type GatewayState, type SimulatedGateway } from '../../../simulator/index.js';
import type { NodeRedProcess } from '../../support/node-red.js';
import { ask, completed, heardOf, type Answer } from '../envoy/conversation.js';
import { gatewayNode, ids } from '../envoy/flow.js';
import { owner, type Scene } from '../envoy/scene.js';
import { controlFlow, controlNode, equippedScene, everyCommand, statusTexts, tell } from './equipped.js';

type Fields = Readonly<Record<string, unknown>>;

/** Ids of the control nodes: allowed everything, nothing, the grid alone, and everything at a gateway without batteries. */
const all = 'control';
const locked = 'locked';
const gridOnly = 'grid only';
const bare = 'control of a bare gateway';

function settings({ tariff }: GatewayState): Fields {
  return (tariff?.['tariff'] as { storage_settings: Fields } | undefined)?.storage_settings ?? {};
}

function contact({ contactSettings = [] }: GatewayState, id: string): Fields {
  return contactSettings.find((each) => each['id'] === id) ?? {};
}

/** A command, its argument, what it does to the gateway, and how that looks in the next reading. */
type Effect = readonly [
  command: string,
  argument: unknown,
  told: (state: GatewayState) => unknown,
  expected: unknown,
  path: string,
];

const effects: readonly Effect[] = [
  ['grid', 'off', ({ relay }) => relay.wanted, 'open', 'systemController.mainsOperState'],
  ['grid', 'on', ({ relay }) => relay.wanted, 'closed', 'systemController.mainsOperState'],
  ['storageMode', 'backup', (state) => settings(state)['mode'], 'backup', 'tariff.storageSettings.mode'],
  ['reserveSoc', 35, (state) => settings(state)['reserved_soc'], 35, 'tariff.storageSettings.reservedSoc'],
  [
    'chargeFromGrid',
    true,
    (state) => settings(state)['charge_from_grid'],
    true,
    'tariff.storageSettings.chargeFromGrid',
  ],
  ['dryContact', { id: 'NC1', status: 'open' }, ({ contacts }) => contacts['NC1'], 'open', 'dryContacts.NC1.status'],
  [
    'dryContactSettings',
    { id: 'NC2', socLow: 15 },
    (state) => contact(state, 'NC2')['soc_low'],
    15,
    'dryContacts.NC2.settings.socLow',
  ],
  ['generatorMode', 'on', ({ generatorMode }) => generatorMode, 'on', 'generator.mode.genCmd'],
  [
    'generatorSchedule',
    { exerciseDuration: 40 },
    ({ generatorSchedule }) => (generatorSchedule?.['exercise_config'] as Fields | undefined)?.['duration'],
    40,
    'generator.schedule.exerciseDuration',
  ],
  [
    'chargeFromGenerator',
    false,
    ({ generatorConfig }) => generatorConfig?.['charge_from_generator'],
    false,
    'generator.config.chargeFromGenerator',
  ],
];

/** Arguments that must never be sent, and the field that the error has to name. */
const wrong: readonly [command: string, argument: unknown, field: string][] = [
  ['grid', 'maybe', 'grid'],
  ['storageMode', 'sometimes', 'storageMode'],
  ['reserveSoc', 120, 'reserveSoc'],
  ['chargeFromGrid', 1, 'chargeFromGrid'],
  ['dryContact', { id: 'NC9', status: 'open' }, 'dryContact.id'],
  ['dryContact', { id: 'NC1', status: 'ajar' }, 'dryContact.status'],
  ['dryContactSettings', { id: 'NC1', socLow: 80, socHigh: 20 }, 'dryContactSettings.socLow'],
  ['generatorMode', 'slow', 'generatorMode'],
  ['generatorSchedule', { exerciseDay: 'Someday' }, 'generatorSchedule.exerciseDay'],
  ['acBatterySleep', [{ serialNumber: '121212121212', minSoc: 10, maxSoc: 20 }], 'acBatterySleep'],
  ['acBatteryWake', [], 'acBatteryWake'],
  ['explode', undefined, 'command'],
  [undefined as unknown as string, 'on', 'command'],
];

function valueAt(payload: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], payload);
}

function codesOf({ payload }: Answer): unknown[] {
  return (payload['warnings'] as readonly Fields[]).map(({ code }) => code);
}

describe('envoy-control', function () {
  let scene: Scene;
  let nodeRed: NodeRedProcess;
  let other: SimulatedGateway;

  before(async () => {
    scene = await equippedScene();
    Object.assign(scene.gateway.switches, { relayDelay: 0, sleepDelay: 0 });
    other = await startGateway({ cloud: scene.cloud, serial: '122600000043', startAt: 13 });
    scene.cloud.account(owner.username).serials.push(other.serial);
    const elsewhere = gatewayNode({ ...scene.gatewayProperties, host: `${other.host}:${other.port}` }, 'other gateway');
    const controls = [
      controlNode(all, { allow: everyCommand }),
      controlNode(locked),
      controlNode(gridOnly, { command: 'grid', allow: ['grid'] }),
      controlNode(bare, { allow: everyCommand, gateway: elsewhere.id }),
    ];
    const flows = controlFlow(scene, controls, [elsewhere]);
    nodeRed = await scene.startAgain({ flows, credentials: { [ids.gateway]: owner, [elsewhere.id]: owner } });
    await ask(nodeRed);
  });
  after(async () => {
    await other.close();
    await scene.end();
  });

  it('does nothing unless it is allowed: a Catch node is told, and the gateway hears nothing', async () => {
    const { log } = scene.gateway;
    const before = log.count();
    for (const [command, argument] of [...effects, ['production', 'off'], ['acBatteryWake', ['1']]] as const) {
      const from = nodeRed.messages.length;
      const answer = await tell(nodeRed, locked, command, argument);
      assert.equal(answer.from, ids.caught, command);
      assert.equal(answer.error['code'], 'not_allowed');
      assert.match(String(answer.error['message']), new RegExp(command));
      assert.deepEqual(heardOf(nodeRed, answer), [ids.caught]);
      assert.deepEqual(statusTexts(nodeRed, locked, from), ['sending', 'not allowed']);
    }
    assert.equal(log.count(), before);
  });

  for (const [command, argument, told, expected, path] of effects) {
    it(`${command} ${JSON.stringify(argument)} is done, confirmed, and seen by the next reading`, async () => {
      const from = nodeRed.messages.length;
      const answer = await tell(nodeRed, all, command, argument, { own: 1 });
      assert.equal(answer.from, ids.data, JSON.stringify(answer.error));
      assert.equal(answer.message['topic'], `envoy/${command}`);
      assert.equal(answer.message['own'], 1);
      assert.equal(answer.payload['confirmed'], true, JSON.stringify(answer.payload));
      assert.equal(valueAt(answer.payload['state'] as Fields, path), expected);
      assert.equal(told(scene.gateway.state), expected);
      await completed(nodeRed, answer);
      assert.deepEqual(statusTexts(nodeRed, all, from), ['sending', 'done, confirmed']);
      assert.equal(valueAt((await ask(nodeRed)).payload, path), expected);
    });
  }

  it('puts AC Batteries to sleep and wakes them', async () => {
    const units = valueAt((await ask(nodeRed)).payload, 'acBatteries.units') as Fields;
    const [serialNumber = ''] = Object.keys(units);
    const asleep = await tell(nodeRed, all, 'acBatterySleep', [{ serialNumber, minSoc: 25, maxSoc: 30 }]);
    assert.equal(asleep.payload['confirmed'], true, JSON.stringify(asleep.message));
    assert.equal(scene.gateway.state.sleep[serialNumber]?.asleep, true);
    const shown = valueAt((await ask(nodeRed)).payload, `acBatteries.units.${serialNumber}.sleepEnabled`);
    assert.equal(shown, true);
    const awake = await tell(nodeRed, all, 'acBatteryWake', [serialNumber]);
    assert.equal(awake.payload['confirmed'], true, JSON.stringify(awake.message));
    assert.equal(scene.gateway.state.sleep[serialNumber].asleep, false);
  });

  it('takes its command from its dialog, and only the argument from the message', async () => {
    for (const command of [undefined, 'production']) {
      const answer = await tell(nodeRed, gridOnly, command, 'on');
      assert.equal(answer.payload['command'], 'grid', JSON.stringify(answer.error));
      assert.equal(answer.payload['confirmed'], true);
    }
  });

  it('an argument that may not be sent is refused by the name of its field, and never sent', async () => {
    const before = scene.gateway.writes.length;
    for (const [command, argument, field] of wrong) {
      const answer = await tell(nodeRed, all, command, argument);
      assert.equal(answer.from, ids.caught, JSON.stringify([command, argument, answer.payload]));
      assert.equal(answer.error['code'], 'invalid_argument');
      assert.ok(String(answer.error['message']).includes(field), `${field}: ${String(answer.error['message'])}`);
    }
    assert.equal(scene.gateway.writes.length, before);
  });

  it('what a gateway does not have is refused, and never sent', async () => {
    for (const [command, argument] of effects) {
      const answer = await tell(nodeRed, bare, command, argument);
      assert.equal(answer.from, ids.caught, command);
      assert.equal(answer.error['code'], 'feature_not_available');
    }
    assert.deepEqual(other.writes, []);
    assert.equal(statusTexts(nodeRed, bare).at(-1), 'not on this gateway');
  });

  it('a change that somebody takes back is sent, not confirmed, with a word about the cloud', async () => {
    const { switches, state } = scene.gateway;
    const from = nodeRed.messages.length;
    switches.cloudRestoresAfter = 0;
    const answer = await tell(nodeRed, all, 'storageMode', 'economy');
    switches.cloudRestoresAfter = undefined;
    assert.equal(answer.from, ids.data, JSON.stringify(answer.error));
    assert.equal(answer.payload['confirmed'], false);
    assert.notEqual(settings(state)['mode'], 'economy');
    assert.notEqual(valueAt(answer.payload, 'state.tariff.storageSettings.mode'), 'economy');
    assert.deepEqual(codesOf(answer), ['optimized_schedules', 'cloud_may_restore']);
    assert.deepEqual(statusTexts(nodeRed, all, from), ['sending', 'sent, not confirmed']);
  });

  it('one that is confirmed comes with the same word where the cloud may take it back', async () => {
    const answer = await tell(nodeRed, all, 'reserveSoc', 40);
    assert.equal(answer.payload['confirmed'], true);
    assert.deepEqual(codesOf(answer), ['cloud_may_restore']);
  });

  it('a role that may not is told on the second output; with the token of an installer it is done', async () => {
    const from = nodeRed.messages.length;
    const refused = await tell(nodeRed, all, 'production', 'off');
    assert.equal(refused.from, ids.authentication, JSON.stringify(refused.message));
    assert.equal(refused.payload['code'], 'role_insufficient');
    assert.ok(String(refused.payload['action']).length > 0);
    assert.equal(refused.message['command'], 'production', 'the message that asked is kept');
    assert.equal(scene.gateway.state.productionOff, false);
    await completed(nodeRed, refused);
    assert.deepEqual(heardOf(nodeRed, refused).sort(), [ids.authentication, ids.completed]);
    assert.deepEqual(statusTexts(nodeRed, all, from), ['sending', 'insufficient role']);

    const token = await scene.gateway.issueToken({ user: 'installer' });
    assert.equal((await ask(nodeRed, { topic: 'token', payload: token })).from, ids.data);
    for (const word of ['off', 'on']) {
      const answer = await tell(nodeRed, all, 'production', word);
      assert.equal(answer.payload['confirmed'], true, JSON.stringify(answer.message));
      assert.equal(scene.gateway.state.productionOff, word === 'off');
    }
  });

  it('what the gateway refuses is an error with its status, told once', async () => {
    const { faults } = scene.gateway;
    faults.add({ kind: 'status', status: 400 }, { method: 'POST', path: '/ivp/ensemble/relay' });
    const answer = await tell(nodeRed, all, 'grid', 'off');
    faults.clear();
    assert.equal(answer.from, ids.caught, JSON.stringify(answer.message));
    assert.equal(answer.error['code'], 'http_status');
    assert.match(String(answer.error['message']), /400/);
    assert.equal(scene.gateway.state.relay.wanted, 'closed');
    assert.deepEqual(heardOf(nodeRed, answer), [ids.caught]);
  });

  it('without a token that works nothing is sent, and the second output says what to do', async () => {
    const before = scene.gateway.writes.length;
    scene.gateway.switches.rejectTokens = true;
    const answer = await tell(nodeRed, all, 'grid', 'off');
    assert.equal(answer.from, ids.authentication, JSON.stringify(answer.message));
    assert.equal(answer.payload['code'], 'token_rejected');
    assert.match(String(answer.payload['action']), /token/);
    assert.equal(answer.message['topic'], `envoy/${ids.gateway}/auth`);
    assert.equal(statusTexts(nodeRed, all).at(-1), 'token rejected');
    assert.equal(scene.gateway.writes.length, before);
  });
});
