import assert from 'node:assert/strict';
import { deviceCodeGrant } from '../../../lib/proxy/routes/token.js';
import { publicClient, type DeviceCode, type ProxyInstance, type ProxyWorld } from '../../support/proxy-world.js';
import type { WireAnswer } from '../../support/proxy-world.js';
import { assertError } from './answers.js';
import { newCustomer, overBothStores } from './stores.js';

const path = '/device/token';
const secondClient = 'CID-2';
const wholeAnswer = ['access_token', 'expires_in', 'refresh_token', 'scope', 'token_type', 'usage_points_id'];

describe('conformance 8.6: polling', () => {
  overBothStores((open) => {
    let world: ProxyWorld;

    before(async () => {
      const publicClients = { [publicClient]: 'DomoticzLinky', [secondClient]: 'Another' };
      world = await open({ settings: { publicClients } });
    });

    function ask(members: Record<string, string>): Promise<WireAnswer> {
      return world.form(path, members, world.newAddress());
    }

    /** Somebody consents to a code. */
    async function consentTo(code: DeviceCode): Promise<void> {
      const browser = world.browser();
      const authorizeUrl = await world.enter(code.userCode, browser);
      const callback = await world.enedis.consent({ authorizeUrl, customer: newCustomer(world) });
      const page = await browser.follow(await browser.open(callback));
      assert.equal(page.status, 200, page.text);
    }

    async function approvedCode(): Promise<DeviceCode> {
      const code = await world.begin();
      await consentTo(code);
      return code;
    }

    /** Redeems a code many times at once, the instances in turn. @returns how many were given tokens */
    async function redeemAtOnce(times: number, instances: readonly ProxyInstance[]): Promise<number> {
      const { deviceCode } = await approvedCode();
      const redeemedBefore = world.events.filter(({ name }) => name === 'redeemed').length;
      const polls = Array.from({ length: times }, (_, index) =>
        world.poll(deviceCode, instances[index % instances.length]),
      );
      const answers = await Promise.all(polls);
      const [given, others] = [answers.filter(({ status }) => status === 200), answers.filter((a) => a.status !== 200)];
      for (const answer of others) assertError(answer, 400, 'invalid_grant');
      assert.equal(world.events.filter(({ name }) => name === 'redeemed').length, redeemedBefore + given.length);
      return given.length;
    }

    it('82 · no parameters is invalid_request', async () => {
      assertError(await ask({}), 400, 'invalid_request', 'Missing client_id or grant_type');
    });

    it('83 · only one of client_id and grant_type is invalid_request', async () => {
      for (const members of [{ client_id: publicClient }, { grant_type: deviceCodeGrant }]) {
        assertError(await ask(members), 400, 'invalid_request', 'Missing client_id or grant_type');
      }
    });

    it('84 · an unknown client is invalid_client', async () => {
      assertError(await ask({ client_id: 'test', grant_type: deviceCodeGrant }), 401, 'invalid_client');
    });

    it('85 · no device_code is invalid_request', async () => {
      const answer = await ask({ client_id: publicClient, grant_type: deviceCodeGrant });
      assertError(answer, 400, 'invalid_request', 'Missing device_code');
    });

    it('86 · an unknown device_code is invalid_grant', async () => {
      const members = { client_id: publicClient, grant_type: deviceCodeGrant, device_code: '1234' };
      assertError(await ask(members), 400, 'invalid_grant');
    });

    it('87 · another grant type is unsupported_grant_type', async () => {
      assertError(await ask({ client_id: publicClient, grant_type: 'test' }), 400, 'unsupported_grant_type');
    });

    it('88 · a code that nobody has approved is authorization_pending', async () => {
      const { deviceCode, userCode } = await world.begin();
      world.clock.advance({ seconds: 5 });
      assertError(await world.poll(deviceCode), 400, 'authorization_pending');
      await world.enter(userCode, world.browser());
      world.clock.advance({ seconds: 5 });
      assertError(await world.poll(deviceCode), 400, 'authorization_pending');
    });

    it('89 · a first poll at once is authorization_pending', async () => {
      const { deviceCode } = await world.begin();
      assertError(await world.poll(deviceCode), 400, 'authorization_pending');
    });

    it('90 · a poll one second after the first is slow_down', async () => {
      const { deviceCode } = await world.begin();
      await world.poll(deviceCode);
      world.clock.advance({ seconds: 1 });
      assertError(await world.poll(deviceCode), 400, 'slow_down');
    });

    it('91 · slow_down makes the interval longer, and refused polls do not move it', async () => {
      const { deviceCode } = await world.begin();
      await world.poll(deviceCode);
      world.clock.advance({ seconds: 1 });
      assert.equal((await world.poll(deviceCode)).json['interval'], 10);
      world.clock.advance({ seconds: 4 });
      assertError(await world.poll(deviceCode), 400, 'slow_down');
      world.clock.advance({ seconds: 5 });
      assertError(await world.poll(deviceCode), 400, 'authorization_pending');
    });

    it('92 · twelve polls a minute, five seconds apart, are never slow_down', async () => {
      const { deviceCode } = await world.begin();
      for (let count = 0; count < 12; count++) {
        assertError(await world.poll(deviceCode), 400, 'authorization_pending');
        world.clock.advance({ seconds: 5 });
      }
    });

    it('93 · a code past its life is expired_token, ten minutes later still', async () => {
      const { deviceCode } = await world.begin();
      world.clock.advance({ seconds: 299 });
      assertError(await world.poll(deviceCode), 400, 'authorization_pending');
      world.clock.advance({ seconds: 1 });
      assertError(await world.poll(deviceCode), 400, 'expired_token');
      world.clock.advance({ minutes: 10 });
      assertError(await world.poll(deviceCode), 400, 'expired_token');
    });

    it('94 · a user code or the name of a record as device_code is an unknown code like any other', async () => {
      const { userCode } = await world.begin();
      const authorizeUrl = new URL(await world.enter(userCode, world.browser()));
      const state = authorizeUrl.searchParams.get('state') ?? '';
      const unknown = await world.poll('0'.repeat(64));
      assertError(unknown, 400, 'invalid_grant');
      for (const text of [userCode.replace('-', ''), userCode, 'client_credentials', `state:${state}`, state]) {
        const answer = await world.poll(text);
        assert.deepEqual([answer.status, answer.text], [unknown.status, unknown.text]);
      }
    });

    it('95 · an approved code gives tokens with the members of the PHP server', async () => {
      const code = await world.begin();
      const browser = world.browser();
      const customer = newCustomer(world);
      const authorizeUrl = await world.enter(code.userCode, browser);
      await browser.follow(await browser.open(await world.enedis.consent({ authorizeUrl, customer })));
      const { status, json, headers } = await world.poll(code.deviceCode);
      assert.equal(status, 200);
      assert.match(headers['content-type'] ?? '', /^application\/json/);
      for (const member of wholeAnswer) assert.ok(member in json, member);
      assert.match(String(json['access_token']), /^[0-9a-f]{64}$/);
      assert.match(String(json['refresh_token']), /^[0-9a-f]{64}$/);
      assert.equal(json['token_type'], 'Bearer');
      assert.equal(json['expires_in'], 12_600);
      assert.equal(json['scope'], '');
      assert.equal(json['usage_points_id'], world.enedis.customer(customer).usagePoints[0]?.id);
    });

    it('96 · usage_point_id names the usage point too', async () => {
      const { json } = await world.poll((await approvedCode()).deviceCode);
      assert.match(String(json['usage_point_id']), /^\d{14}$/);
      assert.equal(json['usage_point_id'], json['usage_points_id']);
    });

    it('97 · a code that was redeemed is invalid_grant', async () => {
      const { deviceCode } = await approvedCode();
      assert.equal((await world.poll(deviceCode)).status, 200);
      assertError(await world.poll(deviceCode), 400, 'invalid_grant');
    });

    it('98 · of 20 and of 200 redeems at once on two instances, one is given tokens', async () => {
      const instances = [world.first, await world.addInstance()];
      assert.equal(await redeemAtOnce(20, instances), 1);
      assert.equal(await redeemAtOnce(200, instances), 1);
    });

    it('99 · what was approved can be redeemed for two minutes, also past the life of the code', async () => {
      const codes = [await world.begin(), await world.begin()];
      world.clock.advance({ seconds: 290 });
      for (const code of codes) await consentTo(code);
      const [inTime, late] = codes;
      world.clock.advance({ seconds: 119 });
      assert.equal((await world.poll(inTime?.deviceCode ?? '')).status, 200);
      world.clock.advance({ seconds: 2 });
      assertError(await world.poll(late?.deviceCode ?? ''), 400, 'expired_token');
    });

    it('100 · the code of another client is invalid_grant, and is not used up by it', async () => {
      const { deviceCode } = await approvedCode();
      const members = { client_id: secondClient, grant_type: deviceCodeGrant, device_code: deviceCode };
      assertError(await ask(members), 400, 'invalid_grant');
      assert.equal((await world.poll(deviceCode)).status, 200);
    });

    it('102 · authorization_code is unsupported_grant_type, with a secret or without', async () => {
      const members = { client_id: publicClient, grant_type: 'authorization_code', code: 'x' };
      assertError(await ask(members), 400, 'unsupported_grant_type');
      const { clientSecret = '' } = world.settings;
      assertError(await ask({ ...members, client_secret: clientSecret }), 400, 'unsupported_grant_type');
    });
  });
});
