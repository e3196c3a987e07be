import assert from 'node:assert/strict';
import { publicClient } from '../../../support/proxy-settings.js';
import { worlds } from './world.js';

describe('POST /device/revoke', () => {
  const open = worlds();
  const settings = { publicClients: { [publicClient]: 'One', other: 'Other' } };

  it('113: ends the whole family, by either token', async () => {
    const world = await open({ settings });
    for (const which of ['refresh', 'access'] as const) {
      const tokens = await world.dance();
      assert.equal((await world.read(tokens.access)).status, 200);
      const form = { client_id: publicClient, token: tokens[which] };
      assert.equal((await world.call('/device/revoke', { form })).status, 200);
      assert.equal((await world.read(tokens.access)).status, 401);
      assert.equal((await world.refresh(tokens.refresh)).body['error'], 'invalid_grant');
    }
  });

  it('takes an unknown token as done', async () => {
    const world = await open({ settings });
    const form = { client_id: publicClient, token: 'unknown', token_type_hint: 'refresh_token' };
    assert.equal((await world.call('/device/revoke', { form })).status, 200);
  });

  it('leaves the token of another client alone', async () => {
    const world = await open({ settings });
    const { access, refresh } = await world.dance();
    await world.call('/device/revoke', { form: { client_id: 'other', token: refresh } });
    assert.equal((await world.read(access)).status, 200);
  });

  it('asks for client and token', async () => {
    const world = await open({ settings });
    assert.equal((await world.call('/device/revoke', { form: { token: 'x' } })).status, 400);
    assert.equal((await world.call('/device/revoke', { form: { client_id: publicClient } })).status, 400);
    assert.equal((await world.call('/device/revoke', { form: { client_id: 'nobody', token: 'x' } })).status, 401);
  });

  it('says so where the tokens are not its own', async () => {
    const world = await open({ settings: { mode: 'authorization_code' } });
    const { status, body } = await world.call('/device/revoke', { form: { client_id: publicClient, token: 'x' } });
    assert.equal(status, 400);
    assert.equal(body['error'], 'unsupported_token_type');
  });
});
