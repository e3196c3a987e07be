import assert from 'node:assert/strict';
import { settingsFromEnvironment } from '../../../lib/proxy/settings/environment.js';
import { SettingsError } from '../../../lib/proxy/settings/source.js';
import { formOf, publicClient, type ProxyWorld, type WireAnswer } from '../../support/proxy-world.js';
import { assertError, assertLimited } from './answers.js';
import { overBothStores } from './stores.js';

const least = { BASE_URL: 'https://p.test', CLIENT_ID: 'application', CLIENT_SECRET: 'secret' };
const path = '/device/code';

function limitsOf(requestsPerMinute: string) {
  return settingsFromEnvironment({ ...least, LIMIT_REQUESTS_PER_MINUTE: requestsPerMinute }).proxy.limits;
}

describe('conformance 8.3: POST /device/code', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let answer: WireAnswer;

    function ask(headers = world.newAddress()): Promise<WireAnswer> {
      return world.form(path, { client_id: publicClient }, headers);
    }

    before(async () => {
      world = await open({ settings: { limits: { codesPerMinuteGlobal: 10_000 } } });
      answer = await ask();
    });

    it('24 · no client_id is invalid_request', async () => {
      assertError(await world.form(path), 400, 'invalid_request', 'Missing client_id');
      assertError(await world.form(path, { client_id: '' }), 400, 'invalid_request', 'Missing client_id');
    });

    it('25 · the public client gets a code as JSON', () => {
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    });

    it('26 · device_code is 64 lower-case hexadecimal digits', () => {
      assert.match(String(answer.json['device_code']), /^[0-9a-f]{64}$/);
    });

    it('27 · user_code is two times four letters without I and O', () => {
      assert.match(String(answer.json['user_code']), /^[A-HJ-NP-Z]{4}-[A-HJ-NP-Z]{4}$/);
    });

    it('28 · none of 1000 user codes has a vowel', async () => {
      const codes = new Set<string>();
      for (let batch = 0; batch < 20; batch++) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
        for (const { json } of answers) codes.add(String(json['user_code']));
      }
      assert.equal(codes.size, 1000);
      for (const code of codes) assert.match(code, /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    });

    it('29 · the answer names the page, the life of the code and a whole number of seconds between polls', async () => {
      const { verification_uri: page, expires_in: life, interval } = answer.json;
      assert.equal(page, `${world.settings.publicUrl}/device`);
      assert.equal(life, 300);
      assert.equal(interval, 5);
      const longer = await open({ settings: { codeLifetime: 900 } });
      assert.equal((await longer.form(path, { client_id: publicClient })).json['expires_in'], 900);
    });

    it('30 · verification_uri_complete opens the page with the code filled in', async () => {
      const { verification_uri_complete: link, user_code: code } = answer.json;
      const page = await world.browser().open(String(link));
      assert.equal(page.status, 200);
      assert.equal(formOf(page).fields['code'], code);
    });

    it('31 · six requests a minute make an interval of 10 s', async () => {
      const slower = await open({ settings: { limits: limitsOf('6') } });
      assert.equal((await slower.form(path, { client_id: publicClient })).json['interval'], 10);
    });

    it('33 · an unknown client is invalid_client', async () => {
      assertError(await world.form(path, { client_id: 'unknown' }, world.newAddress()), 401, 'invalid_client');
    });

    it('34 · the 11th code of one address in a minute is 429 with Retry-After', async () => {
      const address = world.newAddress();
      for (let count = 0; count < 10; count++) assert.equal((await ask(address)).status, 200);
      const refused = await ask(address);
      assertLimited(refused);
      assert.equal((await ask()).status, 200);
      world.clock.advance({ seconds: Number(refused.headers['retry-after']) });
      assert.equal((await ask(address)).status, 200);
    });

    it('35 · two codes differ, and events carry neither', async () => {
      const answers = [await ask(), await ask()];
      const told = JSON.stringify(world.events);
      for (const member of ['device_code', 'user_code']) {
        const codes = answers.map(({ json }) => String(json[member]));
        assert.equal(new Set(codes).size, 2);
        for (const code of codes) assert.ok(!told.includes(code) && !told.includes(code.replace('-', '')), member);
      }
      assert.match(told, /"issued"/);
    });
  });

  it('32 · a limit of 0 requests a minute refuses to start and is named', () => {
    assert.throws(
      () => limitsOf('0'),
      (error) => error instanceof SettingsError && error.message.includes('LIMIT_REQUESTS_PER_MINUTE'),
    );
  });
});
