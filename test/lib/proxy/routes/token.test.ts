import assert from 'node:assert/strict';
import { places } from '../../../../lib/proxy/sealed.js';
import { approve, claim, deny } from '../../../../lib/proxy/records/grants.js';
import { deviceCodeGrant } from '../../../../lib/proxy/routes/token.js';
import { publicClient } from '../../../support/proxy-settings.js';
import { usagePoint, worlds, type Answer, type World } from './world.js';

const grant = { client_id: publicClient, grant_type: deviceCodeGrant };

function refused({ status, body }: Answer, error: string): void {
  assert.equal(status, 400);
  assert.equal(body['error'], error);
}

describe('POST /device/token with a device code', () => {
  const open = worlds();
  let world: World;

  beforeEach(async () => {
    world = await open();
  });

  it('82, 83, 85: names the parameter that is missing', async () => {
    for (const form of [{}, { client_id: publicClient }, { grant_type: deviceCodeGrant }]) {
      const answer = await world.call('/device/token', { form });
      refused(answer, 'invalid_request');
      assert.equal(answer.body['error_description'], 'Missing client_id or grant_type');
    }
    const answer = await world.call('/device/token', { form: grant });
    refused(answer, 'invalid_request');
    assert.equal(answer.body['error_description'], 'Missing device_code');
  });

  it('11, 12: a parameter that is repeated, or an array, is refused', async () => {
    refused(await world.call('/device/token', { form: 'client_id=CID&client_id=CID' }), 'invalid_request');
    refused(await world.call('/device/token', { form: 'client_id[]=CID' }), 'invalid_request');
  });

  it('84: an unknown client is turned away', async () => {
    const { status, body } = await world.call('/device/token', { form: { ...grant, client_id: 'test' } });
    assert.equal(status, 401);
    assert.equal(body['error'], 'invalid_client');
  });

  it('87, 102: other grant types are not served', async () => {
    for (const type of ['test', 'authorization_code', 'client_credentials', '__proto__']) {
      refused(await world.call('/device/token', { form: { ...grant, grant_type: type } }), 'unsupported_grant_type');
    }
  });

  it('86, 94: whatever is no device code gets the same answer', async () => {
    const { userCode } = await world.begin();
    const answers = await Promise.all(
      ['1234', userCode, userCode.replace('-', ''), 'client_credentials', 'state:x'].map((code) => world.poll(code)),
    );
    for (const answer of answers) {
      refused(answer, 'invalid_grant');
      assert.equal(answer.text, answers[0]?.text);
    }
  });

  it('codes that nobody issued are counted by address, without a record for each', async () => {
    for (let count = 0; count < 12; count++) refused(await world.poll(`made-up-${count}`), 'invalid_grant');
    const { status, headers, body } = await world.poll('made-up');
    assert.equal(status, 429);
    assert.equal(body['error'], 'slow_down');
    assert.ok(Number(headers['retry-after']) >= 1);
  });

  it('88, 89, 90, 91: the first poll waits, one that comes too soon slows down', async () => {
    const { deviceCode } = await world.begin();
    refused(await world.poll(deviceCode), 'authorization_pending');
    world.now += 1000;
    const slowed = await world.poll(deviceCode);
    refused(slowed, 'slow_down');
    assert.equal(slowed.body['interval'], 10);
    world.now += 4000;
    refused(await world.poll(deviceCode), 'slow_down');
    world.now += 5000;
    refused(await world.poll(deviceCode), 'authorization_pending');
  });

  it('92: five seconds between polls are never too few', async () => {
    const { deviceCode } = await world.begin();
    for (let count = 0; count < 24; count++) {
      refused(await world.poll(deviceCode), 'authorization_pending');
      world.now += 5000;
    }
  });

  it('93: an expired code is told apart from an unknown one', async () => {
    const { deviceCode } = await world.begin();
    world.now += 301_000;
    refused(await world.poll(deviceCode), 'expired_token');
  });

  it('a refusal at Enedis is told', async () => {
    const { deviceCode } = await world.begin();
    const { records, secrets } = world.context;
    const id = secrets.hash('device_code', deviceCode);
    await records.deviceGrants.change(id, (value) => deny(value, 'refused_by_user', world.now));
    refused(await world.poll(deviceCode), 'access_denied');
  });

  it('95, 96, 97: tokens are given once', async () => {
    const { deviceCode } = await world.begin();
    await world.consent(deviceCode, [usagePoint, '98765432109876']);
    const { status, headers, body } = await world.poll(deviceCode);
    assert.equal(status, 200);
    assert.match(String(headers['cache-control']), /no-store/);
    assert.match(String(body['access_token']), /^[0-9a-f]{64}$/);
    assert.match(String(body['refresh_token']), /^[0-9a-f]{64}$/);
    assert.deepEqual(
      { ...body, access_token: '', refresh_token: '' },
      {
        access_token: '',
        refresh_token: '',
        token_type: 'Bearer',
        expires_in: 12_600,
        scope: '',
        usage_points_id: `${usagePoint},98765432109876`,
        usage_point_id: usagePoint,
      },
    );
    refused(await world.poll(deviceCode), 'invalid_grant');
  });

  it('99: what was approved in the last second can be fetched for two minutes', async () => {
    const { deviceCode } = await world.begin();
    world.now += 299_000;
    await world.consent(deviceCode);
    world.now += 119_000;
    assert.equal((await world.poll(deviceCode)).status, 200);
  });

  it('100: the code of another client is unknown', async () => {
    const shared = await open({ settings: { publicClients: { [publicClient]: 'One', other: 'Other' } } });
    const { deviceCode } = await shared.begin();
    await shared.consent(deviceCode);
    refused(await shared.poll(deviceCode, { client_id: 'other' }), 'invalid_grant');
    assert.equal((await shared.poll(deviceCode)).status, 200);
  });

  it('tells of the exchange by the last four digits only', async () => {
    const { access, refresh } = await world.dance();
    const event = world.events.find(({ name }) => name === 'redeemed');
    assert.deepEqual(event?.usagePoints, ['1234']);
    const told = JSON.stringify(world.events);
    for (const secret of [access, refresh, usagePoint]) assert.ok(!told.includes(secret));
  });

  it('tokens end with the consent', async () => {
    const { deviceCode } = await world.begin();
    await world.consent(deviceCode, [usagePoint], world.now + 3600_000);
    const { body } = await world.poll(deviceCode);
    assert.equal(body['expires_in'], 3600);
    world.now += 3600_000;
    refused(await world.refresh(String(body['refresh_token'])), 'invalid_grant');
  });
});

describe('POST /device/token in the authorization-code mode', () => {
  const open = worlds();
  let world: World;

  beforeEach(async () => {
    world = await open({ settings: { mode: 'authorization_code' } });
  });

  async function approved(answer: Readonly<Record<string, unknown>>): Promise<string> {
    const { deviceCode } = await world.begin();
    const { records, secrets } = world.context;
    const id = secrets.hash('device_code', deviceCode);
    const tokensSealed = await secrets.seal(JSON.stringify(answer), places.grantTokens(id));
    await records.deviceGrants.change(id, (value) => claim(value, world.now));
    await records.deviceGrants.change(id, (value) => approve(value, { consents: [], tokensSealed }, world.now));
    return deviceCode;
  }

  it('relays the answer of the upstream server, once', async () => {
    const answer = {
      access_token: 'a',
      refresh_token: 'r',
      token_type: 'Bearer',
      expires_in: 60,
      usage_point_id: '1;2',
    };
    const deviceCode = await approved(answer);
    const { status, body } = await world.poll(deviceCode);
    assert.equal(status, 200);
    assert.deepEqual(body, answer);
    refused(await world.poll(deviceCode), 'invalid_grant');
  });

  it('relays a refresh, as standard clients expect of the token endpoint', async () => {
    world.upstream.tokenAnswer = { status: 200, body: { access_token: 'next' } };
    const { status, body } = await world.refresh('theirs');
    assert.equal(status, 200);
    assert.deepEqual(body, { access_token: 'next' });
    assert.equal(world.upstream.tokenForms[0]?.['refresh_token'], 'theirs');
  });
});
