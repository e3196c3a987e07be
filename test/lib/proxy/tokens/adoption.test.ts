import assert from 'node:assert/strict';
import { publicClient } from '../../../support/proxy-settings.js';
import { usagePoint, worlds, type World } from '../routes/world.js';
import { EarlierInMemory } from './earlier.js';

const hour = 3600_000;
const other = '98765432109876';

describe('tokens of an earlier server', () => {
  const open = worlds();
  let earlier: EarlierInMemory;
  let world: World;

  beforeEach(async () => {
    earlier = new EarlierInMemory();
    world = await open({ earlier });
    earlier.add('refresh_token', 'old', [usagePoint, other], world.now + 1000 * hour);
    earlier.add('access_token', 'old-access', [usagePoint], world.now + hour);
  });

  it('a refresh token goes on as one of ours, and is moved over', async () => {
    const { status, body } = await world.refresh('old', { usage_points_id: `${usagePoint},${other}` });
    assert.equal(status, 200);
    assert.equal(body['usage_points_id'], `${usagePoint},${other}`);
    assert.ok(!earlier.tokens.has('refresh_token:old'));
    const access = String(body['access_token']);
    assert.equal((await world.read(access)).status, 200);
    assert.equal((await world.read(access, other)).status, 200);
    assert.equal((await world.refresh(String(body['refresh_token']))).status, 200);
  });

  it('once it was exchanged it is used up like any other', async () => {
    const { body } = await world.refresh('old');
    assert.equal((await world.refresh('old')).body['refresh_token'], body['refresh_token']);
    world.now += 61_000;
    assert.equal((await world.refresh('old')).body['error'], 'invalid_grant');
    assert.equal((await world.refresh(String(body['refresh_token']))).body['error'], 'invalid_grant');
  });

  it('one that could not be removed where it came from is not adopted a second time', async () => {
    earlier.forget = () => Promise.reject(new Error('The database is away.'));
    const { body } = await world.refresh('old');
    const revoked = { client_id: publicClient, token: String(body['refresh_token']) };
    assert.equal((await world.call('/device/revoke', { form: revoked })).status, 200);
    world.now += 40 * 24 * hour;
    await world.store.collectGarbage();
    assert.ok(earlier.tokens.has('refresh_token:old'));
    assert.equal((await world.refresh('old')).body['error'], 'invalid_grant');
  });

  it('two who bring it at once are both served', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.refresh('old')));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map(({ body }) => body['refresh_token'])).size, 1);
  });

  it('one whose token is moved while he is being served is served all the same', async () => {
    const find = earlier.find.bind(earlier);
    let first: Promise<unknown> | undefined;
    earlier.find = async (type, token) => {
      if (first === undefined) {
        first = world.refresh('old');
        await first;
      }
      return find(type, token);
    };
    const second = await world.refresh('old');
    assert.ok(first !== undefined && !earlier.tokens.has('refresh_token:old'));
    assert.equal(second.status, 200);
  });

  it('a wrong list of usage points is refused, and costs the client nothing', async () => {
    assert.equal((await world.refresh('old', { usage_points_id: other })).body['error'], 'invalid_grant');
    assert.equal((await world.refresh('old')).status, 200);
  });

  it('its family ends when the token would have', async () => {
    const { body } = await world.refresh('old');
    world.now += 1000 * hour;
    assert.equal((await world.refresh(String(body['refresh_token']))).body['error'], 'invalid_grant');
    earlier.add('refresh_token', 'expired', [usagePoint], world.now - 1);
    assert.equal((await world.refresh('expired')).body['error'], 'invalid_grant');
  });

  it('an access token reads what it was for, until its end', async () => {
    assert.equal((await world.read('old-access')).status, 200);
    assert.equal((await world.read('old-access', other)).status, 403);
    const headers = { authorization: 'Bearer old-access' };
    assert.equal((await world.call('/consents', { headers })).status, 200);
    world.now += hour;
    assert.equal((await world.read('old-access')).status, 401);
  });

  it('a consent that has ended ends its tokens as well', async () => {
    const { body } = await world.refresh('old');
    world.upstream.dataAnswer = { status: 403, body: '{}', source: 'new', consentMissing: true };
    const access = String(body['access_token']);
    const statuses: number[] = [];
    for (let count = 0; count < 3; count++) {
      statuses.push((await world.read(access)).status);
      world.now += hour;
    }
    assert.deepEqual(statuses, [403, 403, 401]);
  });

  it('can be revoked', async () => {
    for (const token of ['old', 'old-access']) {
      await world.call('/device/revoke', { form: { client_id: publicClient, token } });
    }
    assert.equal(earlier.tokens.size, 0);
    assert.equal((await world.refresh('old')).body['error'], 'invalid_grant');
    assert.equal((await world.read('old-access')).status, 401);
  });
});
