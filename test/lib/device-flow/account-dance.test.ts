import assert from 'node:assert/strict';
import { AuthenticationError, EnergyError } from '../../../lib/errors.js';
import { codeReply, danceScript, openScripted, refused, tokenReply, usagePoint } from './scripted-account.js';
import { settle } from './virtual-clock.js';

const pending = refused('authorization_pending');

function fails(code: string) {
  return (error: unknown) => error instanceof EnergyError && error.code === code;
}

describe('The dance of an account', () => {
  it('shows a code and has tokens once the consent is given', async () => {
    const { account, clock, told, transport, memory } = await openScripted(danceScript([pending, tokenReply()]));
    const prompt = await account.start(3);
    assert.equal(prompt.verificationUriComplete, 'https://p.test/device?code=BCDF-GHJA');
    assert.deepEqual([prompt.attempt, prompt.attempts, prompt.interval], [1, 3, 5]);
    assert.equal(account.summary().dance.phase, 'waiting');
    assert.equal(memory.value?.dance?.code.deviceCode, 'device-1');
    await clock.advance(10_000);
    assert.deepEqual(
      told.phases.map(({ phase }) => phase),
      ['requesting', 'waiting', 'idle'],
    );
    assert.deepEqual(
      told.authorized.map(({ usagePoints }) => usagePoints),
      [[usagePoint]],
    );
    assert.equal((await account.tokens()).accessToken, 'access-1');
    const { state, usagePoints, dance } = account.summary();
    assert.deepEqual([state, usagePoints, dance], ['linked', ['…1234'], { phase: 'idle' }]);
    assert.deepEqual([memory.value.dance, memory.value.tokens?.refreshToken], [undefined, 'refresh-1']);
    const [, poll] = transport.to('/device/token');
    assert.deepEqual(Object.fromEntries(poll?.form ?? []), {
      client_id: 'client',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'device-1',
    });
    assert.equal(poll?.headers['user-agent'], 'Test/1.0.0');
    assert.equal(poll.headers['accept'], 'application/json');
    await account.close();
  });

  it('is one dance for all who start it', async () => {
    const { account, transport } = await openScripted(danceScript([pending]));
    const [one, two] = await Promise.all([account.start(1), account.start(1)]);
    assert.deepEqual(one, two);
    assert.deepEqual(await account.start(1), one);
    assert.equal(transport.to('/device/code').length, 1);
    await account.close();
  });

  it('renews a code that nobody entered, and says so when the last one is over', async () => {
    const { account, clock, told, transport } = await openScripted(danceScript([pending]));
    await account.start(2);
    await clock.advance(700_000);
    const codes = told.phases.map((phase) => (phase.phase === 'waiting' ? phase.prompt.userCode : phase.phase));
    assert.deepEqual(codes, ['requesting', 'BCDF-GHJA', 'requesting', 'BCDF-GHJB', 'idle']);
    assert.deepEqual(
      told.problems.map(({ code }) => code),
      ['code_expired'],
    );
    assert.equal(account.summary().problem?.code, 'code_expired');
    assert.equal(transport.to('/device/code').length, 2);
    await account.close();
  });

  it('goes on after a restart without asking for another code', async () => {
    const before = await openScripted(danceScript([refused('slow_down')]));
    await before.account.start(1);
    await before.clock.advance(6000);
    await before.account.close();
    const { memory, clock } = before;
    const { account, told, transport } = await openScripted(danceScript([tokenReply()]), { memory, clock });
    const { dance } = account.summary();
    assert.equal(dance.phase === 'waiting' && dance.prompt.userCode, 'BCDF-GHJA');
    await clock.advance(9999);
    assert.equal(transport.to('/device/token').length, 0);
    await clock.advance(1);
    assert.equal(told.authorized.length, 1);
    assert.equal(transport.to('/device/code').length, 0);
    await account.close();
  });

  it('tells how a dance of an earlier process ended to whoever listens first', async () => {
    const before = await openScripted(danceScript([pending]));
    await before.account.start(1);
    await before.account.close();
    before.clock.kill();
    before.clock.jump(86_400_000);
    const { account, told, transport } = await openScripted(danceScript([pending]), before);
    await settle();
    assert.deepEqual(
      told.problems.map(({ code }) => code),
      ['code_expired'],
    );
    assert.equal(transport.requests.length, 0);
    assert.equal(before.memory.value?.dance, undefined);
    await account.close();
  });

  it('goes on while the server is away, and shows it', async () => {
    const { account, clock, told } = await openScripted(danceScript(['lost', refused('', 502), tokenReply()]));
    await account.start(1);
    await clock.advance(5000);
    const { dance } = account.summary();
    assert.equal(dance.phase === 'waiting' && dance.trouble, 'offline');
    await clock.advance(30_000);
    assert.equal(told.authorized.length, 1);
    await account.close();
  });

  it('raises what stands in the way of the first code', async () => {
    const answers = [
      ['cloud_unavailable', 'lost'],
      ['client_rejected', refused('invalid_client', 401)],
      ['version_mismatch', refused('version_mismatch')],
      ['rate_limited', refused('slow_down', 429, { 'retry-after': '60' })],
      ['client_rejected', { status: 404, body: '<html>' }],
      ['server_error', { status: 500, body: '' }],
    ] as const;
    for (const [code, answer] of answers) {
      const { account, clock, told } = await openScripted(({ path }) => (path === '/device/code' ? answer : undefined));
      await assert.rejects(account.start(3), (error) => {
        assert.ok(error instanceof AuthenticationError);
        assert.equal(error.code, code);
        if (code === 'rate_limited') assert.equal(error.retryAt, clock.read().now + 60_000);
        return true;
      });
      assert.equal(account.summary().problem?.code, code);
      assert.deepEqual([told.problems, account.summary().dance], [[], { phase: 'idle' }]);
      await account.close();
    }
  });

  it('ends with a refusal, and the tokens that there were go on', async () => {
    const { account, clock, told } = await openScripted(danceScript([tokenReply(), refused('access_denied')]));
    await account.start(1);
    await clock.advance(5000);
    await account.start(1);
    await clock.advance(5000);
    assert.deepEqual(
      told.problems.map(({ code }) => code),
      ['consent_denied'],
    );
    assert.equal(account.summary().state, 'linked');
    assert.equal((await account.tokens()).accessToken, 'access-1');
    await account.close();
  });

  it('can be cancelled, while it asks for a code and while it waits', async () => {
    const { account, clock, transport, memory } = await openScripted(danceScript([tokenReply()]));
    const started = account.start(1);
    const cancelled = assert.rejects(started, fails('closed'));
    await account.cancel();
    await cancelled;
    await account.start(1);
    await account.cancel();
    await clock.advance(600_000);
    assert.equal(transport.to('/device/token').length, 0);
    assert.deepEqual([account.summary().state, memory.value?.dance], ['unlinked', undefined]);
    await account.close();
  });

  it('asks the server what it publishes once a day, and does not guess while it is out of reach', async () => {
    let away = true;
    const { account, transport } = await openScripted(({ path }) => {
      if (away) return 'lost';
      if (path === '/.well-known/oauth-authorization-server') {
        const endpoints = { token_endpoint: 'https://p.test/t', device_authorization_endpoint: 'https://p.test/d' };
        return { status: 200, body: { issuer: 'https://p.test', ...endpoints } };
      }
      return path === '/d' ? codeReply() : pending;
    });
    await assert.rejects(account.start(1), fails('cloud_unavailable'));
    away = false;
    await account.start(1);
    await account.cancel();
    await account.start(1);
    assert.deepEqual(transport.requests.map(({ path }) => path).slice(1), [
      '/.well-known/oauth-authorization-server',
      '/d',
      '/d',
    ]);
    await account.close();
  });

  it('needs a client', async () => {
    const { account } = await openScripted(() => undefined, { settings: { clientId: '' } });
    await assert.rejects(account.start(1), fails('invalid_argument'));
    await account.close();
  });
});
