import assert from 'node:assert/strict';
import { addDays } from '../../../lib/linky/paris.js';
import { usualSwitches } from '../../../simulator/enedis/switches.js';
import { usualCustomers } from '../../../simulator/enedis/model/customers.js';
import type { DirectionDay } from '../../../simulator/enedis/model/meter.js';
import { json, reply, type Reply } from '../../../simulator/shared/reply.js';
import { DomoticzLinky, type Direction } from '../../support/domoticz.js';
import { publicClient, type ProxyWorld } from '../../support/proxy-world.js';
import { overBothStores } from './stores.js';
import { confirmed, englishBrowser } from './visits.js';

/** Noon in Paris, in the spring after both changes of clocks. */
const start = Date.UTC(2027, 3, 5, 10);
const [autumn, spring] = ['2026-10-25', '2027-03-28'];
const hourDays = 165;
/** Consumes and produces. */
const sellers = ['60001234500010', '60001234500027'] as const;

/** The mean powers of the hours of a day, of half-hours. */
function truth({ powers }: DirectionDay): number[] {
  return powers.flatMap((power, index) => (index % 2 === 0 ? [(power + (powers[index + 1] ?? 0)) / 2] : []));
}

describe('conformance 8.10: a client that behaves as DomoticzLinky 2.6.0, unchanged, on Data Connect 2026', () => {
  overBothStores((open) => {
    let world: ProxyWorld;
    const plugins: DomoticzLinky[] = [];
    /** How much later it is in truth than the plugins believe, ms. */
    let behind = 0;

    before(async () => {
      const selling = sellers.map((id) => ({ id: `seller ${id}`, usagePoints: [{ id, production: 6 }] }));
      const customers = [...usualCustomers('2027-04-05'), ...selling];
      world = await open({ start, enedis: { switches: { legacyOff: true }, customers } });
    });

    after(() => {
      for (const plugin of plugins) plugin.close();
    });

    afterEach(() => {
      behind = 0;
      world.enedis.faults.clear();
      Object.assign(world.enedis.switches, usualSwitches(), { legacyOff: true });
    });

    function install(days = 7): DomoticzLinky {
      const plugin = new DomoticzLinky({
        port: world.first.server.port,
        host: 'p.test',
        clientId: publicClient,
        now: () => world.clock.now() - behind,
        pass: (milliseconds) => {
          world.clock.advance({ seconds: milliseconds / 1000 });
        },
        hourDays: days,
        dailyDays: 1095,
        minute: 17,
      });
      plugins.push(plugin);
      return plugin;
    }

    /** Domoticz calls the plugin every ten seconds until something has happened; if nothing is due for long, faster. */
    async function live(plugin: DomoticzLinky, until: () => boolean, step = 10): Promise<void> {
      for (let beats = 0; beats < 300; beats++) {
        await plugin.heartbeat();
        if (until()) return;
        world.clock.advance({ seconds: step });
      }
      assert.fail(`It does not happen. ${plugin.log.join('\n')}`);
    }

    async function link(plugin: DomoticzLinky, customer: string): Promise<void> {
      await live(plugin, () => plugin.link !== undefined);
      const browser = englishBrowser(world);
      const page = await browser.submit(await browser.open(plugin.link ?? ''));
      const authorizeUrl = page.location ?? assert.fail(page.text);
      // Some polls come before the customer is through.
      const polls = plugin.exchanges.length + 3;
      await live(plugin, () => plugin.exchanges.length >= polls);
      await confirmed(browser, await browser.open(await world.enedis.consent({ authorizeUrl, customer })));
      await live(plugin, () => plugin.tokens.held);
    }

    /** A plugin that has read everything once. */
    async function running(customer: string, days = 7): Promise<DomoticzLinky> {
      const plugin = install(days);
      await link(plugin, customer);
      await live(plugin, () => plugin.cycles === 1);
      return plugin;
    }

    /** Domoticz goes on until the cycle of the next morning ended. */
    async function nextMorning(plugin: DomoticzLinky): Promise<void> {
      const { cycles } = plugin;
      world.clock.advance({ hours: 16 });
      await live(plugin, () => plugin.cycles > cycles || plugin.isStopped, 600);
    }

    function statuses(plugin: DomoticzLinky, path = /^\/data\/proxy\//): number[] {
      return plugin.exchanges.filter((exchange) => path.test(exchange.path)).map(({ status }) => status);
    }

    function assertHours(plugin: DomoticzLinky, usagePoint: string, direction: Direction, days: number): void {
      const stored = plugin.point(usagePoint).hours[direction];
      assert.equal(stored.days.length, days);
      for (const day of stored.days) {
        const hours = stored.of(day);
        const measured = truth(world.enedis.measured(usagePoint, day)[direction]);
        assert.deepEqual(
          hours.map(({ watts }) => watts),
          measured,
          day,
        );
        assert.equal(hours.at(-1)?.at, `${addDays(day, 1)} 00:00:00`);
        assert.ok(stored.isComplete(day), day);
      }
    }

    it('154 · code, link, consent, polls, data: what it stores is what the meter measured', async () => {
      const plugin = install(hourDays);
      await link(plugin, 'self-consumption');
      assert.equal(plugin.connection.opened, 1);
      assert.deepEqual(new Set(statuses(plugin, /token$/)), new Set([400, 200]));
      const usagePoint = world.enedis.customer('self-consumption').usagePoints[0]?.id ?? '';
      assert.deepEqual(plugin.tokens.usagePoints, [usagePoint]);
      await live(plugin, () => plugin.cycles === 1);

      assert.deepEqual([...new Set(statuses(plugin))], [200]);
      const point = plugin.point(usagePoint);
      assert.equal(point.none.size, 0);
      for (const direction of ['consumption', 'production'] as const) {
        assertHours(plugin, usagePoint, direction, hourDays);
        const { hours, daily } = point;
        assert.equal(hours[direction].of(autumn).length, 25);
        assert.equal(hours[direction].of(spring).length, 23);
        assert.equal(daily[direction].size, 1095);
        for (const [day, energy] of daily[direction]) {
          assert.equal(energy, world.enedis.measured(usagePoint, day)[direction].energy, day);
        }
      }
      assert.equal(point.powers.size, 1095);
      assert.equal(Math.max(...point.powers.values()), highestPeak(usagePoint));
    });

    function highestPeak(usagePoint: string): number {
      const days = Array.from({ length: 1095 }, (_, index) => addDays('2027-04-04', -index));
      return Math.max(...days.map((day) => world.enedis.measured(usagePoint, day).consumption.peak));
    }

    it('154 · the next morning it refreshes ahead of time and reads what is new', async () => {
      const plugin = await running('consumption');
      const before = plugin.exchanges.length;
      await nextMorning(plugin);
      const [first, ...others] = plugin.exchanges.slice(before);
      assert.deepEqual(first, { method: 'POST', path: '/device/token', status: 200 });
      assert.deepEqual([...new Set(others.map(({ status }) => status))], [200]);
      assertHours(plugin, '22516914714270', 'consumption', 8);
    });

    it('154 · a meter that produces nothing is remembered as such, one that only produces likewise', async () => {
      const consumer = await running('activated');
      assert.deepEqual([...consumer.point('11453290002823').none], ['production']);
      assertHours(consumer, '11453290002823', 'consumption', 7);
      const producer = await running('production');
      assert.deepEqual([...producer.point('24880057139941').none], ['consumption']);
      assertHours(producer, '24880057139941', 'production', 7);
    });

    it('155 · an expired access token is 401 invalid_token; it refreshes once and goes on', async () => {
      const plugin = install();
      await link(plugin, 'three-points');
      world.clock.advance({ hours: 4 });
      behind = 4 * 3_600_000;
      await live(plugin, () => plugin.cycles === 1);
      assert.deepEqual(
        statuses(plugin).filter((status) => status !== 200 && status !== 400),
        [401],
      );
      assert.deepEqual(
        statuses(plugin, /token$/).filter((status) => status === 200),
        [200, 200],
      );
      const index = plugin.exchanges.findIndex(({ status }) => status === 401);
      const [refresh, again] = plugin.exchanges.slice(index + 1);
      assert.deepEqual([refresh?.path, refresh?.status], ['/device/token', 200]);
      assert.deepEqual([again?.path, again?.status], [plugin.exchanges[index]?.path, 200]);
    });

    it('156 · a limit at the production endpoint is 429, so that production is not given up', async () => {
      const usagePoint = '10284856584123';
      const plugin = install();
      await link(plugin, usagePoint);
      const document = {
        code: '900804',
        message: 'Message throttled out',
        nextAccessTime: '2027-Jun-01 10:00:00+0000 UTC',
      };
      const exceeded = json(429, document);
      world.enedis.switches.override = ({ path }) => (path.includes('production') ? exceeded : undefined);
      await live(plugin, () => statuses(plugin, /production/).length === 4);
      assert.deepEqual(statuses(plugin, /production/), [429, 429, 429, 429]);
      assert.equal(plugin.cycles, 0);
      world.enedis.switches.override = undefined;
      await live(plugin, () => plugin.cycles === 1, 600);
      assert.ok(!plugin.point(usagePoint).none.has('production'));
      assertHours(plugin, usagePoint, 'production', 7);
    });

    it('156 · so is the limit of the proxy itself', async () => {
      const [, usagePoint] = sellers;
      const plugin = install();
      await link(plugin, usagePoint);
      const query = `usage_point_id=${usagePoint}&start=2027-03-01&end=2027-03-02`;
      const path = `/data/proxy/metering_data_dp/v5/daily_production?${query}`;
      const { authorization } = plugin.tokens;
      for (let count = 0; count < 12; count++) {
        assert.equal((await world.get(path, { authorization })).status, 200);
        world.clock.advance({ seconds: 2 });
      }
      plugin.point(usagePoint).none.add('consumption');
      await live(plugin, () => plugin.cycles === 1, 600);
      assert.deepEqual([...new Set(statuses(plugin))].sort(), [200, 429]);
      assertHours(plugin, usagePoint, 'production', 7);
    });

    describe('157 · temporary failures of Enedis', () => {
      const failures: Readonly<Record<string, () => Reply>> = {
        'a 403 without a word': () => reply(403, ''),
        'a 403 of the gateway': () => json(403, { code: '403', message: 'Forbidden' }),
        'a 500': () => json(500, { code: 'technical_error', message: 'An internal error occurred.' }),
        'a 503 with a page': () => reply(503, '<html>maintenance</html>', 'text/html'),
        'a 400 of the gateway': () => reply(400, '<html>bad request</html>', 'text/html'),
        'a 401': () => json(401, { code: '900901', message: 'Invalid Credentials' }),
        'a page instead of data': () => reply(200, '<html>sign in</html>', 'text/html'),
      };
      let plugin: DomoticzLinky;
      const [usagePoint] = sellers;

      before(async () => {
        plugin = await running(usagePoint);
      });

      for (const [name, failure] of Object.entries(failures)) {
        it(`157 · ${name} is neither 403 nor, about production, 400 or 500: it keeps tokens and goes on`, async () => {
          for (const scope of [/mesure_synchrone/, /production/]) {
            const before = plugin.exchanges.length;
            world.enedis.switches.override = ({ path }) => (scope.test(path) ? failure() : undefined);
            world.clock.advance({ hours: 23 });
            await live(plugin, () => plugin.exchanges.slice(before).some(({ status }) => status > 401), 600);
            const seen = plugin.exchanges.slice(before).map(({ status }) => status);
            assert.ok(!seen.includes(403) && !seen.includes(400) && !seen.includes(500), seen.join());
            assert.deepEqual([plugin.tokens.held, plugin.isStopped], [true, false]);
            assert.deepEqual([...plugin.point(usagePoint).none], []);
            world.enedis.switches.override = undefined;
            await nextMorning(plugin);
            assert.deepEqual([plugin.tokens.held, plugin.isStopped], [true, false]);
          }
        });
      }
    });
  });
});
