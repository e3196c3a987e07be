import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { NodeMessage } from 'node-red';
import registerControl from '../../../nodes/envoy-control/envoy-control.js';
import registerGateway from '../../../nodes/envoy-gateway/envoy-gateway.js';
import registerRead from '../../../nodes/envoy-read/envoy-read.js';
import {
  startCloud,
  startGateway,
  type GatewayOptions,
  type SimulatedCloud,
  type SimulatedGateway,
} from '../../../simulator/index.js';
import { watchRequests } from '../../e2e/envoy/requests.js';
import { freshDirectory } from '../../support/directory.js';
import { helper } from '../../support/node-test-helper.js';

type Message = NodeMessage & Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, unknown>>;

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 } as const;

describe('envoy-control', () => {
  const userDir = freshDirectory();
  let cloud: SimulatedCloud;
  let gateway: SimulatedGateway;

  beforeEach(async () => {
    helper.settings({ userDir: userDir() });
    cloud = await startCloud();
  });
  afterEach(async () => {
    await helper.unload();
    await gateway.close();
    await cloud.close();
  });

  /** Starts a gateway, a control node that may do everything of these, and a read node; all say it to `out`. */
  async function load(options: GatewayOptions, allow: unknown, credentials?: Fields): Promise<void> {
    gateway = await startGateway({ cloud, startAt: 13, batteries: { count: 1, withController: true }, ...options });
    const node = { ...place, gateway: 'gateway', wires: [['out'], ['out']] };
    const flow = [
      { id: 'tab', type: 'tab' },
      { id: 'gateway', type: 'envoy-gateway', host: `${gateway.host}:${gateway.port}` },
      { ...node, id: 'control', type: 'envoy-control', ...(allow !== undefined && { allow }) },
      { ...node, id: 'astray', type: 'envoy-control', gateway: '', allow: ['grid'] },
      { ...node, id: 'read', type: 'envoy-read' },
      { id: 'out', type: 'helper', ...place },
    ];
    await helper.load([registerGateway, registerRead, registerControl], flow, {
      gateway: credentials ?? { token: await gateway.issueToken() },
    });
  }

  /** Gives a node a message and resolves with what it sends, or with the error that a Catch node would be given. */
  async function tell(id: string, message: Fields): Promise<{ sent?: Message; error?: Fields }> {
    const node = helper.getNode(id);
    const sent = once(helper.getNode('out'), 'input').then(([found]) => ({ sent: found as Message }));
    const failed = once(node, 'call:error').then(([call]) => ({
      error: (call as { args: unknown[] }).args[0] as Fields,
    }));
    node.receive(message);
    return Promise.race([sent, failed]);
  }

  for (const [what, allow] of [
    ['an older flow has no list of what is allowed', undefined],
    ['the list is empty', []],
    ['the list names something else', ['production']],
  ] as const) {
    it(`does nothing where ${what}`, async () => {
      await load({}, allow);
      const { error } = await tell('control', { command: 'grid', payload: 'off' });
      assert.equal(error?.['code'], 'not_allowed');
      assert.deepEqual(
        gateway.log.requests.filter(({ method }) => method !== 'GET'),
        [],
      );
    });
  }

  it('says so where no gateway is chosen', async () => {
    await load({}, []);
    const { error } = await tell('astray', { command: 'grid', payload: 'on' });
    assert.equal(error?.['code'], 'invalid_argument');
    assert.match(String(error['message']), /gateway/);
  });

  it('a command and a reading at the same time are asked for one after the other', async () => {
    await load({}, ['reserveSoc']);
    const out = helper.getNode('out');
    const topics: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      out.on('input', ({ topic }) => {
        topics.push(topic);
        if (topics.length === 2) resolve();
      });
    });
    helper.getNode('read').receive({});
    helper.getNode('control').receive({ command: 'reserveSoc', payload: 30 });
    await both;
    assert.deepEqual(topics.sort(), ['envoy/122600000042', 'envoy/reserveSoc'].sort());
    assert.equal(gateway.log.maximumInFlight, 1);
  });

  it('tells a gateway of before the tokens, as its local installer', async () => {
    await load({ firmware: '5.0.62' }, ['production'], { username: 'installer', password: '' });
    const { sent, error } = await tell('control', { command: 'production', payload: 'off' });
    assert.equal((sent?.payload as Fields | undefined)?.['confirmed'], true, JSON.stringify(error));
    assert.equal(gateway.state.productionOff, true);
  });

  it('is closed at once while it waits for a gateway to obey, and says nothing any more', async () => {
    await load({}, ['grid']);
    gateway.switches.ignoreWrites = true;
    const answered = watchRequests(gateway.log).nextAnswer('/ivp/ensemble/relay');
    const sent: unknown[] = [];
    helper.getNode('out').on('input', (message) => sent.push(message));
    helper.getNode('control').receive({ command: 'grid', payload: 'off' });
    await answered;
    await helper.unload();
    assert.equal(gateway.log.inFlight, 0);
    assert.equal(gateway.writes.length, 1);
    assert.deepEqual(sent, []);
  });
});
