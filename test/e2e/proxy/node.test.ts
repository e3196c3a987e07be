import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../../lib/store/records/embedded.js';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { deployReady, flowOf, isReady, proxyNode, publicOrigin, Visitor } from './visitor.js';

type Fields = Readonly<Record<string, unknown>>;

describe('device-flow-proxy in a real Node-RED', () => {
  let enedis: SimulatedEnedis;
  let nodeRed: NodeRedProcess;
  const visitors: Visitor[] = [];

  before(async () => {
    enedis = await startEnedis({ crowd: 2 });
    nodeRed = await startNodeRed();
    await deployReady(nodeRed, flowOf(one(), two()), 'one', 'two');
  });
  beforeEach(() => enedis.setRedirectUrl(`${publicOrigin}/one/auth/redirect`));
  afterEach(() => {
    for (const each of visitors.splice(0)) each.close();
  });
  after(async () => {
    await enedis.close();
    await nodeRed.stop();
  });

  const one = (properties?: Fields) => proxyNode(enedis, 'one', properties);
  const two = (properties?: Fields) => proxyNode(enedis, 'two', properties);
  const redeploy = () => deployReady(nodeRed, flowOf(one(), two()), 'one', 'two');

  function visitor(path = '/one'): Visitor {
    const created = new Visitor(nodeRed.port, path, enedis.application.clientId);
    visitors.push(created);
    return created;
  }

  const eventsFrom = (from: number) =>
    nodeRed.messages.slice(from).flatMap(({ node, message }) => (node === 'events' ? [message] : []));

  it('leads a dance to its end, and tells each step without a secret', async () => {
    const from = nodeRed.messages.length;
    const owner = visitor();
    const { deviceCode, userCode } = await owner.begin();
    const callback = await enedis.consent({ authorizeUrl: await owner.enter(userCode) });
    const page = await owner.comeBack(callback);
    assert.equal(page.status, 200, page.text);
    const { json } = await owner.poll(deviceCode);
    const usagePoint = String(json['usage_points_id']);
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const data = await owner.get(
      `/data/proxy/metering_data_dc/v5/daily_consumption?usage_point_id=${usagePoint}&start=${day(5)}&end=${day(2)}`,
      { authorization: `Bearer ${String(json['access_token'])}` },
    );
    assert.equal(data.status, 200, data.text);
    const members = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
    const refreshed = (await owner.form('/device/token', members)).json;
    await nodeRed.waitForMessage(({ message }) => message['topic'] === 'device-flow-proxy/refreshed', { from });

    const events = eventsFrom(from);
    const names = ['issued', 'consented', 'redeemed', 'refreshed'];
    assert.deepEqual(
      events.map(({ topic }) => topic),
      names.map((name) => `device-flow-proxy/${name}`),
    );
    const payloads = events.map(({ payload }) => payload as Fields);
    assert.deepEqual(
      payloads.map(({ name }) => name),
      names,
    );
    assert.equal(new Set(payloads.slice(0, 3).map(({ dance }) => dance)).size, 1);
    assert.deepEqual(payloads[1]?.['usagePoints'], [usagePoint.slice(-4)]);
    await nodeRed.waitForMessage(
      ({ node, message }) => node === 'status' && JSON.stringify(message).includes('consent '),
      {
        from,
      },
    );

    const { searchParams } = new URL(callback);
    const secrets = [
      deviceCode,
      userCode,
      usagePoint,
      enedis.application.clientSecret,
      ...owner.browser.cookies.values(),
      ...searchParams.values(),
      ...[json, refreshed].flatMap((tokens) => [String(tokens['access_token']), String(tokens['refresh_token'])]),
    ];
    const told = JSON.stringify(nodeRed.messages) + nodeRed.log();
    for (const secret of secrets) assert.ok(!told.includes(secret), `a message or the log tells ${secret}`);
  });

  it('goes on with a dance through deploys; meanwhile nobody is told that there is nothing here', async () => {
    const owner = visitor();
    const { deviceCode, userCode } = await owner.begin();
    const seen = new Set<number>();
    const deployed = new AbortController();
    const asking = (async () => {
      while (!deployed.signal.aborted) seen.add((await owner.get('/health')).status);
    })();
    await redeploy();
    const authorizeUrl = await owner.enter(userCode);
    await redeploy();
    const page = await owner.comeBack(await enedis.consent({ authorizeUrl, customer: 'crowd-1' }));
    assert.equal(page.status, 200, page.text);
    await redeploy();
    deployed.abort();
    await asking;
    const { status, text } = await owner.poll(deviceCode);
    assert.equal(status, 200, text);
    assert.deepEqual(
      [...seen].filter((each) => each !== 200 && each !== 503),
      [],
    );
  });

  it('two of them are two: other codes, other files', async () => {
    const { deviceCode } = await visitor('/one').begin();
    assert.equal((await visitor('/two').poll(deviceCode)).json['error'], 'invalid_grant');
    assert.equal((await visitor('/one').poll(deviceCode)).json['error'], 'authorization_pending');
    const folder = join(nodeRed.userDir, 'energy-nodes');
    const stores = readdirSync(folder).filter((name) => name.startsWith('proxy-'));
    assert.deepEqual(stores.sort(), ['proxy-one', 'proxy-two']);
    for (const store of stores) assert.equal(statSync(join(folder, store)).mode & 0o777, 0o700);
  });

  it('has an address of its own where Node-RED listens on this machine only', async () => {
    await deployReady(nodeRed, flowOf(one({ publicUrl: '' }), two()), 'one', 'two');
    const { json } = await visitor().get('/.well-known/oauth-authorization-server', { host: 'evil.test' });
    assert.equal(json['issuer'], `${nodeRed.url}/one`);
    await redeploy();
  });

  it('tells Catch nodes what keeps it from working, and works as soon as it can', async () => {
    const from = nodeRed.messages.length;
    const mongodbUri = 'mongodb://someone:never-to-be-seen@127.0.0.1:9/linky?serverSelectionTimeoutMS=50';
    const credentials = { clientId: 'CID', clientSecret: 'never-to-be-seen', mongodbUri, secret: 'never-to-be-seen' };
    const flow = flowOf(
      one(),
      proxyNode(enedis, 'same', { path: '/one' }),
      proxyNode(enedis, 'database', { store: 'mongodb', credentials }),
    );
    await deployReady(nodeRed, flow, 'one');
    const caught = async (id: string) => {
      const isIt = ({ node, message }: { node: string; message: Fields }) =>
        node === 'caught' && (message['error'] as { source: { id: string } }).source.id === id;
      return (await nodeRed.waitForMessage(isIt, { from })).message['error'] as Fields;
    };
    const same = await caught('same');
    assert.equal(same['code'], 'invalid_argument');
    assert.match(String(same['message']), /Path: Another proxy node is at this path/);
    const database = await caught('database');
    assert.equal(database['code'], 'storage_failed');
    assert.match(String(database['message']), /The database does not answer: check that it runs/);
    const waiting = await visitor('/database').get('/device', { accept: 'text/html' });
    assert.deepEqual([waiting.status, waiting.headers['retry-after']], [503, '5']);
    assert.equal((await visitor().get('/health')).status, 200);
    assert.doesNotMatch(JSON.stringify(nodeRed.messages) + nodeRed.log(), /never-to-be-seen/);
    await redeploy();
  });

  it('waits for a store that somebody else is about to close', async () => {
    const directory = join(nodeRed.userDir, 'energy-nodes/proxy-late');
    const store = await openEmbeddedStore({ directory });
    const from = nodeRed.messages.length;
    await nodeRed.deploy(flowOf(one(), two(), proxyNode(enedis, 'late')));
    assert.equal((await visitor('/late').get('/health')).status, 503);
    await store.close();
    await nodeRed.waitForMessage(isReady('late'), { from });
    assert.equal((await visitor('/late').get('/health')).status, 200);
    assert.ok(nodeRed.messages.slice(from).every(({ node }) => node !== 'caught'));
  });

  it('keeps consents through the sudden end of Node-RED', async () => {
    const owner = visitor();
    const { deviceCode, userCode } = await owner.begin();
    const callback = await enedis.consent({ authorizeUrl: await owner.enter(userCode), customer: 'crowd-2' });
    assert.equal((await owner.comeBack(callback)).status, 200);
    await nodeRed.kill();
    nodeRed = await startNodeRed({ userDir: nodeRed.userDir });
    await nodeRed.waitForMessage(isReady('one'));
    const { status, text } = await visitor().poll(deviceCode);
    assert.equal(status, 200, text);
  });

  it('is gone when it is removed, and its secrets are in no export', async () => {
    await deployReady(nodeRed, flowOf(two()), 'two');
    assert.equal((await visitor('/one').get('/health')).status, 404);
    assert.equal((await visitor('/two').get('/health')).status, 200);
    const { body } = await nodeRed.admin('GET', '/flows');
    const { body: known } = await nodeRed.admin('GET', '/credentials/device-flow-proxy/two');
    assert.equal((known as Fields)['has_clientSecret'], true);
    assert.ok(!JSON.stringify([body, known]).includes(enedis.application.clientSecret));
  });
});
