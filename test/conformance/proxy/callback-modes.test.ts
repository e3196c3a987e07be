import assert from 'node:assert/strict';
import { publicClient, type ProxyWorld } from '../../support/proxy-world.js';
import { overBothStores } from './stores.js';
import {
  codeModeSettings,
  comeBack,
  confirmed,
  englishBrowser,
  grantedPoints,
  oauthServer,
  pollError,
  pollLater,
  shows,
  startVisit,
  type Visit,
} from './visits.js';

const usagePoint = '12345678901234';

describe('conformance 8.5: callback without a consent', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let visit: Visit;

    before(async () => {
      world = await open();
    });

    beforeEach(async () => {
      visit = await startVisit(world);
    });

    it('52 · no parameters is 400', async () => {
      shows(await visit.browser.open('/auth/redirect'), 400, /Parameters are missing/);
    });

    it('53 · a state that nobody was given is 400', async () => {
      shows(await visit.browser.open('/auth/redirect?code=a&state=b'), 400, /state parameter is not valid/);
    });

    it('54 · an unknown error is shown as its code, without its text', async () => {
      const page = await visit.browser.open('/auth/redirect?error=testerror1&error_description=testerror2');
      shows(page, 400, /testerror1/);
      assert.doesNotMatch(page.text, /testerror2/);
    });

    it('55 · a refusal is told to the device', async () => {
      const page = await visit.browser.open(await world.enedis.refuse({ authorizeUrl: visit.authorizeUrl }));
      shows(page, 400, /You did not give your consent/);
      assert.equal(await pollError(world, visit), 'access_denied');
    });

    it('56 · an error without the state, with a foreign one or in another browser changes nothing', async () => {
      for (const query of ['', '&state=foreign', `&state=${(await startVisit(world)).state}`]) {
        const { status } = await visit.browser.open(`/auth/redirect?error=access_denied${query}`);
        assert.ok(status === 400 || status === 403);
      }
      const stranger = await comeBack({ ...visit, browser: englishBrowser(world) }, { error: 'access_denied' });
      assert.equal(stranger.status, 403);
      assert.equal(await pollError(world, visit), 'authorization_pending');
    });
  });
});

describe('conformance 8.5: callback of v1 with TRUST_CALLBACK_PRM', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let visit: Visit;

    before(async () => {
      world = await open({ settings: { compatibility: { trustCallbackUsagePoint: true } } });
    });

    beforeEach(async () => {
      visit = await startVisit(world);
    });

    it('57 · the page names the parameter that is missing', async () => {
      shows(await comeBack(visit, { code: 'a' }), 400, /usage_point_id/);
      assert.equal(await pollError(world, visit), 'authorization_pending');
    });

    it('58 · the device gets tokens for the usage point of the callback', async () => {
      await confirmed(visit.browser, await comeBack(visit, { code: 'a', usage_point_id: usagePoint }));
      const { json } = await pollLater(world, visit);
      assert.equal(json['usage_points_id'], usagePoint);
    });

    it('59 · several usage points are joined by commas', async () => {
      const both = `${usagePoint};10284856584123`;
      await confirmed(visit.browser, await comeBack(visit, { code: 'a', usage_point_id: both }));
      const { json } = await pollLater(world, visit);
      assert.equal(json['usage_points_id'], `${usagePoint},10284856584123`);
    });

    it('60 · what is no usage point is 400', async () => {
      for (const text of ['123', '1234567890123x', `${usagePoint}5`, `${usagePoint};x`, ';']) {
        shows(await comeBack(visit, { code: 'a', usage_point_id: text }), 400, /14 digits/);
      }
      assert.equal(await pollError(world, visit), 'authorization_pending');
      await confirmed(visit.browser, await comeBack(visit, { code: 'a', usage_point_id: usagePoint }));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });
  });
});

describe('conformance 8.5: callback in the authorization-code mode', () => {
  overBothStores((open) => {
    const oauth = oauthServer();
    let world: ProxyWorld;
    let visit: Visit;

    before(async () => {
      world = await open({ settings: codeModeSettings(oauth()) });
    });

    beforeEach(async () => {
      visit = await startVisit(world);
    });

    it('77 · an error of the token endpoint is an error page without its text, and ends the dance', async () => {
      oauth().answerNext({ status: 400, body: { error: 'invalid_grant', error_description: 'raw upstream text' } });
      const page = await visit.browser.open(oauth().consent(visit.authorizeUrl));
      shows(page, 502, /did not grant the access/);
      assert.doesNotMatch(page.text, /raw upstream text/);
      assert.equal(await pollError(world, visit), 'invalid_grant');
    });

    it('78 · the device gets the members of the upstream answer and the usage point beside them', async () => {
      const callback = oauth().consent(visit.authorizeUrl, { usage_point_id: usagePoint });
      await confirmed(visit.browser, await visit.browser.open(callback));
      const { status, json } = await pollLater(world, visit);
      assert.equal(status, 200);
      const { access_token: access, refresh_token: refresh, ...others } = json;
      assert.match(String(access), /^[0-9a-f]{32}$/);
      assert.match(String(refresh), /^[0-9a-f]{32}$/);
      assert.deepEqual(others, {
        token_type: 'Bearer',
        expires_in: 3600,
        region: 'north',
        usage_point_id: usagePoint,
      });
    });

    it('79 · a token in the address of the callback is not the one that the device gets', async () => {
      const evil = { access_token: 'evil', token_type: 'evil', region: 'evil', more: 'evil' };
      await confirmed(visit.browser, await visit.browser.open(oauth().consent(visit.authorizeUrl, evil)));
      const { status, text, json } = await pollLater(world, visit);
      assert.equal(status, 200);
      assert.doesNotMatch(text, /evil/);
      assert.match(String(json['access_token']), /^[0-9a-f]{32}$/);
    });

    it('80 · the exchange names REDIRECT_URI and the secret of the operator, not that of the device', async () => {
      const brought = await startVisit(world, { client_secret: 'of the device' });
      await confirmed(brought.browser, await brought.browser.open(oauth().consent(brought.authorizeUrl)));
      const { form } = oauth().requests.at(-1) ?? assert.fail();
      assert.equal(form.get('grant_type'), 'authorization_code');
      assert.equal(form.get('redirect_uri'), world.settings.redirectUri);
      assert.deepEqual(form.getAll('client_secret'), [oauth().clientSecret]);
      assert.notEqual(form.get('client_id'), publicClient);
    });
  });
});
