import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { startGateway, type GatewayOptions, type RequestLog, type SimulatedGateway } from '../../../simulator/index.js';
import type { FlowNode, NodeRedProcess } from '../../support/node-red.js';
import { ask, waitForStatus } from '../envoy/conversation.js';
import { flowAround, gatewayNode, ids, readNode } from '../envoy/flow.js';
import { watchRequests } from '../envoy/requests.js';
import { owner, Scene } from '../envoy/scene.js';
import { equipped } from './equipped.js';

type Fields = Readonly<Record<string, unknown>>;

const liveStatus = '/ivp/livedata/status';
const stream = '/stream/meter';

/** A scene with another gateway of the same account beside the one that is looked at. */
class LiveScene {
  readonly scene: Scene;
  readonly other: SimulatedGateway;

  private constructor(scene: Scene, other: SimulatedGateway) {
    this.scene = scene;
    this.other = other;
  }

  static async set(otherOptions: GatewayOptions = {}): Promise<LiveScene> {
    const scene = await Scene.set({ gateway: { ...equipped, stream: { interval: 100 } } });
    const other = await startGateway({ cloud: scene.cloud, serial: '122600000043', startAt: 13, ...otherOptions });
    scene.cloud.account(owner.username).serials.push(other.serial);
    return new LiveScene(scene, other);
  }

  get nodeRed(): NodeRedProcess {
    return this.scene.nodeRed;
  }

  /** A read node for each gateway, with these properties. */
  flow(read: Fields, otherRead: Fields): FlowNode[] {
    const { host, port } = this.other;
    const gateways = [
      gatewayNode(this.scene.gatewayProperties),
      gatewayNode({ ...this.scene.gatewayProperties, host: `${host}:${port}` }, 'other gateway'),
    ];
    const reads = [readNode(read), readNode({ gateway: 'other gateway', ...otherRead }, 'other read')];
    return flowAround(gateways, reads).map((node) => (node.id === ids.input ? { ...node, wires: [[ids.read]] } : node));
  }

  async start(read: Fields, otherRead: Fields): Promise<void> {
    const credentials = { [ids.gateway]: owner, 'other gateway': owner };
    await this.scene.startAgain({ flows: this.flow(read, otherRead), credentials });
  }

  /** The next live message of a gateway. */
  async nextLive(
    wanted: (payload: Fields) => boolean = () => true,
    { serial }: SimulatedGateway = this.scene.gateway,
  ): Promise<Fields> {
    const { message } = await this.nodeRed.waitForMessage(
      ({ message: { topic, payload } }) => topic === `envoy/${serial}/live` && wanted(payload as Fields),
      { from: this.nodeRed.messages.length },
    );
    return message['payload'] as Fields;
  }

  /** The next reading of the timer, which no question brought about. */
  async nextPolled(): Promise<Fields> {
    const { message } = await this.nodeRed.waitForMessage(
      ({ message: each }) => each['topic'] === `envoy/${this.scene.gateway.serial}` && !('question' in each),
      { from: this.nodeRed.messages.length },
    );
    return message['payload'] as Fields;
  }

  /** Codes of everything that went wrong, in the order in which it was told, by where it came out. */
  failures(from = 0): string[] {
    const ways: string[] = [ids.authentication, ids.caught];
    return this.nodeRed.messages.slice(from).flatMap(({ node, message }) => {
      const { code } = (message['error'] ?? {}) as { code?: string };
      return ways.includes(node) ? [`${node} ${code ?? ''}`] : [];
    });
  }

  async end(): Promise<void> {
    await this.scene.end();
    await this.other.close();
  }
}

/** Calls back with the answer to every request for the stream of the meters, before it begins. */
function onStream(log: RequestLog, callback: (response: ServerResponse) => void): void {
  const record = log.record.bind(log);
  log.record = (request, response, path, query) => {
    record(request, response, path, query);
    if (path === stream) callback(response);
  };
}

/** Counts the messages that streams of the meters send from now on. */
function countSent(log: RequestLog): () => number {
  let sent = 0;
  onStream(log, (response) => {
    const write = response.write.bind(response) as (...given: unknown[]) => boolean;
    response.write = (...given: unknown[]) => {
      sent += String(given[0]).split('data: ').length - 1;
      return write(...given);
    };
  });
  return () => sent;
}

/** Resolves when a stream that begins from now on has ended. */
function nextClosed(log: RequestLog): Promise<void> {
  return new Promise((resolve) => {
    onStream(log, (response) => response.once('close', resolve));
  });
}

const from = (source: string) => (payload: Fields) => payload['source'] === source;

describe('live readings of envoy-read', () => {
  let live: LiveScene;
  before(async () => {
    live = await LiveScene.set();
    await live.start({ stream: true, interval: 10 }, {});
  });
  after(() => live.end());

  it('come to an owner beside the readings of the timer, each with its own topic', async () => {
    const [payload, polled] = await Promise.all([live.nextLive(), live.nextPolled()]);
    assert.equal(payload['source'], liveStatus);
    const truth = live.scene.gateway.truth();
    const powers = { production: truth.production, grid: truth.grid, battery: truth.battery };
    for (const [part, expected] of Object.entries(powers)) {
      const { wattsNow } = payload[part] as { wattsNow: number };
      assert.ok(Math.abs(wattsNow - expected) < 60, `${part}: ${wattsNow} instead of ${expected}`);
    }
    assert.deepEqual(Object.keys(payload['phases'] as Fields), ['L1', 'L2', 'L3']);
    assert.ok('inverters' in polled && !('source' in polled));
    assert.deepEqual(live.failures(), []);
  });

  it('go on after a cut, without a word about it', async () => {
    const requests = watchRequests(live.scene.gateway.log);
    live.scene.gateway.disconnect();
    await requests.nextAnswer(liveStatus);
    await live.nextLive();
    assert.deepEqual(live.failures(), []);
  });

  it('come from the stream of the meters once the token is that of an installer', async () => {
    const token = await live.scene.gateway.issueToken({ user: 'installer' });
    const changed = live.nextLive(from(stream));
    assert.equal((await ask(live.nodeRed, { topic: 'token', payload: token })).from, ids.data);
    const { phases, production } = await changed;
    assert.ok((production as { wattsNow: number }).wattsNow > 0);
    assert.ok(Object.keys(phases as Fields).length === 3);
    assert.equal(live.scene.gateway.streams, 1);
  });

  it('go on after the stream was cut in the middle of a message and after garbage in it', async () => {
    const { stream: settings } = live.scene.gateway.switches;
    const requests = watchRequests(live.scene.gateway.log);
    const opened = requests.next(stream);
    settings.fault = { kind: 'cut' };
    await opened;
    settings.fault = { kind: 'garbage' };
    for (let count = 0; count < 3; count++) await live.nextLive(from(stream));
    settings.fault = undefined;
    assert.equal(live.scene.gateway.streams, 1);
    assert.deepEqual(live.failures(), []);
  });

  it('of those that come at once the newest is told, most of the others never', async () => {
    const { gateway } = live.scene;
    const settings = gateway.switches.stream;
    const sent = countSent(gateway.log);
    Object.assign(settings, { interval: 10, fault: { kind: 'buffered', messages: 40 } });
    gateway.disconnect();
    const told = 4;
    for (let count = 0; count < told; count++) await live.nextLive(from(stream));
    const messages = sent();
    Object.assign(settings, { interval: 100, fault: undefined });
    assert.ok(told * 4 <= messages, `${told} were told of ${messages}`);
  });

  it('follow a new token of the same role, on one stream', async () => {
    const token = await live.scene.gateway.issueToken({ user: 'installer' });
    const requests = watchRequests(live.scene.gateway.log);
    const opened = requests.next(stream);
    await ask(live.nodeRed, { topic: 'token', payload: token });
    await opened;
    await live.nextLive(from(stream));
    assert.equal(live.scene.gateway.streams, 1);
  });

  it('stop when the node is closed, whatever they came from', async () => {
    const { gateway } = live.scene;
    const closed = nextClosed(gateway.log);
    gateway.disconnect();
    await live.nextLive(from(stream));
    await live.nodeRed.deploy(live.flow({}, {}), 'nodes');
    await closed;
    assert.equal(gateway.streams, 0);

    const token = await gateway.issueToken();
    await ask(live.nodeRed, { topic: 'token', payload: token });
    await live.nodeRed.deploy(live.flow({ stream: true }, { stream: true }), 'nodes');
    await Promise.all([live.nextLive(from(liveStatus)), live.nextLive(from(liveStatus), live.other)]);
    await live.nodeRed.deploy(live.flow({}, { stream: true }), 'nodes');
    gateway.log.clear();
    // The other gateway beats the time, about a message a second.
    for (let count = 0; count < 3; count++) await live.nextLive(from(liveStatus), live.other);
    assert.deepEqual(gateway.log.requests, []);
    assert.deepEqual(live.failures(), []);
  });
});

describe('live readings that there are none of', () => {
  let live: LiveScene;
  before(async () => {
    live = await LiveScene.set({ metered: false });
    live.scene.gateway.switches.liveStatus = 403;
    await live.start({ stream: true, interval: 10 }, { stream: true });
  });
  after(() => live.end());

  it('a role that may not have them is told once at the second output, and polling goes on', async () => {
    const isRefusal = ({ node }: { node: string }): boolean => node === ids.authentication;
    const { message } = await live.nodeRed.waitForMessage(isRefusal);
    const { code, message: text, action } = message['payload'] as Record<string, string>;
    assert.equal(code, 'role_insufficient');
    assert.match(text ?? '', /live/i);
    assert.match(action ?? '', /installer/);
    assert.equal(message['topic'], `envoy/${ids.gateway}/auth`);
    await live.nextPolled();
    assert.equal((await ask(live.nodeRed)).from, ids.data);
    await waitForStatus(live.nodeRed, /^-?\d+ W$/);
    assert.equal(live.nodeRed.messages.filter(isRefusal).length, 1);
  });

  it('a gateway that has none is told once at the Catch node', async () => {
    const { message } = await live.nodeRed.waitForMessage(({ node }) => node === ids.caught);
    const { code, message: text, source } = message['error'] as Record<string, unknown>;
    assert.equal(code, 'feature_not_available');
    assert.match(String(text), /live/);
    assert.equal((source as { id: string }).id, 'other read');
    assert.equal(live.failures().length, 2, live.failures().join());
  });

  it('come as soon as a token that may is given', async () => {
    const token = await live.scene.gateway.issueToken({ user: 'installer' });
    const first = live.nextLive(from(stream));
    await ask(live.nodeRed, { topic: 'token', payload: token });
    await first;
    assert.equal(live.failures().length, 2);
  });
});
