import assert from 'node:assert/strict';
import { publicClient } from '../../../support/proxy-settings.js';
import { worlds } from './world.js';

const form = { client_id: publicClient };

describe('POST /device/code', () => {
  const open = worlds();

  it('24: asks for the client id', async () => {
    const { status, body } = await (await open()).call('/device/code', { form: {} });
    assert.equal(status, 400);
    assert.deepEqual(body, { error: 'invalid_request', error_description: 'Missing client_id' });
  });

  it('25, 26, 27, 29, 30: gives both codes, the page, and whole numbers', async () => {
    const { status, headers, body } = await (await open()).call('/device/code', { form });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.match(String(headers['cache-control']), /no-store/);
    assert.match(String(body['device_code']), /^[0-9a-f]{64}$/);
    assert.match(String(body['user_code']), /^[A-HJ-NP-Z]{4}-[A-HJ-NP-Z]{4}$/);
    assert.equal(body['verification_uri'], 'https://p.test/device');
    assert.equal(body['verification_uri_complete'], `https://p.test/device?code=${String(body['user_code'])}`);
    assert.equal(body['expires_in'], 300);
    assert.equal(body['interval'], 5);
  });

  it('31: the interval follows from the requests allowed a minute', async () => {
    const world = await open({ settings: { limits: { requestsPerMinute: 6 } } });
    const { body } = await world.call('/device/code', { form });
    assert.equal(body['interval'], 10);
  });

  it('33: an unknown client is turned away with 401, or 400 for old clients', async () => {
    const strict = await (await open()).call('/device/code', { form: { client_id: 'other' } });
    assert.equal(strict.status, 401);
    assert.equal(strict.body['error'], 'invalid_client');
    const lenient = await open({ settings: { compatibility: { legacyClientStatus: true } } });
    const { status, body } = await lenient.call('/device/code', { form: { client_id: 'other' } });
    assert.equal(status, 400);
    assert.equal(body['error'], 'invalid_client');
  });

  it('turns away whoever claims to have a secret, and says how he may prove himself', async () => {
    const world = await open();
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const wrong = await world.call('/device/code', { form, headers: basic(`${publicClient}:secret`) });
    assert.equal(wrong.status, 401);
    assert.match(String(wrong.headers['www-authenticate']), /^Basic /);
    const empty = await world.call('/device/code', { form, headers: basic(`${publicClient}:`) });
    assert.equal(empty.status, 200);
  });

  it('34: the eleventh code of an address in a minute is refused, other addresses are not concerned', async () => {
    const world = await open();
    for (let count = 0; count < 10; count++) await world.begin();
    const { status, headers, body } = await world.call('/device/code', { form });
    assert.equal(status, 429);
    assert.equal(body['error'], 'slow_down');
    assert.ok(Number(headers['retry-after']) >= 1);
    assert.ok(world.events.some(({ name }) => name === 'limited'));
    assert.equal((await world.call('/device/code', { form, peer: '192.0.2.2' })).status, 200);
  });

  it('152: an address that the client made up does not get round the limit', async () => {
    const world = await open({ settings: { limits: { codesPerMinute: 1 } } });
    await world.begin();
    const { status } = await world.call('/device/code', { form, headers: { 'x-forwarded-for': '198.51.100.7' } });
    assert.equal(status, 429);
  });

  it('everybody together is limited too', async () => {
    const world = await open({ settings: { limits: { codesPerMinuteGlobal: 2 } } });
    const statuses: number[] = [];
    for (const peer of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      statuses.push((await world.call('/device/code', { form, peer })).status);
    }
    assert.deepEqual(statuses, [200, 200, 429]);
  });

  it('35: tells of a new code without naming it', async () => {
    const world = await open();
    const { deviceCode, userCode } = await world.begin();
    const told = JSON.stringify(world.events);
    assert.deepEqual(
      world.events.map(({ name, clientId }) => ({ name, clientId })),
      [{ name: 'issued', clientId: publicClient }],
    );
    assert.ok(!told.includes(deviceCode) && !told.includes(userCode));
  });

  it('keeps a secret that the device brings only where the server has none, and never in clear', async () => {
    const own = await open({ settings: { mode: 'authorization_code', pkce: true } });
    const { clientSecret, ...settings } = own.context.settings;
    assert.ok(clientSecret !== undefined);
    Object.assign(own.context, { settings });
    const { body } = await own.call('/device/code', { form: { ...form, client_secret: 'brought', scope: 'read' } });
    const grant = await own.context.records.deviceGrants.get(
      own.context.secrets.hash('device_code', String(body['device_code'])),
    );
    assert.ok(grant?.clientSecretSealed !== undefined && grant.pkceVerifierSealed !== undefined);
    assert.equal(grant.scope, 'read');
    assert.ok(!JSON.stringify(grant).includes('brought'));
  });

  it('refuses a scope that is no text of a scope', async () => {
    const { status, body } = await (await open()).call('/device/code', { form: { ...form, scope: 'a\nb' } });
    assert.equal(status, 400);
    assert.equal(body['error'], 'invalid_scope');
  });
});
