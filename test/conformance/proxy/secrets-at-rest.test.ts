import assert from 'node:assert/strict';
import { publicClient, type ProxyWorld } from '../../support/proxy-world.js';
import { dumpOf, newCustomer, overBothStores } from './stores.js';

/** What must not stand in a dump, by what it is. */
type Secrets = Record<string, string | undefined>;

const day = { start: '2026-11-01', end: '2026-11-08' };

/** Asserts that a dump holds the grant as it is at the moment, and no secret of the flow. */
async function assertSealed(world: ProxyWorld, secrets: Secrets, status: string): Promise<void> {
  const dump = (await dumpOf(world)).toLowerCase();
  assert.ok(dump.includes(`"clientid":"${publicClient.toLowerCase()}"`), 'the dump holds no records');
  assert.ok(dump.includes(`"status":"${status}"`), `the dump holds no grant that is ${status}`);
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret, `${name} is not known`);
    assert.ok(!dump.includes(secret.toLowerCase()), `${status}: ${name} stands in the store`);
  }
}

describe('conformance 8.6: what a thief of the store learns', () => {
  overBothStores((open) => {
    it('101 · no code, token, state, secret, cookie or usage point stands in the store, at any moment', async () => {
      const world = await open();
      const { settings, enedis } = world;
      const customer = newCustomer(world);
      const [usagePoint] = enedis.customer(customer).usagePoints;
      const code = await world.begin();
      const secrets: Secrets = {
        'device code': code.deviceCode,
        'user code': code.userCode,
        'user code without hyphen': code.userCode.replace('-', ''),
        'client secret': settings.clientSecret,
        'usage point': usagePoint?.id,
      };
      await assertSealed(world, secrets, 'pending');

      const browser = world.browser();
      const authorizeUrl = await world.enter(code.userCode, browser);
      secrets['state'] = new URL(authorizeUrl).searchParams.get('state') ?? undefined;
      for (const [name, value] of browser.cookies) secrets[`cookie ${name}`] = value;
      await assertSealed(world, secrets, 'authorizing');

      await browser.follow(await browser.open(await enedis.consent({ authorizeUrl, customer })));
      await assertSealed(world, secrets, 'approved');

      const first = world.tokens(await world.poll(code.deviceCode));
      const second = world.tokens(await world.refresh(first.refreshToken));
      const query = { usage_point_id: usagePoint?.id ?? '', ...day };
      const data = await world.data(second.accessToken, 'metering_data_dc/v5/daily_consumption', query);
      assert.equal(data.status, 200, data.text);
      for (const [name, { accessToken, refreshToken }] of Object.entries({ first, second })) {
        Object.assign(secrets, { [`${name} access token`]: accessToken, [`${name} refresh token`]: refreshToken });
      }
      const bearers = enedis.requests.all.map(({ headers }) => /^Bearer (.+)/.exec(headers.authorization ?? '')?.[1]);
      for (const bearer of new Set(bearers.filter(Boolean))) secrets['application token'] = bearer;
      assert.ok(secrets['application token']);
      await assertSealed(world, secrets, 'redeemed');
    });

    it('101 · a client secret that a device brought is sealed', async () => {
      // The proxy has no secret of its own here; the world gives it one unless told that there is none.
      const settings: object = { mode: 'authorization_code', pkce: true, clientSecret: undefined };
      const world = await open({ settings });
      const secret = 'brought-by-the-device';
      const answer = await world.form('/device/code', { client_id: publicClient, client_secret: secret });
      assert.equal(answer.status, 200, answer.text);
      await assertSealed(world, { 'client secret of the device': secret }, 'pending');
    });
  });
});
