import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { publicClient } from '../../../support/proxy-settings.js';
import { worlds, type World } from './world.js';

const form = { client_id: publicClient, grant_type: 'refresh_token', refresh_token: 'theirs' };

describe('POST /device/proxy', () => {
  const open = worlds();
  let world: World;

  beforeEach(async () => {
    world = await open({ settings: { mode: 'authorization_code' } });
  });

  it('116: does not exist in the client-credentials mode', async () => {
    const { status } = await (await open()).call('/device/proxy', { form });
    assert.equal(status, 404);
  });

  it('115: serves no other grant, and asks nothing upstream', async () => {
    for (const type of ['client_credentials', 'authorization_code', 'password']) {
      const { status, body } = await world.call('/device/proxy', { form: { ...form, grant_type: type } });
      assert.equal(status, 400);
      assert.equal(body['error'], 'unsupported_grant_type');
    }
    assert.equal((await world.call('/device/proxy', { form: { ...form, client_id: 'x' } })).status, 401);
    assert.equal((await world.call('/device/proxy', { form: { ...form, refresh_token: '' } })).status, 400);
    assert.deepEqual(world.upstream.tokenForms, []);
  });

  it('117: relays known parameters only', async () => {
    const sent = { ...form, scope: 'read', client_secret: 'x', redirect_uri: 'https://evil.test', resource: 'y' };
    const { status, body } = await world.call('/device/proxy', { form: sent });
    assert.equal(status, 200);
    assert.deepEqual(body, { access_token: 'upstream' });
    assert.deepEqual(world.upstream.tokenForms, [
      { grant_type: 'refresh_token', refresh_token: 'theirs', scope: 'read' },
    ]);
  });

  it('118: relays the status of a refusal', async () => {
    world.upstream.tokenAnswer = { status: 400, body: { error: 'invalid_grant' }, retryAfter: 3 };
    const { status, headers, body } = await world.call('/device/proxy', { form });
    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'invalid_grant' });
    assert.equal(headers['retry-after'], '3');
  });

  it('119: tells that the upstream server cannot be reached, or says nothing of use', async () => {
    world.upstream.tokenAnswer = { status: 200, body: undefined };
    assert.equal((await world.call('/device/proxy', { form })).status, 502);
    world.upstream.token = () => Promise.reject(new ProxyError(504, 'temporarily_unavailable'));
    const { status, body } = await world.call('/device/proxy', { form });
    assert.equal(status, 504);
    assert.equal(body['error'], 'temporarily_unavailable');
  });

  it('is limited by address', async () => {
    for (let count = 0; count < 12; count++) await world.call('/device/proxy', { form });
    assert.equal((await world.call('/device/proxy', { form })).status, 429);
    assert.equal(world.upstream.tokenForms.length, 12);
  });
});
