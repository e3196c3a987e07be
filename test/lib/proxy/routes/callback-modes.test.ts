import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { confirmed, other, tells, usagePoint, visits, type Visits } from './visits.js';

describe('GET /auth/redirect with TRUST_CALLBACK_PRM', () => {
  const open = visits();
  let world: Visits;

  beforeEach(async () => {
    world = await open({ compatibility: { trustCallbackUsagePoint: true } });
  });

  it('57: names the parameter that is missing', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    tells(await visitor.comeBack({ state, code: 'a' }), 400, /usage_point_id/);
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
  });

  it('58, 59: believes the usage points', async () => {
    const one = await world.claimed();
    await confirmed(
      one.visitor,
      await one.visitor.comeBack({ state: one.state, code: 'a', usage_point_id: usagePoint }),
    );
    assert.equal((await world.poll(one.deviceCode)).body['usage_points_id'], usagePoint);
    const two = await world.claimed();
    const both = `${usagePoint};${other}`;
    await confirmed(two.visitor, await two.visitor.comeBack({ state: two.state, code: 'a', usage_point_id: both }));
    assert.equal((await world.poll(two.deviceCode)).body['usage_points_id'], `${usagePoint},${other}`);
    assert.deepEqual(world.upstream.asked, []);
  });

  it('60: but not what is none', async () => {
    const { deviceCode, visitor, state } = await world.claimed();
    for (const usage_point_id of ['123', `${usagePoint};x`, `${usagePoint}5`, ';']) {
      tells(await visitor.comeBack({ state, code: 'a', usage_point_id }), 400, /14 digits/);
    }
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
  });
});

describe('GET /auth/redirect in the authorization-code mode', () => {
  const open = visits();
  let world: Visits;

  beforeEach(async () => {
    world = await open({ mode: 'authorization_code', pkce: true });
  });

  it('77: an error of the token endpoint ends the dance, and its text stays out of the page', async () => {
    world.upstream.tokenAnswer = {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'raw upstream text' },
    };
    const { deviceCode, visitor, state } = await world.claimed();
    const page = await visitor.comeBack({ state, code: 'abc' });
    tells(page, 502, /did not grant the access/);
    assert.doesNotMatch(page.text, /raw upstream text/);
    assert.ok(world.events.some(({ reason }) => reason === 'exchange_invalid_grant'));
    assert.equal(await world.pollError(deviceCode), 'invalid_grant');
    tells(await visitor.comeBack({ state, code: 'abc' }), 400, /did not grant the access/);
    assert.equal(world.upstream.forms.length, 1);
  });

  it('78, 79: the device gets the upstream members, the usage point beside them, and nothing else of the address', async () => {
    const answer = { access_token: 'upstream', refresh_token: 'r', token_type: 'Bearer', expires_in: 3600, custom: 1 };
    world.upstream.tokenAnswer = { status: 200, body: answer };
    const { deviceCode, visitor, state } = await world.claimed();
    const evil = { access_token: 'evil', custom: '2', more: '3' };
    await confirmed(visitor, await visitor.comeBack({ state, code: 'abc', usage_point_id: usagePoint, ...evil }));
    const { status, body } = await world.poll(deviceCode);
    assert.equal(status, 200);
    assert.deepEqual(body, { ...answer, usage_point_id: usagePoint });
  });

  it('79: a usage point of the upstream server goes before the one of the address', async () => {
    world.upstream.tokenAnswer = { status: 200, body: { access_token: 'upstream', usage_point_id: other } };
    const { deviceCode, visitor, state } = await world.claimed();
    await confirmed(visitor, await visitor.comeBack({ state, code: 'abc', usage_point_id: usagePoint }));
    assert.equal((await world.poll(deviceCode)).body['usage_point_id'], other);
  });

  it('48, 80: the code is exchanged with the verifier of its challenge', async () => {
    const { visitor, state } = await world.claimed();
    await visitor.comeBack({ state, code: 'abc' });
    const { code_verifier: verifier = '', ...form } = world.upstream.forms[0] ?? {};
    assert.deepEqual(form, { grant_type: 'authorization_code', code: 'abc' });
    assert.match(verifier, /^[\w.~-]{43,128}$/);
  });

  it('a token endpoint that does not answer leaves the visit open', async () => {
    world.upstream.tokenAnswer = new ProxyError(504, 'temporarily_unavailable');
    const { deviceCode, visitor, state } = await world.claimed();
    tells(await visitor.comeBack({ state, code: 'abc' }), 503, /does not answer/);
    assert.equal(await world.pollError(deviceCode), 'authorization_pending');
    world.upstream.tokenAnswer = { status: 200, body: { access_token: 'upstream' } };
    await confirmed(visitor, await visitor.comeBack({ state, code: 'abc' }));
  });
});
