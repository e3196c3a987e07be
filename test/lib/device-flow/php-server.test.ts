import assert from 'node:assert/strict';
import type { AccountListener, DeviceFlowAccount } from '../../../lib/device-flow/account.js';
import { createDeviceFlowAccount } from '../../../lib/device-flow/device-flow-account.js';
import { deviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { AuthenticationError, EnergyError } from '../../../lib/errors.js';
import { startPhpServer, type PhpServer, type PhpServerOptions } from '../../support/php-server.js';
import { TestMemory } from './scripted-account.js';
import { VirtualClock } from './virtual-clock.js';

const usagePoints = ['12345678901234', '22345678901234'];

describe('An account at a server that answers as the PHP one does', () => {
  let server: PhpServer | undefined;
  let account: DeviceFlowAccount;
  let clock: VirtualClock;
  let ended: Promise<string>;

  async function open(options: Partial<PhpServerOptions> = {}, userAgent = 'Linky/3.0'): Promise<PhpServer> {
    clock = new VirtualClock();
    server = await startPhpServer({ now: () => clock.read().now, usagePoints, ...options });
    const { url, refreshUrl } = server;
    const config = { server: url, clientId: 'client', refreshEndpoint: refreshUrl, userAgent, api: 'none' };
    account = await createDeviceFlowAccount({ settings: deviceFlowSettings(config), memory: new TestMemory(), clock });
    ended = new Promise((resolve) => {
      const listener: AccountListener = {
        onAuthorized: () => resolve('authorized'),
        onProblem: ({ code }) => resolve(code),
      };
      account.listen(listener);
    });
    return server;
  }

  /** Lets the dance take its time until it is over. */
  async function dance(): Promise<string> {
    let outcome: string | undefined;
    void ended.then((end) => (outcome = end));
    while (outcome === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      const { dance } = account.summary();
      if (dance.phase === 'waiting' && clock.next !== undefined) await clock.advance(clock.next);
    }
    return outcome;
  }

  afterEach(async () => {
    await account.close();
    await server?.close();
  });

  it('158: shows the code with a link that it builds, and has tokens after the consent', async () => {
    const php = await open();
    const prompt = await account.start(1);
    assert.equal(prompt.verificationUriComplete, `${php.url}/device?code=${prompt.userCode}`);
    assert.equal(prompt.interval, 5);
    assert.equal(prompt.expiresAt, clock.read().now + 300_000);
    php.consent(prompt.userCode);
    assert.equal(await dance(), 'authorized');
    assert.deepEqual((await account.tokens()).usagePoints, usagePoints);
  });

  it('158: takes invalid_grant for the end of the code', async () => {
    const php = await open({ lifetime: 293 });
    await account.start(1);
    assert.equal(await dance(), 'code_expired');
    const polls = php.requests.filter(({ path }) => path === '/device/token').length;
    assert.equal(polls, 59);
  });

  it('refreshes at the URL that is set, with the list of usage points, and keeps what the answer leaves out', async () => {
    const php = await open();
    php.consent((await account.start(1)).userCode);
    await dance();
    const before = await account.tokens();
    const after = await account.refresh();
    assert.notEqual(after.accessToken, before.accessToken);
    assert.deepEqual([after.refreshToken, after.usagePoints], [before.refreshToken, usagePoints]);
    assert.equal(php.requests.at(-1)?.path, '/device/refresh');
  });

  it('goes on where the server has forgotten the access token, and asks for a consent where it has forgotten all', async () => {
    const php = await open();
    php.consent((await account.start(1)).userCode);
    await dance();
    php.forgetAccessTokens();
    const target = { url: new URL(`${php.url}/data/proxy/metering_data_dc/v5/daily_consumption`) };
    assert.equal((await account.send(target)).status, 200);
    php.forgetRefreshTokens();
    const refused = (error: unknown) => error instanceof AuthenticationError && error.code === 'consent_expired';
    await assert.rejects(account.refresh(), refused);
    await assert.rejects(account.send(target), refused);
    assert.equal(account.summary().state, 'consent_needed');
  });

  it('says that the version is too old, and passes with the one of the settings', async () => {
    await open({ minVersion: 2.3 }, 'node-red-envoy-linky/0.1.0');
    await assert.rejects(
      account.start(1),
      (error) => error instanceof EnergyError && error.code === 'version_mismatch',
    );
    await account.close();
    await server?.close();
    await open({ minVersion: 2.3 });
    assert.ok(await account.start(1));
  });
});
