import assert from 'node:assert/strict';
import { hashed } from '../../../../lib/proxy/ids.js';
import { refreshTokens } from '../../../../lib/proxy/records/kinds.js';
import { publicClient } from '../../../support/proxy-settings.js';
import { usagePoint, worlds, type Answer, type World } from './world.js';

const other = '98765432109876';
const day = 24 * 3600_000;

function refused({ status, body }: Answer, error = 'invalid_grant'): void {
  assert.equal(status, 400);
  assert.equal(body['error'], error);
}

function tokens({ status, text, body }: Answer): { access: string; refresh: string } {
  assert.equal(status, 200, text);
  return { access: String(body['access_token']), refresh: String(body['refresh_token']) };
}

describe('POST /device/token with a refresh token', () => {
  const open = worlds();
  let world: World;

  beforeEach(async () => {
    world = await open();
  });

  it('105, 106: asks for the token, and refuses what is none', async () => {
    const form = { client_id: publicClient, grant_type: 'refresh_token' };
    const missing = await world.call('/device/token', { form });
    refused(missing, 'invalid_request');
    assert.equal(missing.body['error_description'], 'Missing refresh_token');
    refused(await world.refresh('12314'));
  });

  it('104, 108, 109: gives a new pair and names the usage points', async () => {
    const { access, refresh } = await world.dance();
    const answer = await world.refresh(refresh);
    const next = tokens(answer);
    assert.notEqual(next.access, access);
    assert.notEqual(next.refresh, refresh);
    assert.equal(answer.body['token_type'], 'Bearer');
    assert.equal(answer.body['expires_in'], 12_600);
    assert.equal(answer.body['usage_points_id'], usagePoint);
    assert.equal((await world.read(next.access)).status, 200);
    tokens(await world.refresh(next.refresh));
  });

  it('107: another list of usage points is refused, and costs the client nothing', async () => {
    const { refresh } = await world.dance();
    refused(await world.refresh(refresh, { usage_points_id: '5897' }));
    refused(await world.refresh(refresh, { usage_points_id: `${usagePoint},${other}` }));
    tokens(await world.refresh(refresh, { usage_points_id: usagePoint }));
  });

  it('112: every spelling, order and separator of the list is taken', async () => {
    let { refresh } = await world.dance([usagePoint, other]);
    for (const name of ['usage_points_id', 'usages_point_id', 'usage_point_id']) {
      for (const list of [`${usagePoint},${other}`, `${other};${usagePoint}`, `${other}, ${usagePoint}`]) {
        ({ refresh } = tokens(await world.refresh(refresh, { [name]: list })));
      }
    }
  });

  it('110: a token that was used up ends the family, and the operator is told', async () => {
    const { refresh } = await world.dance();
    const next = tokens(await world.refresh(refresh));
    world.now += 61_000;
    refused(await world.refresh(refresh));
    refused(await world.refresh(next.refresh));
    assert.equal((await world.read(next.access)).status, 401);
    const revoked = world.events.filter(({ name }) => name === 'revoked');
    assert.deepEqual(
      revoked.map(({ reason }) => reason),
      ['reuse'],
    );
  });

  it('a token that was used up ends the family for a month', async () => {
    const { refresh } = await world.dance();
    const next = tokens(await world.refresh(refresh));
    world.now += 29 * day;
    await world.store.collectGarbage();
    refused(await world.refresh(refresh));
    refused(await world.refresh(next.refresh));
    assert.deepEqual(
      world.events.filter(({ name }) => name === 'revoked').map(({ reason }) => reason),
      ['reuse'],
    );
  });

  it('later it is refused like any unknown one and the family lives on, whether or not it is deleted already', async () => {
    const { refresh } = await world.dance();
    let next = tokens(await world.refresh(refresh));
    world.now += 31 * day;
    refused(await world.refresh(refresh));
    next = tokens(await world.refresh(next.refresh));

    const kept = () => world.store.get(refreshTokens, hashed(world.context.secrets, 'refresh_token', refresh));
    assert.ok(await kept());
    await world.store.collectGarbage();
    assert.equal(await kept(), undefined);
    refused(await world.refresh(refresh));
    tokens(await world.refresh(next.refresh));
    assert.ok(world.events.every(({ name }) => name !== 'revoked'));
  });

  it('an answer that was lost is given again for a minute', async () => {
    const { refresh } = await world.dance();
    const lost = tokens(await world.refresh(refresh));
    world.now += 59_000;
    const again = tokens(await world.refresh(refresh));
    assert.equal(again.refresh, lost.refresh);
    tokens(await world.refresh(again.refresh));
  });

  it('111: of parallel refreshes every one keeps the client alive', async () => {
    const { refresh } = await world.dance();
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.refresh(refresh)));
    const successors = new Set(answers.map((answer) => tokens(answer).refresh));
    assert.equal(successors.size, 1);
    for (const answer of answers) assert.equal((await world.read(tokens(answer).access)).status, 200);
    tokens(await world.refresh([...successors][0] ?? ''));
  });

  it('the token of another client does not count, and is not used up by it', async () => {
    const shared = await open({ settings: { publicClients: { [publicClient]: 'One', other: 'Other' } } });
    const { refresh } = await shared.dance();
    refused(await shared.refresh(refresh, { client_id: 'other' }));
    tokens(await shared.refresh(refresh));
  });

  it('a family ends after the time set, however often it was refreshed', async () => {
    const short = await open({ settings: { refreshLifetime: 7200 } });
    const { refresh } = await short.dance();
    short.now += 7000_000;
    const answer = await short.refresh(refresh);
    assert.equal(answer.body['expires_in'], 200);
    short.now += 200_000;
    refused(await short.refresh(tokens(answer).refresh));
  });

  it('114: the thirteenth refresh of an address in a minute is refused', async () => {
    let { refresh } = await world.dance();
    for (let count = 0; count < 12; count++) ({ refresh } = tokens(await world.refresh(refresh)));
    const { status, headers } = await world.refresh(refresh);
    assert.equal(status, 429);
    assert.ok(Number(headers['retry-after']) >= 1);
    tokens(await world.refresh(refresh, {}, '192.0.2.9'));
  });
});
