import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { confirmed, other, service, tells, usagePoint, visits, type Visits } from './visits.js';

describe('GET /auth/redirect: whose consent it is (spec/device-flow D1, D1b)', () => {
  const open = visits();
  let world: Visits;

  beforeEach(async () => {
    world = await open();
    world.upstream.answers = [[service()]];
  });

  it('67: what is no authorisation id never reaches Enedis', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    for (const id of [
      '../../etc',
      '-1',
      '1e3',
      '99999999999999999999',
      '9223372036854775808',
      '0',
      '042',
      '4 2',
      '٤',
    ]) {
      tells(await visitor.comeBack({ state, autorisation_id: id }), 400, /consent number/);
    }
    assert.deepEqual(world.upstream.asked, []);
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
  });

  it('68: services of another authorisation, of another kind, or that ended do not count', async () => {
    world.upstream.answers = [
      [
        service({ autorisationId: '43', usagePoint: other }),
        service({ code: 'OPPENR', usagePoint: other }),
        service({ state: 'TERMINE', usagePoint: other }),
        service({ state: 'SUPPRIME', usagePoint: other }),
        service({ state: 'DEMANDE' }),
      ],
    ];
    const { deviceCode, visitor, state } = await world.claimed();
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
    assert.equal((await world.poll(deviceCode)).body['usage_points_id'], usagePoint);
  });

  it('69: two usage points are ambiguous; the same twice is one; the operator may allow several', async () => {
    world.upstream.answers = [[service(), service({ id: '2' })]];
    const twice = await world.claimed();
    await confirmed(twice.visitor, await twice.visitor.comeBack({ state: twice.state, autorisation_id: '42' }));
    assert.equal((await world.poll(twice.deviceCode)).body['usage_points_id'], usagePoint);

    const two = [service({ autorisationId: '43' }), service({ autorisationId: '43', id: '2', usagePoint: other })];
    world.upstream.answers = [two];
    const refused = await world.claimed();
    tells(
      await refused.visitor.comeBack({ state: refused.state, autorisation_id: '43' }),
      403,
      /several delivery points/,
    );
    assert.equal((await world.poll(refused.deviceCode)).status, 400);

    const open2 = await open({ severalUsagePoints: true });
    open2.upstream.answers = [two];
    const allowed = await open2.claimed();
    await confirmed(allowed.visitor, await allowed.visitor.comeBack({ state: allowed.state, autorisation_id: '43' }));
    assert.equal((await open2.poll(allowed.deviceCode)).body['usage_points_id'], `${usagePoint},${other}`);
  });

  it('72: another browser cannot use the state', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    const thief = world.visitor();
    tells(await thief.comeBack({ state, autorisation_id: '42' }), 403, /another browser/);
    await thief.open('/device');
    tells(await thief.comeBack({ state, autorisation_id: '42' }), 403, /another browser/);
    assert.deepEqual(world.upstream.asked, []);
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
    await confirmed(visitor, await visitor.comeBack({ state, autorisation_id: '42' }));
  });

  it('73: an authorisation that another browser brought is not given a second time', async () => {
    const owner = await world.claimed();
    await confirmed(owner.visitor, await owner.visitor.comeBack({ state: owner.state, autorisation_id: '42' }));
    const thief = await world.claimed();
    tells(await thief.visitor.comeBack({ state: thief.state, autorisation_id: '42' }), 403, /Already linked elsewhere/);
    const { status, body } = await world.poll(thief.deviceCode);
    assert.equal(status, 400);
    assert.notEqual(body['error'], 'authorization_pending');
    assert.ok(world.events.some(({ name, reason }) => name === 'failed' && reason === 'consent_taken'));
    assert.equal((await world.poll(owner.deviceCode)).status, 200);
    const { userCode, deviceCode } = await world.begin();
    const again = await owner.visitor.claim(userCode);
    await confirmed(owner.visitor, await owner.visitor.comeBack({ state: again, autorisation_id: '42' }));
    assert.equal((await world.poll(deviceCode)).status, 200);
  });

  it('74: a service that began long ago does not come from this consent', async () => {
    world.upstream.answers = [[service({ from: '2026-10-22' })]];
    const { deviceCode, visitor, state } = await world.claimed();
    tells(await visitor.comeBack({ state, autorisation_id: '42' }), 403, /was not given just now/);
    assert.equal((await world.poll(deviceCode)).status, 400);
    for (const from of ['2026-11-20', '2026-11-21', '2026-11-22']) {
      const visit = await world.claimed();
      const id = from.slice(-2);
      world.upstream.answers = [[service({ from, autorisationId: id })]];
      await confirmed(visit.visitor, await visit.visitor.comeBack({ state: visit.state, autorisation_id: id }));
    }
  });

  it('74: freshness can be widened, and a browser that brought the consent once may bring it again', async () => {
    const first = await world.claimed();
    await confirmed(first.visitor, await first.visitor.comeBack({ state: first.state, autorisation_id: '42' }));
    world.now += 30 * 24 * 3600_000;
    const { userCode } = await world.begin();
    const state = await first.visitor.claim(userCode);
    await confirmed(first.visitor, await first.visitor.comeBack({ state, autorisation_id: '42' }));

    const unchecked = await open({ consentFreshness: 10_000 });
    unchecked.upstream.answers = [[service({ from: '2020-01-01', autorisationId: '77' })]];
    const visit = await unchecked.claimed();
    await confirmed(visit.visitor, await visit.visitor.comeBack({ state: visit.state, autorisation_id: '77' }));
  });

  it('75: the fourth authorisation id ends the state', async () => {
    world.upstream.answers = [new ProxyError(404, 'not_found')];
    const { deviceCode, visitor, state } = await world.claimed();
    for (const id of ['1', '2', '3']) {
      assert.equal((await visitor.comeBack({ state, autorisation_id: id })).status, 502);
    }
    tells(await visitor.comeBack({ state, autorisation_id: '4' }), 400, /Too many tries/);
    world.upstream.answers = [[service()]];
    tells(await visitor.comeBack({ state, autorisation_id: '42' }), 400, /Too many tries/);
    assert.deepEqual(world.upstream.asked, ['1', '2', '3']);
    assert.notEqual((await world.poll(deviceCode)).status, 200);
  });

  it('D1b (5): an address may bring ten different authorisation ids an hour', async () => {
    world.upstream.answers = [new ProxyError(404, 'not_found')];
    const statuses: number[] = [];
    for (let id = 1; id <= 11; id += 1) {
      const { userCode } = await world.begin();
      const visitor = world.visitor('198.51.100.7');
      const state = await visitor.claim(userCode);
      statuses.push((await visitor.comeBack({ state, autorisation_id: String(id) })).status);
    }
    assert.deepEqual(statuses, [...Array<number>(10).fill(502), 429]);
    assert.equal(world.upstream.asked.length, 10);
  });
});
