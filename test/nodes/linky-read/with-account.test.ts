import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeMessage } from 'node-red';
import { helper } from '../../support/node-test-helper.js';
import { ProxyWorld, publicClient } from '../../support/proxy-world.js';

const place = { z: 'tab', x: 100, y: 100 } as const;
const usagePoint = '22516914714270';

/** The nodes, imported as they import the client: the runner of the tests would load a second copy of its errors. */
async function registrations() {
  const account = await import('../../../nodes/enedis-account/enedis-account.js');
  const read = await import('../../../nodes/linky-read/linky-read.js');
  return [account.default, read.default];
}

describe('linky-read with a node enedis-account', () => {
  let userDir: string;
  let world: ProxyWorld;
  before(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'linky-read-'));
    helper.settings({ userDir });
    world = await ProxyWorld.start({ start: Date.now() });
  });
  afterEach(() => helper.unload());
  after(async () => {
    await world.close();
    helper.settings({});
    rmSync(userDir, { recursive: true });
  });

  async function load(given: Readonly<Record<string, unknown>>, credentials: Readonly<Record<string, string>>) {
    const account = { id: 'account', type: 'enedis-account', server: world.first.url, clientId: publicClient };
    const read = { ...place, id: 'read', type: 'linky-read', account: 'account', from: '-4d', to: '-2d', usagePoint };
    await helper.load(
      await registrations(),
      [
        { id: 'tab', type: 'tab' },
        { ...account, ...given },
        { ...read, wires: [['data'], ['auth']] },
        { ...place, id: 'data', type: 'helper' },
        { ...place, id: 'auth', type: 'helper' },
      ],
      { account: credentials },
    );
  }

  function arrival(id: string): Promise<NodeMessage> {
    return new Promise((resolve) => helper.getNode(id).once('input', resolve));
  }

  it('says that there is no consent yet, and what to do', async () => {
    await load({}, {});
    const problem = arrival('auth');
    helper.getNode('read').receive({ payload: '' });
    const { topic, payload } = await problem;
    assert.equal(topic, 'enedis/account/auth');
    assert.equal((payload as { code: string }).code, 'credentials_missing');
  });

  it('reads the meter, and after a restart from disk', async () => {
    const { tokens } = await world.dance();
    await load({}, { token: tokens.accessToken });
    const read = async (): Promise<NodeMessage> => {
      const data = arrival('data');
      helper.getNode('read').receive({ payload: '' });
      return data;
    };
    const first = await read();
    assert.equal(first.topic, `linky/${usagePoint}/daily_consumption`);
    assert.equal((first.payload as unknown[]).length, 2);
    await helper.unload();
    const asked = world.enedis.log.requests.length;
    await load({}, { token: tokens.accessToken });
    assert.deepEqual((await read()).payload, first.payload);
    assert.equal(world.enedis.log.requests.length, asked);
  });
});
