import assert from 'node:assert/strict';
import { AuthenticationError, EnergyError } from '../../../lib/errors.js';
import { danceScript, openLinked, openScripted, refused, tokenReply, usagePoint } from './scripted-account.js';
import { settle } from './virtual-clock.js';

const minute = 60_000;
const hour = 60 * minute;
const target = { url: new URL('https://p.test/data/proxy/x') };
const isRefresh = (form: URLSearchParams) => form.get('grant_type') === 'refresh_token';

function fails(code: string) {
  return (error: unknown) => error instanceof EnergyError && error.code === code;
}

describe('The tokens of an account', () => {
  it('are missing before the first dance', async () => {
    const { account } = await openScripted(() => undefined);
    await assert.rejects(account.tokens(), fails('credentials_missing'));
    assert.equal(account.summary().state, 'unlinked');
    await account.close();
  });

  it('are renewed ten minutes before their end, by themselves, the list of usage points with it', async () => {
    const { account, clock, transport } = await openLinked(() => tokenReply(2));
    await clock.advance(3.5 * hour - 10 * minute - 1);
    assert.equal(transport.to('/device/token').length, 1);
    await clock.advance(1);
    const [, refresh] = transport.to('/device/token');
    assert.deepEqual(Object.fromEntries(refresh?.form ?? []), {
      client_id: 'client',
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      usage_points_id: usagePoint,
    });
    assert.equal((await account.tokens()).accessToken, 'access-2');
    await account.close();
  });

  it('are renewed in the last tenth of a short life', async () => {
    const { account, clock, transport } = await openLinked(() => tokenReply(2), { expires_in: '1000' });
    await clock.advance(899_999);
    assert.equal(transport.to('/device/token').length, 1);
    await clock.advance(1);
    assert.equal(transport.to('/device/token').length, 2);
    await account.close();
  });

  it('keep what an answer does not name', async () => {
    const nameless = { refresh_token: undefined, usage_points_id: undefined };
    const { account, memory } = await openLinked(() => tokenReply(2, nameless), { scope: 'meter' });
    const { refreshToken, usagePoints, scope } = await account.refresh();
    assert.deepEqual([refreshToken, usagePoints, scope], ['refresh-1', [usagePoint], 'meter']);
    assert.equal(memory.value?.tokens?.refreshToken, 'refresh-1');
    await account.close();
  });

  it('are on disk before they are used', async () => {
    let kept: unknown;
    const linked = await openLinked(({ path, headers }) => {
      if (path !== '/data/proxy/x') return tokenReply(2);
      if (headers['authorization'] === 'Bearer access-1') return refused('invalid_token', 401);
      kept = linked.memory.value?.tokens?.refreshToken;
      return { status: 200, body: {} };
    });
    assert.equal((await linked.account.send(target)).status, 200);
    assert.equal(kept, 'refresh-2');
    await linked.account.close();
  });

  it('are renewed once for all whose request was refused, and each of those is sent once more', async () => {
    const { account, transport } = await openLinked(({ path, headers }) => {
      if (path !== '/data/proxy/x') return tokenReply(2);
      return headers['authorization'] === 'Bearer access-2' ? { status: 200, body: {} } : refused('invalid_token', 401);
    });
    const replies = await Promise.all([account.send(target), account.send(target), account.send(target)]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(transport.requests.filter(({ form }) => isRefresh(form)).length, 1);
    assert.equal(transport.to('/data/proxy/x').length, 6);
    await account.close();
  });

  it('are not renewed again and again for a server that refuses every token', async () => {
    let number = 1;
    const { account, transport } = await openLinked(({ path }) =>
      path === '/data/proxy/x' ? refused('invalid_token', 401) : tokenReply(++number),
    );
    for (let read = 0; read < 5; read++) assert.equal((await account.send(target)).status, 401);
    assert.equal(transport.requests.filter(({ form }) => isRefresh(form)).length, 1);
    await account.close();
  });

  it('are renewed where the PHP server has forgotten them, and never cost by any other 403', async () => {
    let body: object = { error: 'Unauthorized', error_description: 'Access token not found' };
    const { account, transport } = await openLinked(({ path, headers }) => {
      if (path !== '/data/proxy/x') return tokenReply(2);
      const isNew = headers['authorization'] === 'Bearer access-2';
      return isNew && 'error' in body ? { status: 200, body: {} } : { status: 403, body };
    });
    assert.equal((await account.send(target)).status, 200);
    body = { error_code: 'no_consent' };
    assert.equal((await account.send(target)).status, 403);
    assert.equal(transport.requests.filter(({ form }) => isRefresh(form)).length, 1);
    assert.equal(account.summary().state, 'linked');
    await account.close();
  });

  it('go on being used while the server is down, and are renewed when it is back, however long that takes', async () => {
    let down = true;
    const { account, clock, transport, told, memory } = await openLinked(() => (down ? 'lost' : tokenReply(2)));
    await clock.advance(3.5 * hour - 5 * minute);
    assert.equal((await account.tokens()).accessToken, 'access-1');
    await clock.advance(26 * hour);
    await assert.rejects(account.tokens(), (error) => {
      assert.ok(error instanceof AuthenticationError);
      assert.deepEqual([error.code, error.retryable], ['cloud_unavailable', true]);
      return true;
    });
    assert.equal(memory.value?.tokens?.refreshToken, 'refresh-1');
    assert.deepEqual([told.problems, account.summary().state], [[], 'linked']);
    down = false;
    await clock.advance(hour);
    assert.equal((await account.tokens()).accessToken, 'access-2');
    assert.equal(account.summary().problem, undefined);
    assert.ok(transport.to('/device/token').length < 36);
    await account.close();
  });

  it('are asked for with pauses that grow, a lost answer soon', async () => {
    const times: number[] = [];
    const linked = await openLinked(() => {
      times.push(linked.clock.read().monotonic);
      return 'lost';
    });
    await assert.rejects(linked.account.refresh());
    await linked.clock.advance(3 * hour);
    const waits = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / minute);
    assert.deepEqual(waits.slice(0, 7), [5 / 60, 1, 2, 5, 15, 60, 60]);
    await linked.account.close();
  });

  it('wait as long as a server asks', async () => {
    const linked = await openLinked(() => refused('slow_down', 429, { 'retry-after': '600' }));
    await assert.rejects(linked.account.refresh(), fails('rate_limited'));
    await linked.clock.advance(599_000);
    assert.equal(linked.transport.to('/device/token').length, 2);
    await linked.clock.advance(1000);
    assert.equal(linked.transport.to('/device/token').length, 3);
    await linked.account.close();
  });

  it('are never sent again once the server refuses to renew them, not after a restart either', async () => {
    const { account, clock, transport, told, memory } = await openLinked(() => refused('invalid_grant'));
    await assert.rejects(account.refresh(), fails('consent_expired'));
    await assert.rejects(account.tokens(), fails('consent_expired'));
    await assert.rejects(account.send(target), fails('consent_expired'));
    await clock.advance(48 * hour);
    assert.equal(transport.to('/device/token').length, 2);
    assert.deepEqual(
      told.problems.map(({ code }) => code),
      ['consent_expired'],
    );
    assert.equal(memory.value?.rejected?.refreshToken, 'refresh-1');
    await account.close();
    const again = await openScripted(danceScript([tokenReply(3)]), { memory, clock });
    assert.deepEqual(
      [again.account.summary().state, again.account.summary().problem?.code],
      ['consent_needed', 'consent_expired'],
    );
    await assert.rejects(again.account.tokens(), fails('consent_expired'));
    await again.account.start(1);
    await clock.advance(5000);
    assert.equal((await again.account.tokens()).accessToken, 'access-3');
    assert.equal(memory.value.rejected, undefined);
    await again.account.close();
  });

  it('wait for a person where the server does not take the client, and stay', async () => {
    let answer = refused('invalid_client', 401);
    const { account, clock, transport, told } = await openLinked(() => answer);
    await clock.advance(24 * hour);
    assert.equal(transport.to('/device/token').length, 2);
    assert.deepEqual(
      told.problems.map(({ code }) => code),
      ['client_rejected'],
    );
    await assert.rejects(account.tokens(), fails('client_rejected'));
    answer = tokenReply(2);
    assert.equal((await account.refresh()).accessToken, 'access-2');
    assert.equal((await account.tokens()).accessToken, 'access-2');
    await account.close();
  });

  it('that came from a dance meanwhile are not replaced by the answer to an older refresh', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const replies = [tokenReply(1), tokenReply(5)];
    const { account, clock, memory } = await openScripted(
      danceScript(replies, async () => {
        await held;
        return refused('invalid_grant');
      }),
    );
    await account.start(1);
    await clock.advance(5000);
    const refreshed = account.refresh();
    await account.start(1);
    await clock.advance(5000);
    release?.();
    assert.equal((await refreshed).accessToken, 'access-5');
    assert.deepEqual([memory.value?.tokens?.refreshToken, memory.value?.blocked], ['refresh-5', undefined]);
    await account.close();
  });

  it('are forgotten and revoked', async () => {
    const metadata = { issuer: 'https://p.test', revocation_endpoint: 'https://p.test/revoke' };
    const { account, transport, memory } = await openScripted((request) => {
      if (request.path.startsWith('/.well-known')) return { status: 200, body: metadata };
      return request.path === '/revoke' ? { status: 200, body: {} } : danceScript([tokenReply()])(request);
    });
    await account.setToken('pasted');
    assert.deepEqual(await account.forget(), { revoked: true });
    assert.equal(transport.to('/revoke')[0]?.form.get('token'), 'pasted');
    assert.deepEqual([account.summary().state, memory.value?.tokens], ['unlinked', undefined]);
    await account.close();
  });

  it('know until when the consent lasts where the server tells it', async () => {
    const consentsEndpoint = 'https://p.test/consents';
    const body = { consents: [{ expires_at: '2029-11-20T00:00:00Z' }, { expires_at: '2028-01-01T00:00:00Z' }] };
    const script = danceScript([tokenReply()], ({ path }) =>
      path === '/consents' ? { status: 200, body } : undefined,
    );
    const { account, clock, told, memory } = await openScripted(script, { settings: { consentsEndpoint } });
    await account.start(1);
    await clock.advance(5000);
    await settle();
    const end = Date.UTC(2028, 0, 1);
    assert.deepEqual([told.authorized[0]?.consentUntil, account.summary().consentUntil], [end, end]);
    assert.equal(memory.value?.tokens?.consentUntil, end);
    await account.close();
  });

  it('are sent without a scheme where a service wants that', async () => {
    const { account, transport } = await openLinked(() => ({ status: 200, body: {} }));
    await account.send({ ...target, scheme: 'bare', headers: { authorization: 'x', 'x-format': '2026' } });
    const [sent] = transport.to('/data/proxy/x');
    assert.deepEqual([sent?.headers['authorization'], sent?.headers['x-format']], ['access-1', '2026']);
    await account.close();
  });
});
