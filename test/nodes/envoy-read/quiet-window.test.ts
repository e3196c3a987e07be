import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Node, NodeStatus } from 'node-red';
import registerGateway from '../../../nodes/envoy-gateway/envoy-gateway.js';
import registerRead from '../../../nodes/envoy-read/envoy-read.js';
import type { GatewayNode } from '../../../nodes/shared/gateway-node.js';
import { startCloud, startGateway, type SimulatedCloud, type SimulatedGateway } from '../../../simulator/index.js';
import { helper } from '../../support/node-test-helper.js';

const place = { z: 'tab', x: 100, y: 100 } as const;
/** The clocks of gateway and Node-RED begin here, in the minutes of maintenance where the gateway stands. */
const timeZone = 'Asia/Kathmandu';
const begin = Date.parse('2026-06-20T22:58:00+05:45');
const afterwards = Date.parse('2026-06-20T23:30:00+05:45');

describe('the minutes of maintenance around 23:00', () => {
  const { now: realNow } = Date;
  let shift = 0;
  let cloud: SimulatedCloud;
  let gateway: SimulatedGateway;
  let userDir: string;
  /** Everything that the node shows and says, in order. */
  let told: string[];
  let tells: EventEmitter;

  const setClock = (time: number): void => {
    shift = time - realNow();
  };

  beforeEach(async () => {
    Date.now = () => realNow() + shift;
    setClock(begin);
    userDir = mkdtempSync(join(tmpdir(), 'envoy-quiet-'));
    helper.settings({ userDir });
    cloud = await startCloud();
    gateway = await startGateway({ cloud, timeZone, inverters: 3 });
    const flow = [
      { id: 'tab', type: 'tab' },
      { id: 'gateway', type: 'envoy-gateway', host: `${gateway.host}:${gateway.port}` },
      { ...place, id: 'read', type: 'envoy-read', gateway: 'gateway', interval: 10, wires: [['out'], ['out']] },
      { ...place, id: 'out', type: 'helper' },
    ];
    await helper.load([registerGateway, registerRead], flow, {
      gateway: { token: await gateway.issueToken() },
    });
    told = [];
    tells = new EventEmitter();
    const tell = (what: string): void => {
      told.push(what);
      tells.emit('told');
    };
    const read = helper.getNode('read') as Node & {
      status: (status: NodeStatus) => void;
      error: (error: Error) => void;
    };
    const { status, error } = { status: read.status.bind(read), error: read.error.bind(read) };
    read.status = (shown) => {
      tell('status');
      status(shown);
    };
    read.error = (failure) => {
      tell('error');
      error(failure);
    };
    helper.getNode('out').on('input', () => tell('message'));
    const source = helper.getNode('gateway') as GatewayNode;
    const session = await source.openSession();
    const readGateway = session.read.bind(session);
    session.read = async (wish) => {
      try {
        return await readGateway(wish);
      } catch (failure) {
        tells.emit('failed');
        throw failure;
      }
    };
  });

  afterEach(async () => {
    Date.now = realNow;
    await helper.unload();
    await Promise.all([gateway.close(), cloud.close()]);
    rmSync(userDir, { recursive: true });
  });

  it('a timer is silent about a gateway that does not answer, and asks it once; later it tells', async function () {
    this.timeout(60_000);
    while (!told.includes('message')) await once(tells, 'told');
    const heard = told.length;

    gateway.faults.add({ kind: 'reset' });
    gateway.log.clear();
    await once(tells, 'failed');
    await setImmediate();
    assert.equal(told.length, heard, `it says: ${told.slice(heard).join(', ')}`);
    const paths = gateway.log.requests.map(({ path, query }) => path + query);
    assert.ok(paths.length > 0);
    assert.equal(new Set(paths).size, paths.length, `asked twice: ${paths.join(' ')}`);

    setClock(afterwards);
    gateway.faults.clear();
    gateway.faults.add({ kind: 'status', status: 503 });
    while (!told.includes('error')) await once(tells, 'told');
    assert.deepEqual(told.slice(heard), ['status', 'error']);
  });
});
