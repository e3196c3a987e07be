import assert from 'node:assert/strict';
import type { ProxyWorld } from '../../support/proxy-world.js';
import type { ServiceDocument } from '../../../simulator/enedis/gateway/service-document.js';
import { usualSwitches } from '../../../simulator/enedis/switches.js';
import { json } from '../../../simulator/shared/reply.js';
import { overBothStores } from './stores.js';
import {
  comeBack,
  confirmed,
  englishBrowser,
  generous,
  grantedPoints,
  pollError,
  pollLater,
  shows,
  startVisit,
  type Visit,
} from './visits.js';

const servicesPath = '/subscribed_services/v1';

describe('conformance 8.5: callback of Data Connect 2026', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let visit: Visit;
    /** Has not consented before. */
    let customer: string;
    let usagePoint: string;
    let customers = 0;

    before(async () => {
      world = await open({
        settings: { severalUsagePoints: false, consentFreshness: 1, limits: generous },
        enedis: { crowd: 40 },
      });
    });

    beforeEach(async () => {
      visit = await startVisit(world);
      chooseCustomer();
    });

    afterEach(() => {
      Object.assign(world.enedis.switches, usualSwitches());
    });

    function chooseCustomer(): void {
      customer = `crowd-${String(++customers)}`;
      usagePoint = world.enedis.customer(customer).usagePoints[0]?.id ?? '';
    }

    /** Consents at Enedis. @returns the address of the callback */
    function consent({ authorizeUrl }: Visit = visit): Promise<string> {
      return world.enedis.consent({ authorizeUrl, customer });
    }

    function autorisationOf(callback: string): string {
      return new URL(callback).searchParams.get('autorisation_id') ?? assert.fail(callback);
    }

    const servicesAsked = () => world.enedis.requests.to(/^\/subscribed_services\/v1\/?$/);
    const asked = () => servicesAsked().length;

    /** The services of this customer are these instead. */
    function editServices(edit: (service: ServiceDocument) => readonly ServiceDocument[]): void {
      const own = ({ pointId }: ServiceDocument): boolean => pointId === usagePoint;
      world.enedis.switches.editServices = (services) =>
        services.flatMap((service) => (own(service) ? edit(service) : [service]));
    }

    function servicesAnswer(status: number): void {
      world.enedis.switches.override = ({ path }) =>
        path.startsWith(servicesPath)
          ? json(status, { code: 'STM-ERR-0000008', message: 'raw upstream text' })
          : undefined;
    }

    it('61 · a usage point that only the address names is 400; no tokens ever, Enedis is not asked', async () => {
      const before = world.enedis.requests.all.length;
      const page = await comeBack(visit, { code: 'a', usage_point_id: usagePoint });
      shows(page, 400, /without a proof/);
      assert.equal(await pollError(world, visit), 'authorization_pending');
      world.clock.advance({ minutes: 10 });
      assert.equal(await pollError(world, visit), 'expired_token');
      assert.equal(world.enedis.requests.all.length, before);
    });

    it('62 · the services of the authorisation are asked for once, with the token of the application', async () => {
      const callback = await consent();
      const before = asked();
      await visit.browser.open(callback);
      const requests = servicesAsked().slice(before);
      assert.equal(requests.length, 1);
      const [{ method, path, headers, body } = assert.fail()] = requests;
      assert.equal(`${method} ${path.replace(/\/$/, '')}`, 'POST /subscribed_services/v1');
      assert.match(headers['content-type'] ?? '', /^application\/json/);
      assert.match(headers.authorization ?? '', /^Bearer \S+$/);
      assert.deepEqual(JSON.parse(body), {
        autorisationId: Number(autorisationOf(callback)),
        comptage: false,
        etatCode: ['ACTIF', 'DEMANDE'],
        serviceType: 'ACCES',
      });
    });

    it('63 · the device gets tokens for the usage point that Enedis names', async () => {
      await confirmed(visit.browser, await visit.browser.open(await consent()));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('64 · services that are there at the third look are found', async () => {
      world.enedis.switches.servicesEmptyFor = 2;
      const before = asked();
      await confirmed(visit.browser, await visit.browser.open(await consent()));
      assert.equal(asked() - before, 3);
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('65 · services that are not there yet: 503 that asks to reload, and a reload works', async () => {
      world.enedis.switches.servicesEmptyFor = 3;
      const callback = await consent();
      const page = await visit.browser.open(callback);
      shows(page, 503, /Reload this page/);
      assert.equal(page.headers['retry-after'], '5');
      assert.equal(await pollError(world, visit), 'authorization_pending');
      await confirmed(visit.browser, await visit.browser.open(callback));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    for (const status of [403, 401, 400]) {
      it(`66 · services that answer ${String(status)} are an error page, and no token comes of it`, async () => {
        const callback = await consent();
        servicesAnswer(status);
        const page = await visit.browser.open(callback);
        shows(page, 502, /would not confirm your consent/);
        assert.doesNotMatch(page.text, /raw upstream text/);
        assert.equal(await pollError(world, visit), 'authorization_pending');
      });
    }

    it('67 · what is no authorisation id is 400, and Enedis is not asked', async () => {
      const before = world.enedis.requests.all.length;
      for (const id of ['../../etc', '-1', '1e3', '99999999999999999999', '0', '4 2', '٤']) {
        shows(await comeBack(visit, { autorisation_id: id }), 400, /consent number/);
      }
      assert.equal(world.enedis.requests.all.length, before);
      await confirmed(visit.browser, await visit.browser.open(await consent()));
    });

    it('68 · services of another authorisation, of another kind, or that ended do not count', async () => {
      const pointId = '99999999999999';
      editServices((service) => [
        { ...service, id: `${service.id}1`, pointId, autorisation: { ...service.autorisation, autorisationId: 7 } },
        { ...service, id: `${service.id}2`, pointId, serviceCode: 'OPPENR' },
        { ...service, id: `${service.id}3`, pointId, etatCode: 'TERMINE' },
        { ...service, id: `${service.id}4`, pointId, etatCode: 'SUPPRIME' },
        service,
      ]);
      await confirmed(visit.browser, await visit.browser.open(await consent()));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('69 · two usage points are refused as ambiguous, unless the operator allows it; the same twice is one', async () => {
      const second = '99999999999998';
      editServices((service) => [service, { ...service, id: `${service.id}1` }]);
      await confirmed(visit.browser, await visit.browser.open(await consent()));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);

      chooseCustomer();
      editServices((service) => [service, { ...service, id: `${service.id}1`, pointId: second }]);
      const refused = await startVisit(world);
      shows(await refused.browser.open(await consent(refused)), 403, /several delivery points/);
      assert.equal(await pollError(world, refused), 'access_denied');

      const lenient = await open({ settings: { severalUsagePoints: true } });
      const allowed = await startVisit(lenient);
      const { authorizeUrl, browser } = allowed;
      lenient.enedis.switches.editServices = (services) =>
        services.flatMap((service) => [service, { ...service, id: `${service.id}1`, pointId: second }]);
      const callback = await lenient.enedis.consent({ authorizeUrl, customer: 'activated' });
      await confirmed(browser, await browser.open(callback));
      assert.deepEqual([...(await grantedPoints(lenient, allowed))].sort(), ['11453290002823', second]);
    });

    it('70 · a reload shows the same page; nothing is asked or given a second time', async () => {
      const callback = await consent();
      const first = await confirmed(visit.browser, await visit.browser.open(callback));
      const before = world.enedis.requests.all.length;
      const told = world.events.length;
      const again = await confirmed(visit.browser, await visit.browser.open(callback));
      assert.equal(again.text, first.text);
      assert.equal(world.enedis.requests.all.length, before);
      assert.equal(world.events.length, told);
      await grantedPoints(world, visit);
      await confirmed(visit.browser, await visit.browser.open(callback));
      assert.equal(await pollError(world, visit), 'invalid_grant');
    });

    it('71 · /auth/redirect_parent does the same', async () => {
      world.enedis.switches.parentCallback = true;
      const callback = await consent();
      assert.match(callback, /\/auth\/redirect_parent\?/);
      await confirmed(visit.browser, await visit.browser.open(callback));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('72 · a callback in another browser is 403 and changes nothing', async () => {
      const callback = await consent();
      const before = world.enedis.requests.all.length;
      const bare = englishBrowser(world);
      const other = englishBrowser(world);
      await other.open('/device');
      for (const browser of [bare, other]) shows(await browser.open(callback), 403, /another browser/);
      assert.equal(world.enedis.requests.all.length, before);
      assert.equal(await pollError(world, visit), 'authorization_pending');
      await confirmed(visit.browser, await visit.browser.open(callback));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('73 · an authorisation of a live consent is refused to a second session, and told to the operator', async () => {
      const callback = await consent();
      await confirmed(visit.browser, await visit.browser.open(callback));
      const thief = await startVisit(world);
      const page = await comeBack(thief, { autorisation_id: autorisationOf(callback) });
      shows(page, 403, /Already linked elsewhere/);
      assert.equal(await pollError(world, thief), 'access_denied');
      const event = world.events.at(-1);
      assert.deepEqual([event?.name, event?.reason], ['failed', 'consent_taken']);
      assert.match(page.text, new RegExp(event?.correlation ?? 'no reference'));
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('74 · a service that began 30 days ago does not come from this consent', async () => {
      editServices((service) => [{ ...service, dateDebut: '2026-10-21' }]);
      shows(await visit.browser.open(await consent()), 403, /was not given just now/);
      assert.equal(await pollError(world, visit), 'access_denied');
    });

    it('75 · the fourth authorisation id ends the state', async () => {
      const callback = await consent();
      servicesAnswer(403);
      for (const id of ['1', '2', '3']) assert.equal((await comeBack(visit, { autorisation_id: id })).status, 502);
      const before = asked();
      shows(await comeBack(visit, { autorisation_id: '4' }), 400, /Too many tries/);
      world.enedis.switches.override = undefined;
      shows(await visit.browser.open(callback), 400, /Too many tries/);
      assert.equal(asked(), before);
      assert.equal((await pollLater(world, visit)).status, 400);
    });

    it('76 · of parallel callbacks at two instances one asks Enedis, and all end on the same page', async () => {
      const second = (await world.addInstance()).browser(visit.browser.headers);
      for (const [name, value] of visit.browser.cookies) second.cookies.set(name, value);
      const callback = await consent();
      const before = asked();
      const browsers = [visit.browser, second, visit.browser, second];
      const pages = await Promise.all(browsers.map((browser) => browser.open(callback)));
      const last = await Promise.all(pages.map((page, index) => confirmed(browsers[index] ?? second, page)));
      assert.equal(new Set(last.map(({ text }) => text)).size, 1);
      assert.equal(asked() - before, 1);
      assert.deepEqual(await grantedPoints(world, visit), [usagePoint]);
    });

    it('81 · the last page has no token, usage point or state in its address or text, and leaks no Referer', async () => {
      const page = await visit.browser.open(await consent());
      assert.equal(page.status, 303);
      const last = await confirmed(visit.browser, page);
      assert.equal(last.url, 'https://p.test/auth/done');
      assert.equal(last.headers['referrer-policy'], 'no-referrer');
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
      const { accessToken, refreshToken } = world.tokens(await pollLater(world, visit));
      for (const secret of [visit.state, visit.deviceCode, usagePoint, accessToken, refreshToken]) {
        assert.ok(!last.text.includes(secret));
      }
    });
  });
});
