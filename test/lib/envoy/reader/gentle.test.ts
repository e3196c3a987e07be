import assert from 'node:assert/strict';
import { countersOff, eimInactive, type GatewayOptions } from '../../../../simulator/index.js';
import { patience } from '../../../../lib/envoy/gentle/agreement.js';
import { House, readings, report, reports, shapeOf, totalsOf } from './house.js';

const houses: readonly (readonly [string, GatewayOptions])[] = [
  ['one phase, net consumption', {}],
  ['split phase, total consumption', { phases: 2, consumption: 'total' }],
  ['three phases', { phases: 3 }],
  ['three phases, batteries, total overwritten by net', { phases: 3, firmware: '8.3.5528', batteries: { count: 2 } }],
  ['older firmware', { phases: 2, firmware: '7.6.175' }],
];

describe('a reading by a timer', () => {
  let house: House;
  afterEach(() => house.close());

  it('asks for the production report every five minutes, and for the meter readings in between', async () => {
    house = await House.build();
    await house.timer();
    for (let round = 0; round < 2; round++) {
      for (let cycle = 1; cycle < 5; cycle++) assert.deepEqual(await house.asked(() => house.timer()), [readings]);
      const fifth = await house.asked(() => house.timer());
      for (const path of [report, readings, '/ivp/meters'])
        assert.ok(fifth.includes(path), `${path}: ${String(fifth)}`);
    }
  });

  it('has the power of this moment, and says where it comes from', async () => {
    house = await House.build();
    const first = await house.timer();
    assert.equal(totalsOf(first, 'production').source, report);
    const later = await house.timer(240);
    const { production, grid } = house.gateway.truth();
    const told = totalsOf(later, 'production');
    assert.ok(Math.abs(told.wattsNow - production) <= 2, `${told.wattsNow} W for ${production} W`);
    assert.notEqual(told.wattsNow, totalsOf(first, 'production').wattsNow, 'the house stands still');
    assert.ok(Math.abs(totalsOf(later, 'netConsumption').wattsNow - grid) <= 2);
    assert.equal(told.source, readings);
    assert.equal(told.wattHoursToday, totalsOf(first, 'production').wattHoursToday);
    assert.equal(told.wattHoursLast7Days, totalsOf(first, 'production').wattHoursLast7Days);
  });

  for (const [name, options] of houses) {
    it(`has the same keys, powers and lifetimes as the production report: ${name}`, async () => {
      house = await House.build(options);
      await house.timer();
      const gentle = await house.timer();
      const full = await house.input();
      assert.notEqual(totalsOf(gentle, 'consumption').source, report);
      assert.deepEqual(shapeOf(gentle), shapeOf(full));
      for (const quantity of ['production', 'consumption', 'netConsumption']) {
        const [told, expected] = [totalsOf(gentle, quantity), totalsOf(full, quantity)];
        for (const phase of [undefined, ...Object.keys(expected.phases ?? {})]) {
          const lines = [told, expected].map((totals) => (phase === undefined ? totals : totals.phases?.[phase]));
          for (const key of ['wattsNow', 'wattHoursLifetime'] as const) {
            const difference = Math.abs((lines[0]?.[key] ?? NaN) - (lines[1]?.[key] ?? NaN));
            assert.ok(difference <= 5, `${quantity} ${phase ?? ''} ${key} is off by ${difference}`);
          }
        }
      }
    });
  }

  it('counts the day and the lifetimes on across both endpoints, without a doubt', async () => {
    house = await House.build();
    const first = await house.timer();
    let last = first;
    for (let cycle = 0; cycle < 13; cycle++) {
      const next = await house.timer();
      assert.equal(next.warnings, undefined, JSON.stringify(next.warnings));
      for (const quantity of ['production', 'consumption']) {
        const [before, now] = [last, next].map((payload) => totalsOf(payload, quantity).wattHoursLifetime);
        assert.ok((now ?? NaN) >= (before ?? NaN), `${quantity} falls from ${before} to ${now}`);
      }
      last = next;
    }
    const gain = totalsOf(last, 'production').wattHoursLifetime - totalsOf(first, 'production').wattHoursLifetime;
    assert.ok(gain > 0);
    assert.equal((last['today'] as { productionWattHours: number }).productionWattHours, gain);
  });

  it('takes the smaller reports where the meters are not wanted', async () => {
    house = await House.build();
    const datasets = ['production', 'consumption'] as const;
    await house.timer(60, datasets);
    assert.deepEqual(await house.asked(() => house.timer(60, datasets)), [reports]);
    assert.equal(totalsOf(await house.timer(60, datasets), 'consumption').source, reports);
  });

  it('reads the production report in the same cycle where the cheap endpoint fails', async () => {
    house = await House.build();
    await house.timer();
    house.gateway.faults.add({ kind: 'status', status: 500 }, { path: readings, times: 1 });
    const payload = await house.timer();
    assert.equal(totalsOf(payload, 'production').source, report);
    assert.deepEqual(
      payload.warnings?.map(({ part }) => part),
      ['meters'],
    );
  });

  it('asks for the report again after one without the production meter', async () => {
    house = await House.build({ firmware: '8.3.5528' });
    await house.timer();
    house.gateway.faults.add(eimInactive(), { path: '/production.json', times: 1 });
    const dropped = await house.timer(300);
    assert.equal('production' in dropped, false);
    const next = await house.timer();
    assert.equal(totalsOf(next, 'production').source, report);
  });

  it('reads the report each time where the power of AC Batteries stands in it', async () => {
    house = await House.build({ acBatteries: 2 });
    await house.timer();
    assert.ok((await house.asked(() => house.timer())).includes(report));
    await house.timer(60, ['production']);
    assert.deepEqual(await house.asked(() => house.timer(60, ['production'])), [reports]);
  });

  it('asks where relays stand and how full batteries are every fourth time', async () => {
    house = await House.build({ batteries: { count: 2, withController: true } });
    await house.timer();
    const counts = { '/ivp/ensemble/inventory': 0, '/ivp/ensemble/secctrl': 0, '/ivp/ensemble/power': 0 };
    const paths = await house.asked(async () => {
      for (let cycle = 0; cycle < 12; cycle++) await house.timer(10);
    });
    for (const path of Object.keys(counts) as (keyof typeof counts)[]) {
      counts[path] = paths.filter((asked) => asked === path).length;
    }
    assert.deepEqual(counts, {
      '/ivp/ensemble/inventory': 3,
      '/ivp/ensemble/secctrl': 3,
      '/ivp/ensemble/power': 3,
    });
  });

  it('asks for the power of batteries each time where no CT measures it', async () => {
    house = await House.build({ batteries: { count: 2 }, storageMeter: false });
    await house.timer();
    for (let cycle = 0; cycle < 3; cycle++) {
      assert.deepEqual((await house.asked(() => house.timer(10))).sort(), ['/ivp/ensemble/power', readings]);
    }
  });

  it('asks for everything after a write', async () => {
    house = await House.build({ batteries: { count: 2, withController: true } });
    await house.timer();
    await house.opened.session.request({ path: '/ivp/ss/gen_mode', method: 'POST', body: '{}' }).catch(() => undefined);
    const asked = await house.asked(() => house.timer(10));
    for (const path of [report, '/ivp/ensemble/inventory', '/admin/lib/tariff']) assert.ok(asked.includes(path), path);
  });
});

describe('a reading that somebody asks for', () => {
  let house: House;
  afterEach(() => house.close());

  it('has the production report and the state of relays and batteries fresh', async () => {
    house = await House.build({ batteries: { count: 2, withController: true } });
    await house.timer();
    await house.timer(10);
    const asked = await house.asked(async () => {
      const payload = await house.input();
      assert.equal(totalsOf(payload, 'production').source, report);
    });
    for (const path of [report, readings, '/ivp/meters', '/ivp/ensemble/inventory', '/ivp/ensemble/secctrl']) {
      assert.ok(asked.includes(path), path);
    }
    assert.equal(asked.includes(reports), false, 'it asks for what only serves the comparison');
  });
});

describe('a gateway whose meter endpoints count otherwise than its report', () => {
  let house: House;
  afterEach(() => house.close());

  it('is read by the report each time, and compared again after a probe', async () => {
    house = await House.build();
    const off = [readings, reports].map((path) => house.gateway.faults.add(countersOff(5000), { path }));
    for (let cycle = 0; cycle <= patience; cycle++) {
      const payload = await house.timer();
      assert.equal(totalsOf(payload, 'production').source, report);
    }
    const settled = await house.asked(() => house.timer());
    assert.ok(settled.includes(report));
    assert.equal(settled.includes(reports), false, 'it goes on comparing');

    for (const clear of off) clear();
    assert.ok((await house.asked(() => house.timer())).includes(report));
    await house.opened.session.probe();
    await house.timer();
    assert.equal((await house.asked(() => house.timer())).includes(report), false);
  });

  it('is read by the other one where only one of them does', async () => {
    house = await House.build();
    house.gateway.faults.add(countersOff(5000), { path: readings });
    await house.timer();
    const asked = await house.asked(async () => {
      assert.equal(totalsOf(await house.timer(), 'production').source, reports);
    });
    assert.equal(asked.includes(report), false);
  });

  it('goes back to the report when the endpoint begins to count otherwise', async () => {
    house = await House.build();
    await house.timer();
    await house.timer();
    house.gateway.faults.add(countersOff(-20_000), { path: reports });
    house.gateway.faults.add(countersOff(-20_000), { path: readings });
    await house.timer(240);
    const payload = await house.timer();
    assert.equal(totalsOf(payload, 'production').source, report);
    const { production } = house.gateway.truth();
    assert.ok(Math.abs(totalsOf(payload, 'production').wattsNow - production) <= 2);
    assert.equal(payload.warnings?.some(({ part }) => part === 'production') ?? false, false);
  });
});
