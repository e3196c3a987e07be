import assert from 'node:assert/strict';
import { EnergyError } from '../../../../lib/errors.js';
import { usagePoint, worlds } from './world.js';

describe('GET /health, metadata, consents', () => {
  const open = worlds();

  it('14: health tells the state, and nothing secret', async () => {
    const world = await open();
    const { status, body } = await world.call('/health');
    assert.equal(status, 200);
    assert.deepEqual(body, { status: 'ok', api_mode: 'new', storage: 'ok', upstream: { failure: 'timeout' } });
  });

  it('health is 503 while the store is down', async () => {
    const failed = new EnergyError('storage_failed', 'db.internal:27017 is down');
    const world = await open({
      wrap: (store) => Object.assign(Object.create(store) as typeof store, { check: () => Promise.reject(failed) }),
    });
    const { status, text, body } = await world.call('/health');
    assert.equal(status, 503);
    assert.equal(body['storage'], 'failed');
    assert.ok(!text.includes('internal'));
  });

  it('15: the metadata name the real addresses', async () => {
    const { status, body } = await (await open()).call('/.well-known/oauth-authorization-server');
    assert.equal(status, 200);
    assert.equal(body['issuer'], 'https://p.test');
    assert.equal(body['device_authorization_endpoint'], 'https://p.test/device/code');
    assert.equal(body['token_endpoint'], 'https://p.test/device/token');
    assert.equal(body['revocation_endpoint'], 'https://p.test/device/revoke');
    assert.deepEqual(body['grant_types_supported'], ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']);
    assert.deepEqual(body['token_endpoint_auth_methods_supported'], ['none']);
  });

  it('the holder of a token is told what it is for and until when', async () => {
    const world = await open();
    const { deviceCode } = await world.begin();
    const end = world.now + 24 * 3600_000;
    await world.consent(deviceCode, [usagePoint], end);
    const { body: tokens } = await world.poll(deviceCode);
    const headers = { authorization: `Bearer ${String(tokens['access_token'])}` };
    const { status, body } = await world.call('/consents', { headers });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      consents: [
        {
          usage_point_id: usagePoint,
          active: true,
          granted_at: new Date(world.now).toISOString(),
          expires_at: new Date(end).toISOString(),
        },
      ],
      refresh_until: new Date(end).toISOString(),
    });
    assert.equal((await world.call('/consents')).status, 401);
  });
});
