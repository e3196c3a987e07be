import assert from 'node:assert/strict';
import { ask } from './conversation.js';
import { flowAround, gatewayNode, ids, readNode } from './flow.js';
import { Scene } from './scene.js';

const place = { z: 'tab', x: 100, y: 100 } as const;

describe('a Node-RED that speaks German', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.set({
      gateway: { batteries: { count: 1, withController: true } },
      // A port that is none, for the search.
      nodeRed: { settings: { lang: 'de', envoyGatewaySearch: { port: 70_000 } } },
    });
    const control = { type: 'envoy-control', ...place, gateway: ids.gateway, allow: ['reserveSoc', 'request'] };
    await scene.start([
      ...flowAround([gatewayNode(scene.gatewayProperties)], [readNode()]),
      { ...control, id: 'control', wires: [[ids.data], [ids.authentication]] },
      { ...control, id: 'astray', gateway: '', wires: [[ids.data], [ids.authentication]] },
      { id: 'orders', type: 'test-input', ...place, wires: [['control']] },
      { id: 'lost', type: 'test-input', ...place, wires: [['astray']] },
    ]);
  });
  after(() => scene.end());

  /** What a Catch node is told of a message that some node cannot use. */
  async function complaint(question: Readonly<Record<string, unknown>>, input: string = ids.input) {
    const { from, error } = await ask(scene.nodeRed, question, undefined, input);
    assert.equal(from, ids.caught, JSON.stringify(error));
    // Node-RED puts the kind of the error before its text.
    const message = String(error['message']).replace(/^EnergyError: /, '');
    return { code: error['code'], message };
  }

  it('says so of the argument of a command', async () => {
    assert.deepEqual(await complaint({ command: 'reserveSoc', payload: 101 }, 'orders'), {
      code: 'invalid_argument',
      message: 'reserveSoc: Der Wert muss eine Zahl von 0 bis 100 sein.',
    });
    const { message } = await complaint({ command: 'sleep' }, 'orders');
    assert.match(message, /^command: Der Wert muss einer von diesen sein: grid, storageMode, [\w, ]+\.$/);
  });

  it('says so of a command that is not ticked, and of a node without a gateway', async () => {
    const refused = await complaint({ command: 'grid', payload: 'off' }, 'orders');
    assert.equal(refused.code, 'not_allowed');
    assert.match(refused.message, /^„grid“ ist in diesem Node unter „Erlauben“ nicht angehakt\. Es wurde nichts/);
    assert.deepEqual(await complaint({ command: 'grid' }, 'lost'), {
      code: 'invalid_argument',
      message:
        'Es ist kein Gateway ausgewählt: Wählen Sie eines im Dialog des Nodes und übernehmen Sie die Änderung (deploy).',
    });
  });

  it('says so of a request, whichever node it was given to', async () => {
    const path = 'msg.payload.path: Der Wert muss ein Pfad des Gateways sein, zum Beispiel /ivp/meters.';
    for (const input of [ids.input, 'orders']) {
      const wrong = { topic: 'request', payload: { path: '//elsewhere/ivp/meters' } };
      assert.deepEqual(await complaint(wrong, input), { code: 'invalid_argument', message: path });
    }
    const withBody = { topic: 'request', payload: { path: '/ivp/meters', body: {} } };
    assert.match((await complaint(withBody)).message, /^msg\.payload\.body: Das passt nicht zu GET/);
    const writing = await complaint({ topic: 'request', payload: { path: '/ivp/meters', method: 'put' } });
    assert.equal(writing.code, 'not_allowed');
    assert.match(writing.message, /^msg\.payload\.method: Ein Node „envoy lesen“ liest nur \(GET\)/);
  });

  it('says so in the dialog of a gateway', async () => {
    const search = await scene.nodeRed.admin('POST', '/envoy-gateway/search', {});
    assert.deepEqual(search, {
      status: 400,
      body: {
        error:
          'port: Der Wert muss ein UDP-Port von 1 bis 65535 sein; berichtigen Sie envoyGatewaySearch in settings.js von Node-RED.',
      },
    });
    const test = await scene.nodeRed.admin('POST', '/envoy-gateway/test', { host: 'http://envoy.local' });
    assert.match((test.body as { error: string }).error, /^host: Der Wert muss der Name oder die IP-Adresse/);
  });
});
