import assert from 'node:assert/strict';
import { createUpstream } from '../../../lib/proxy/upstream/create.js';
import { usualSwitches } from '../../../simulator/enedis/switches.js';
import { json, reply, type Reply } from '../../../simulator/shared/reply.js';
import { proxyKeys } from '../../support/proxy-settings.js';
import { ProxyInstance } from '../../support/proxy/instance.js';
import type { ProxyWorld } from '../../support/proxy-world.js';
import { serve } from '../../support/server.js';
import { assertError } from './answers.js';
import { dailyPath, holderOf, read, type Holder } from './readings.js';
import { overBothStores } from './stores.js';
import { generous } from './visits.js';

const resource = '/mesure_synchrone_auto/v2/consommation_quotidienne';

describe('conformance 8.9: data proxy, in front of Enedis', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    let holder: Holder;
    let crowd = 0;
    let tokenRequests: number;
    let asked: number;

    before(async () => {
      world = await open({ settings: { limits: generous }, enedis: { crowd: 30 } });
    });

    beforeEach(async () => {
      world.clock.advance({ minutes: 2 });
      holder = await holderOf(world, `crowd-${String(++crowd)}`);
      // Older than the minute in which a token is not renewed again.
      world.clock.advance({ minutes: 2 });
      tokenRequests = world.enedis.tokenRequests;
      asked = calls();
    });

    afterEach(() => {
      Object.assign(world.enedis.switches, usualSwitches(), { unsubscribed: new Set() });
      world.enedis.faults.clear();
    });

    function calls(): number {
      return world.enedis.requests.to(resource).length;
    }

    /** How often Enedis was asked for data and for a token in this test. */
    function counts(): { readonly data: number; readonly tokens: number } {
      return { data: calls() - asked, tokens: world.enedis.tokenRequests - tokenRequests };
    }

    /** Data are answered so, as long as the function gives an answer. */
    function answerData(answer: (authorization: string) => Reply | undefined): void {
      world.enedis.switches.override = ({ path, headers }) =>
        path === resource ? answer(headers.authorization ?? '') : undefined;
    }

    it('139 · a 403 that does not name its cause renews the token once and is tried once more', async () => {
      const refused = new Set<string>();
      answerData((authorization) => {
        const isFirst = refused.size === 0 || refused.has(authorization);
        refused.add(authorization);
        return isFirst ? reply(403, '') : undefined;
      });
      assert.equal((await read(world, holder)).status, 200);
      assert.deepEqual(counts(), { data: 2, tokens: 1 });

      world.clock.advance({ minutes: 2 });
      answerData(() => reply(403, ''));
      assertError(await read(world, holder), 502, 'enedis_error_403');
      assert.deepEqual(counts(), { data: 4, tokens: 2 });
    });

    it('140 · ten usage points that answer 403 in one minute renew the token once at most', async () => {
      const holders = [holder];
      while (holders.length < 10) holders.push(await holderOf(world, `crowd-${String(++crowd)}`));
      world.clock.advance({ minutes: 2 });
      tokenRequests = world.enedis.tokenRequests;
      answerData(() => reply(403, ''));
      for (const each of holders) assert.equal((await read(world, each)).status, 502);
      assert.ok(counts().tokens <= 1);
      world.enedis.switches.override = undefined;
      for (const { usagePoint } of holders) world.enedis.revokeConsent(usagePoint);
      const before = world.enedis.tokenRequests;
      for (const each of holders) assertError(await read(world, each), 403, 'ADAM-DC-0008');
      assert.equal(world.enedis.tokenRequests, before);
    });

    it('141 · a token that Enedis forgot is renewed once; a second 401 is 502', async () => {
      world.enedis.revokeTokens();
      assert.equal((await read(world, holder)).status, 200);
      assert.deepEqual(counts(), { data: 2, tokens: 1 });
      world.clock.advance({ minutes: 2 });
      answerData(() => json(401, { code: '900901', message: 'Invalid Credentials', description: '' }));
      const answer = await read(world, holder);
      assert.equal(answer.status, 502);
      assert.deepEqual(counts(), { data: 4, tokens: 2 });
    });

    it('142 · an interface that the operator did not subscribe is 502 upstream_misconfigured', async () => {
      world.enedis.switches.unsubscribed.add('mesure_synchrone_auto');
      assertError(await read(world, holder), 502, 'upstream_misconfigured');
      assert.equal(counts().tokens, 0);
    });

    it('143 · a quota is tried once more if it passes within a second, then told with its time', async () => {
      world.enedis.switches.quotas = { perSecond: 0 };
      const second = await read(world, holder);
      assert.equal(second.status, 429);
      assert.equal(second.headers['retry-after'], '1');
      assert.equal(counts().data, 2);
      world.enedis.switches.quotas = { perHour: 0 };
      const hour = await read(world, holder);
      assert.equal(hour.status, 429);
      assert.equal(hour.headers['retry-after'], String(3600 - ((world.clock.now() / 1000) % 3600)));
      assert.equal(counts().data, 3);
    });

    it('144 · an Enedis that does not answer in time is 504', async () => {
      const { context } = world.first.proxy;
      const { settings } = world;
      // The time of a real proxy is 30 s.
      const upstream = createUpstream({ ...context, timeout: 300 });
      const { store, clock } = world;
      const hasty = await ProxyInstance.start({ settings, store, keys: proxyKeys, now: clock.now, upstream });
      world.instances.push(hasty);
      world.enedis.faults.add({ kind: 'hang' }, { path: resource });
      const { accessToken, usagePoint } = holder;
      const query = { usage_point_id: usagePoint, start: '2026-11-01', end: '2026-11-08' };
      assertError(await world.data(accessToken, dailyPath, query, hasty), 504, 'temporarily_unavailable');
    });

    it('145 · a redirection to another host is not followed', async () => {
      const other = await serve((_request, response) => response.end('{}'));
      try {
        answerData(() => reply(302, '', undefined, { Location: other.url.href }));
        assertError(await read(world, holder), 502, 'temporarily_unavailable');
        assert.equal(other.connections, 0);
      } finally {
        await other.close();
      }
    });

    it('146 · a life of the token that is written as a text counts, and the token is used again', async () => {
      world.clock.advance({ hours: 4 });
      world.enedis.switches.expiresInAsText = true;
      const next = await holderOf(world, `crowd-${String(++crowd)}`);
      assert.equal((await read(world, next)).status, 200);
      world.clock.advance({ hours: 3 });
      assert.equal((await read(world, next)).status, 200);
      assert.equal(counts().tokens, 1);
    });

    it('147 · a token with 100 s left is renewed before it is used', async () => {
      world.clock.advance({ hours: 4 });
      const next = await holderOf(world, `crowd-${String(++crowd)}`);
      assert.equal(counts().tokens, 1);
      world.clock.advance({ seconds: 12_600 - 130 });
      assert.equal((await read(world, next)).status, 200);
      assert.equal(counts().tokens, 1);
      world.clock.advance({ seconds: 30 });
      assert.equal((await read(world, next)).status, 200);
      assert.equal(counts().tokens, 2);
    });
  });
});

describe('conformance 8.9: data proxy, several instances on one store', () => {
  overBothStores((open) => {
    it('148 · 50 parallel calls at two instances that have no token of Enedis yet make one token request', async () => {
      const world = await open({
        settings: {
          // Nothing is asked of Enedis in the dance itself, so that the first call of all is one for data.
          compatibility: { trustCallbackUsagePoint: true },
          limits: { ...generous, requestsPerMinute: 1000 },
        },
      });
      const second = await world.addInstance();
      const usagePoint = '22516914714270';
      await world.enedis.consent({ authorizeUrl: world.enedis.authorizeUrl({ state: 'x' }), customer: usagePoint });
      const code = await world.begin();
      const browser = world.browser();
      const state = new URL(await world.enter(code.userCode, browser)).searchParams.get('state') ?? '';
      const query = new URLSearchParams({ state, code: 'x', usage_point_id: usagePoint });
      await browser.follow(await browser.open(`/auth/redirect?${query.toString()}`));
      const { accessToken } = world.tokens(await world.poll(code.deviceCode));
      assert.equal(world.enedis.tokenRequests, 0);

      const week = { usage_point_id: usagePoint, start: '2026-11-01', end: '2026-11-08' };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          world.data(accessToken, dailyPath, week, index % 2 === 0 ? world.first : second),
        ),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.equal(world.enedis.tokenRequests, 1);
      assert.equal(world.enedis.requests.to(resource).length, 50);
    });
  });
});
