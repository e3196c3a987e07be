import assert from 'node:assert/strict';
import { startOAuthServer, type OAuthServer } from '../../support/oauth-server.js';
import { publicClient, type ProxyWorld, type WireAnswer } from '../../support/proxy-world.js';
import { assertError } from './answers.js';
import { overBothStores } from './stores.js';
import { codeModeSettings, confirmed, oauthServer, pollLater, startVisit } from './visits.js';

const path = '/device/proxy';

/** A server that was there and is gone. */
async function unreachable(): Promise<OAuthServer> {
  const server = await startOAuthServer();
  await server.close();
  return server;
}

describe('conformance 8.8: POST /device/proxy', () => {
  overBothStores((open) => {
    const oauth = oauthServer();
    let world: ProxyWorld;

    before(async () => {
      world = await open({ settings: codeModeSettings(oauth()) });
    });

    function refresh(refreshToken: string, at = world, more: Readonly<Record<string, string>> = {}) {
      const form = { client_id: publicClient, grant_type: 'refresh_token', refresh_token: refreshToken, ...more };
      return at.form(path, form, at.newAddress());
    }

    /** The refresh token of a finished dance. */
    async function refreshToken(): Promise<string> {
      const visit = await startVisit(world);
      await confirmed(visit.browser, await visit.browser.open(oauth().consent(visit.authorizeUrl)));
      return String((await pollLater(world, visit)).json['refresh_token']);
    }

    const lastRequest = () => oauth().requests.at(-1) ?? assert.fail('The token endpoint was not asked.');

    it('115 · the grant of the operator is not passed on', async () => {
      const before = oauth().requests.length;
      for (const grant of ['client_credentials', 'authorization_code', 'password']) {
        const form = { client_id: publicClient, grant_type: grant, code: 'x', refresh_token: 'x' };
        assertError(await world.form(path, form), 400, 'unsupported_grant_type');
      }
      assert.equal(oauth().requests.length, before);
    });

    it('116 · without the authorization-code mode there is no such address', async () => {
      const usual = await open();
      assertError(await refresh('x', usual), 404, 'invalid_request');
      assert.equal(usual.enedis.requests.all.length, 0);
    });

    it('117 · a refresh is relayed with the secret of the operator; redirect_uri only where one is set', async () => {
      const answer = await refresh(await refreshToken(), world, { client_secret: 'of the device', more: 'x' });
      assert.equal(answer.status, 200);
      const { region, token_type: type, refresh_token: next } = answer.json;
      assert.deepEqual([region, type], ['north', 'Bearer']);
      const { query, form } = lastRequest();
      assert.deepEqual([...query], [['redirect_uri', 'https://p.test/auth/redirect']]);
      assert.deepEqual([...form.keys()].sort(), ['client_id', 'client_secret', 'grant_type', 'refresh_token']);
      assert.equal(form.get('client_secret'), oauth().clientSecret);

      const { redirectUri, ...without } = codeModeSettings(oauth());
      assert.equal(redirectUri, 'https://p.test/auth/redirect');
      const plain = await open({ settings: without });
      assert.equal((await refresh(String(next), plain)).status, 200);
      assert.deepEqual([...lastRequest().query], []);
    });

    it('118 · a refusal keeps its status and its words', async () => {
      const answer: WireAnswer = await refresh('never issued');
      assertError(answer, 400, 'invalid_grant', 'The refresh token is unknown or used.');
    });

    it('119 · a server that cannot be reached is 502 as JSON', async () => {
      const lonely = await open({ settings: codeModeSettings(await unreachable()) });
      assertError(await refresh('x', lonely), 502, 'temporarily_unavailable');
    });
  });
});
