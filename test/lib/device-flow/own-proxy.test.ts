import assert from 'node:assert/strict';
import type { DeviceFlowAccount } from '../../../lib/device-flow/account.js';
import type { Clock } from '../../../lib/device-flow/clock.js';
import { createDeviceFlowAccount } from '../../../lib/device-flow/device-flow-account.js';
import type { AccountMemory } from '../../../lib/device-flow/memory.js';
import { deviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { AuthenticationError } from '../../../lib/errors.js';
import { Transport } from '../../../lib/http/transport.js';
import { keptInMemory, type Kept } from '../../../lib/store/sealed-file.js';
import { ProxyWorld, publicClient } from '../../support/proxy-world.js';

/** The timers of the account: they fire when the test says so, on the clock of the proxy. */
class WorldClock implements Clock {
  readonly #world: ProxyWorld;
  readonly #timers = new Map<symbol, { at: number; callback: () => void }>();

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  read() {
    const now = this.#world.clock.now();
    return { now, monotonic: now };
  }

  after(milliseconds: number, callback: () => void): () => void {
    const key = Symbol('timer');
    this.#timers.set(key, { at: this.read().now + milliseconds, callback });
    return () => void this.#timers.delete(key);
  }

  /** Lets time pass until the first timer fires, where one fires within so many seconds. */
  leap(seconds: number): void {
    const [first] = [...this.#timers].sort(([, one], [, two]) => one.at - two.at);
    if (!first || first[1].at > this.read().now + seconds * 1000) return;
    const [key, { at, callback }] = first;
    this.#timers.delete(key);
    this.#world.clock.advance({ seconds: Math.max(0, at - this.read().now) / 1000 });
    callback();
  }
}

describe('An account at our device-flow proxy', () => {
  let world: ProxyWorld;
  let clock: WorldClock;
  let memory: Kept<AccountMemory>;
  let account: DeviceFlowAccount;
  const outcomes: string[] = [];

  async function open(): Promise<void> {
    const direct = new Transport({ mode: 'verify' }, { connections: 4 });
    // The reverse proxy in front of it.
    const transport = {
      send: (request: Parameters<Transport['send']>[0]) => {
        const url = new URL(request.url.href.replace(world.settings.publicUrl, world.first.url));
        return direct.send({ ...request, url });
      },
      close: () => direct.close(),
    };
    const settings = deviceFlowSettings({ server: world.settings.publicUrl, clientId: publicClient });
    account = await createDeviceFlowAccount({ settings, memory, clock, transport, random: () => 0 });
    account.listen({
      onAuthorized: () => outcomes.push('authorized'),
      onProblem: ({ code }) => outcomes.push(code),
    });
  }

  /** Lets the dance take its time until somebody is told of its end. */
  async function ended(): Promise<string> {
    while (outcomes.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      if (account.summary().dance.phase === 'waiting') clock.leap(60);
    }
    return outcomes.shift() ?? '';
  }

  async function atEnedis(userCode: string, act: (authorizeUrl: string) => Promise<string>): Promise<void> {
    const browser = world.browser();
    await browser.follow(await browser.open(await act(await world.enter(userCode, browser))));
  }

  const consent = (userCode: string) => atEnedis(userCode, (authorizeUrl) => world.enedis.consent({ authorizeUrl }));

  beforeEach(async () => {
    world = await ProxyWorld.start();
    clock = new WorldClock(world);
    memory = keptInMemory();
    outcomes.length = 0;
    await open();
  });
  afterEach(async () => {
    await account.close();
    await world.close();
  });

  it('has tokens, data and the end of the consent after a dance', async () => {
    const prompt = await account.start(1);
    assert.equal(prompt.verificationUriComplete, `${world.settings.publicUrl}/device?code=${prompt.userCode}`);
    await consent(prompt.userCode);
    assert.equal(await ended(), 'authorized');
    const { usagePoints, consentUntil = 0 } = await account.tokens();
    assert.ok(consentUntil > world.clock.now() + 300 * 86_400_000);
    assert.equal(account.summary().consentUntil, consentUntil);
    const query = new URLSearchParams({ usage_point_id: usagePoints[0] ?? '', start: '2026-11-10', end: '2026-11-12' });
    const path = `/data/proxy/metering_data_dc/v5/daily_consumption?${query.toString()}`;
    const reply = await account.send({ url: new URL(world.settings.publicUrl + path) });
    assert.equal(reply.status, 200, reply.body);
  });

  it('goes on with its dance after a restart', async () => {
    const { userCode } = await account.start(1);
    await account.close();
    await consent(userCode);
    await open();
    assert.equal(await ended(), 'authorized');
  });

  it('is told of a refusal, and of a code that nobody entered', async () => {
    const { userCode } = await account.start(1);
    await atEnedis(userCode, (authorizeUrl) => world.enedis.refuse({ authorizeUrl }));
    assert.equal(await ended(), 'consent_denied');
    await account.start(1);
    assert.equal(await ended(), 'code_expired');
  });

  it('has its tokens rotated, survives a lost answer, and has them revoked when they are forgotten', async () => {
    await consent((await account.start(1)).userCode);
    await ended();
    const first = await account.tokens();
    const second = await account.refresh();
    assert.notEqual(second.refreshToken, first.refreshToken);
    // The answer was lost: the client has the token before, and comes again within the minute.
    const answer = await world.refresh(second.refreshToken ?? '');
    assert.equal((await account.refresh()).refreshToken, world.tokens(answer).refreshToken);
    const { accessToken, refreshToken = '' } = await account.tokens();
    assert.deepEqual(await account.forget(), { revoked: true });
    assert.equal((await world.refresh(refreshToken)).status, 400);
    assert.equal((await world.get('/consents', { authorization: `Bearer ${accessToken}` })).status, 401);
  });

  it('asks for a new consent where the server has ended the old one', async () => {
    await consent((await account.start(1)).userCode);
    await ended();
    const { refreshToken = '' } = await account.tokens();
    await world.form('/device/revoke', { client_id: publicClient, token: refreshToken });
    await assert.rejects(account.refresh(), (error) => error instanceof AuthenticationError);
    assert.equal(await ended(), 'consent_expired');
  });
});
