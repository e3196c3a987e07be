import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeMessage } from 'node-red';
import registerGateway from '../../../nodes/envoy-gateway/envoy-gateway.js';
import registerRead from '../../../nodes/envoy-read/envoy-read.js';
import { startCloud, startGateway, type SimulatedCloud, type SimulatedGateway } from '../../../simulator/index.js';
import { helper } from '../../support/node-test-helper.js';
import { watchRequests } from '../../e2e/envoy/requests.js';

type Message = NodeMessage & Readonly<Record<string, unknown>>;

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 } as const;

describe('envoy-read', () => {
  let cloud: SimulatedCloud;
  let gateway: SimulatedGateway;
  let userDir: string;

  beforeEach(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'envoy-read-'));
    helper.settings({ userDir });
    cloud = await startCloud();
    gateway = await startGateway({ cloud, startAt: 13 });
  });
  afterEach(async () => {
    await helper.unload();
    await Promise.all([gateway.close(), cloud.close()]);
    rmSync(userDir, { recursive: true });
  });

  /** Loads a gateway with a token and the given read nodes, each with a node `out <id>` behind its first output. */
  async function load(reads: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const flow = [
      { id: 'tab', type: 'tab' },
      { id: 'gateway', type: 'envoy-gateway', host: `${gateway.host}:${gateway.port}` },
      ...reads.map((read) => ({
        ...read,
        ...place,
        type: 'envoy-read',
        gateway: 'gateway',
        wires: [[`out ${String(read['id'])}`], []],
      })),
      ...reads.map(({ id }) => ({ id: `out ${String(id)}`, type: 'helper', ...place })),
    ];
    const token = await gateway.issueToken();
    await helper.load([registerGateway, registerRead], flow, { gateway: { token } });
  }

  function arrival(id: string): Promise<Message> {
    const node = helper.getNode(`out ${id}`);
    return new Promise((resolve) => {
      node.once('input', (message) => resolve(message as Message));
    });
  }

  it('nodes with the same interval share each reading', async () => {
    await load([
      { id: 'production', datasets: ['production'], interval: 30 },
      { id: 'all', datasets: [], interval: 30 },
      { id: 'inverters', datasets: ['inverters'], interval: 30 },
    ]);
    const [production, all, inverters] = await Promise.all(['production', 'all', 'inverters'].map(arrival));
    const datasets = (message: Message | undefined): string[] =>
      ['production', 'inverters', 'meters'].filter((name) => name in (message?.payload as object));
    assert.deepEqual(datasets(production), ['production']);
    assert.deepEqual(datasets(inverters), ['inverters']);
    assert.deepEqual(datasets(all), ['production', 'inverters', 'meters']);
    const asked = gateway.log.requests.map(({ path, query }) => path + query);
    assert.equal(new Set(asked).size, asked.length, asked.join(' '));
  });

  it('keeps a token out of the message that a Catch node sees, also where no gateway is chosen', async () => {
    await helper.load(
      [registerGateway, registerRead],
      [
        { id: 'tab', type: 'tab' },
        { id: 'lost', type: 'envoy-read', ...place, gateway: '', wires: [[], []] },
      ],
      {},
    );
    const read = helper.getNode('lost');
    const failed = new Promise<readonly unknown[]>((resolve) => {
      read.once('call:error', (call: { args: readonly unknown[] }) => resolve(call.args));
    });
    read.receive({ topic: 'token', payload: 'a-secret-token' });
    const [error, message] = await failed;
    assert.match(String(error), /No gateway is chosen/);
    assert.doesNotMatch(JSON.stringify(message), /a-secret-token/);
  });

  it('adds the replies of the gateway where they are wanted', async () => {
    await load([{ id: 'raw', datasets: ['production'], interval: 30, raw: true }]);
    const { payload } = await arrival('raw');
    const { raw } = payload as { raw: Record<string, unknown> };
    assert.ok('production' in (raw['/production.json?details=1'] as object));
  });

  it('is closed at once while the gateway keeps it waiting, and says nothing any more', async () => {
    await load([{ id: 'waiting', datasets: [], interval: 0 }]);
    gateway.faults.add({ kind: 'hang' }, { path: /^\/(production|ivp|api)/ });
    const requests = watchRequests(gateway.log);
    const asked = new Promise<void>((resolve) => {
      requests.onRequest((path) => {
        if (/^\/(production|ivp|api)/.test(path)) resolve();
      });
    });
    const node = helper.getNode('waiting');
    const sent: unknown[] = [];
    helper.getNode('out waiting').on('input', (message) => sent.push(message));
    node.receive({ payload: '' });
    await asked;
    await helper.unload();
    assert.equal(gateway.log.inFlight, 0, 'the request goes on');
    assert.deepEqual(sent, []);
  });
});
