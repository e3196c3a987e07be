import assert from 'node:assert/strict';
import { deviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { addDays, parisDay } from '../../../lib/linky/paris.js';
import { mongoDatabase } from '../../support/mongodb.js';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { runningClock, steerableClock } from '../../support/proxy/clock.js';
import { publicClient, type WorldOptions } from '../../support/proxy-world.js';
import { startDeviceServer, type DeviceServer } from './device-server.js';
import { Device } from './device.js';
import { PublicProxy } from './public-proxy.js';

const hour = 3_600_000;

describe('e2e: the device flow at oidc-provider', () => {
  let server: DeviceServer;
  let device: Device;
  before(async () => (server = await startDeviceServer()));
  after(() => server.close());
  beforeEach(async () => {
    const config = { server: server.url, clientId: server.clientId, scope: 'openid', api: 'none' };
    device = await Device.start(deviceFlowSettings(config), steerableClock(Date.now()));
  });
  afterEach(() => device.close());

  /** Who the server says that the token is for. */
  async function whoAmI(): Promise<unknown> {
    const reply = await device.account.send({ url: new URL(`${server.url}/me`) });
    assert.equal(reply.status, 200, reply.body);
    return (JSON.parse(reply.body) as Readonly<Record<string, unknown>>)['sub'];
  }

  async function link(): Promise<void> {
    const prompt = await device.account.start(1);
    await server.consent(prompt.verificationUriComplete);
    assert.equal(await device.outcome(), 'authorized');
  }

  it('finds everything by itself: the link shown leads to a consent, and that to a token that is good', async () => {
    const prompt = await device.account.start(1);
    assert.equal(prompt.verificationUri, `${server.url}/device`);
    assert.equal(prompt.verificationUriComplete, `${server.url}/device?user_code=${prompt.userCode}`);
    assert.equal(prompt.interval, 5);
    const page = await server.consent(prompt.verificationUriComplete);
    assert.match(page.text, /Your device is linked/);
    assert.equal(await device.outcome(), 'authorized');
    assert.equal(await whoAmI(), 'camille');
    assert.equal(device.account.summary().scope, 'openid');
  });

  it('goes on with its dance after a restart', async () => {
    const prompt = await device.account.start(1);
    await device.restart();
    await server.consent(prompt.verificationUriComplete);
    assert.equal(await device.outcome(), 'authorized');
    assert.equal(await whoAmI(), 'camille');
  });

  it('renews its tokens in time, and where the server has lost the access token', async () => {
    await link();
    const first = await device.account.tokens();
    await device.pass(hour);
    const second = await device.account.tokens();
    assert.notEqual(second.accessToken, first.accessToken);
    assert.notEqual(second.refreshToken, first.refreshToken);
    await device.pass(2 * 60_000);
    await server.forgetAccessToken(second.accessToken);
    assert.equal(await whoAmI(), 'camille');
    assert.notEqual((await device.account.tokens()).accessToken, second.accessToken);
    assert.deepEqual(device.problems, []);
  });

  it('asks for a consent where the server has ended the old one', async () => {
    await link();
    await server.revoke((await device.account.tokens()).refreshToken ?? '');
    await assert.rejects(device.account.refresh(), { code: 'consent_expired' });
    assert.equal(device.account.summary().state, 'consent_needed');
  });

  it('has its tokens revoked when they are forgotten', async () => {
    await link();
    const { refreshToken = '' } = await device.account.tokens();
    assert.deepEqual(await device.account.forget(), { revoked: true });
    assert.equal(await server.refreshError(refreshToken), 'invalid_grant');
    assert.equal(device.account.summary().state, 'unlinked');
  });

  it('is told of a person who leaves the page', async () => {
    const { verificationUri, userCode } = await device.account.start(1);
    await server.refuse(verificationUri, userCode);
    assert.equal(await device.outcome(), 'consent_denied');
  });

  it('shows a new code where nobody entered the first one, and no third one', async () => {
    await device.account.start(2);
    assert.equal(await device.outcome(), 'code_expired');
    assert.equal(new Set(device.shownCodes).size, 2);
  });
});

/** The whole way at our proxy, whatever keeps its records. */
function suiteOfOurProxy(store: () => WorldOptions): void {
  let proxy: PublicProxy;
  let device: Device;
  before(async () => (proxy = await PublicProxy.start(store())));
  after(() => proxy.close());
  beforeEach(async () => (device = await Device.start(proxy.settings, proxy.world.clock)));
  afterEach(() => device.close());

  /** A day as the reader tells it: its energy, and that of its half hours. */
  async function energiesOf(from: string) {
    const range = { from, to: addDays(from, 1) };
    const [daily] = await device.reader.read({ dataset: 'daily_consumption', ...range });
    const [curve] = await device.reader.read({ dataset: 'consumption_load_curve', ...range });
    assert.ok(daily && curve);
    const steps = curve.readings.map(({ start, end, value }) => (value * (end - start)) / hour);
    return {
      usagePoint: daily.usagePoint,
      daily: daily.readings.map(({ value }) => value),
      ofSteps: Math.round(steps.reduce((sum, value) => sum + value, 0)),
    };
  }

  it('code, restart, consent, tokens, a day of data, renewal, and the day after', async () => {
    const prompt = await device.account.start(1);
    assert.equal(prompt.verificationUriComplete, `${proxy.settings.server}/device?code=${prompt.userCode}`);
    await device.restart();
    await proxy.consent(prompt.userCode, 'consumption');
    assert.equal(await device.outcome(), 'authorized');
    const first = await device.account.tokens();
    assert.ok((first.consentUntil ?? 0) > device.now + 300 * 24 * hour);

    const yesterday = addDays(parisDay(device.now), -1);
    const day = await energiesOf(yesterday);
    assert.deepEqual([day.usagePoint], first.usagePoints);
    const measured = proxy.world.enedis.measured(day.usagePoint, yesterday).consumption.energy;
    assert.deepEqual([day.daily, day.ofSteps], [[measured], measured]);

    await device.pass(24 * hour);
    const renewed = await device.account.tokens();
    assert.notEqual(renewed.accessToken, first.accessToken);
    assert.notEqual(renewed.refreshToken, first.refreshToken);
    const next = addDays(yesterday, 1);
    const measuredNext = proxy.world.enedis.measured(day.usagePoint, next).consumption.energy;
    assert.deepEqual((await energiesOf(next)).daily, [measuredNext]);
    assert.deepEqual(device.problems, []);
  });

  it('tokens that are forgotten are good for nothing any more', async () => {
    const { userCode } = await device.account.start(1);
    await proxy.consent(userCode, 'activated');
    assert.equal(await device.outcome(), 'authorized');
    const { accessToken, refreshToken = '' } = await device.account.tokens();
    assert.deepEqual(await device.account.forget(), { revoked: true });
    assert.equal((await proxy.world.refresh(refreshToken)).json['error'], 'invalid_grant');
    assert.equal((await proxy.world.get('/consents', { authorization: `Bearer ${accessToken}` })).status, 401);
    await assert.rejects(device.reader.read({ dataset: 'daily_consumption' }), { code: 'credentials_missing' });
  });

  it('a refusal ends the dance', async () => {
    const { userCode } = await device.account.start(1);
    await proxy.refuse(userCode);
    assert.equal(await device.outcome(), 'consent_denied');
  });

  it('a code that nobody enters is followed by another one, and that by the end', async () => {
    await device.account.start(2);
    assert.equal(await device.outcome(), 'code_expired');
    assert.equal(new Set(device.shownCodes).size, 2);
  });
}

describe('e2e: the device flow at our proxy over the embedded store', () => {
  suiteOfOurProxy(() => ({}));
});

describe('e2e: the device flow at our proxy over MongoDB', () => {
  const database = mongoDatabase();
  suiteOfOurProxy(() => ({ store: { mongodb: database().uri } }));
});

type Fields = Readonly<Record<string, unknown>>;

/** A flow with the dance of an account, a read of its meters, and the ends of all outputs. */
function flowAt(account: Fields): FlowNode[] {
  const place = { z: 'tab', x: 200, y: 200 };
  const ends = ['prompt', 'outcome', 'problem', 'data', 'trouble'];
  const [dance, read] = [ends.slice(0, 3), ends.slice(3)].map((names) => names.map((name) => [name]));
  return [
    { id: 'tab', type: 'tab', label: 'Linky' },
    { id: 'account', type: 'enedis-account', ...account },
    { id: 'start', type: 'test-input', ...place, wires: [['flow']] },
    { id: 'flow', type: 'device-flow', account: 'account', ...place, wires: dance },
    { id: 'ask', type: 'test-input', ...place, wires: [['read']] },
    {
      id: 'read',
      type: 'linky-read',
      account: 'account',
      dataset: 'daily_consumption',
      from: '-3d',
      to: '-1d',
      ...place,
      wires: read,
    },
    ...ends.map((id) => ({ id, type: 'test-output', ...place, wires: [] })),
  ];
}

describe('e2e: the nodes of the device flow in Node-RED', () => {
  let nodeRed: NodeRedProcess;
  before(async () => (nodeRed = await startNodeRed()));
  after(() => nodeRed.stop());

  async function arrival(output: string): Promise<{ readonly topic: unknown; readonly payload: Fields }> {
    const { message } = await nodeRed.waitForMessage(({ node }) => node === output);
    return { topic: message['topic'], payload: message['payload'] as Fields };
  }

  beforeEach(() => nodeRed.messages.splice(0));

  it('get tokens of oidc-provider and keep them to themselves', async () => {
    const server = await startDeviceServer();
    try {
      await nodeRed.deploy(flowAt({ server: server.url, clientId: server.clientId, scope: 'openid', api: 'none' }));
      nodeRed.send('start', {});
      const prompt = await arrival('prompt');
      assert.equal(prompt.topic, 'enedis/account/prompt');
      await server.consent(String(prompt.payload['verificationUriComplete']));
      const { topic, payload } = await arrival('outcome');
      assert.equal(topic, 'enedis/account/authorized');
      assert.deepEqual([payload['state'], payload['scope'], payload['tokens']], ['authorized', 'openid', undefined]);
    } finally {
      await nodeRed.deploy([{ id: 'tab', type: 'tab' }]);
      await server.close();
    }
  });

  it('get tokens and the days of a meter of our proxy', async () => {
    // A second between two polls, the shortest that there is: it passes in earnest.
    const proxy = await PublicProxy.start({ settings: { limits: { requestsPerMinute: 60 } }, start: Date.now() });
    const stopClock = runningClock(proxy.world.clock, 1);
    try {
      await nodeRed.deploy(flowAt({ server: proxy.settings.server, clientId: publicClient }));
      nodeRed.send('start', {});
      await proxy.consent(String((await arrival('prompt')).payload['userCode']));
      const [usagePoint = ''] = (await arrival('outcome')).payload['usagePoints'] as string[];
      nodeRed.send('ask', {});
      const { topic, payload } = await arrival('data');
      assert.equal(topic, `linky/${usagePoint}/daily_consumption`);
      const days = payload as unknown as readonly { readonly start: number; readonly value: number }[];
      assert.equal(days.length, 2);
      for (const { start, value } of days) {
        const measured = proxy.world.enedis.measured(usagePoint, parisDay(start));
        assert.equal(value, measured.consumption.energy);
      }
    } finally {
      await nodeRed.deploy([{ id: 'tab', type: 'tab' }]);
      stopClock();
      await proxy.close();
    }
  });
});
