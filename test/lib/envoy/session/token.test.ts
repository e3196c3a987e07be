import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { credentialsOf, day, hour, minute, refusalOf, SessionWorld } from '../../../support/session.js';
import { sentHeads } from '../../../support/wire.js';

describe('the life of a token', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start();
  });

  afterEach(() => world.close());

  it('is fetched with one login, kept on disk, told, and used after a restart without another login', async () => {
    const first = world.open();
    await first.read();
    assert.equal(first.tokens.length, 1);
    assert.equal((await world.memory.read())?.token?.value, first.tokens[0]);

    await world.restart();
    const second = world.open();
    assert.equal(await second.outcome(), 'data');
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    assert.deepEqual(second.tokens, [], 'a token at hand is no new token');
    assert.ok(second.session.state.token);
  });

  it('is asked about at the gateway once, however many readings follow', async () => {
    await world.keepToken(await world.token());
    const { session } = world.open();
    for (let round = 0; round < 5; round++) await session.read({ datasets: ['production'], raw: false });
    assert.equal(world.requests('/auth/check_jwt'), 1);
    assert.equal(world.requests('/info'), 1);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('is replaced by the one of the credentials where that is newer, and the other way round', async () => {
    const [older, newer] = [await world.token(2 * hour), await world.token(hour)];
    for (const [kept, pasted] of [
      [older, newer],
      [newer, older],
    ] as const) {
      await world.clear();
      world.revoke(90 * minute);
      await world.keepToken(kept);
      const opened = world.open({ credentials: { token: pasted } });
      assert.equal(await opened.outcome('production'), 'data');
      assert.equal(world.requests('/auth/check_jwt'), 1, 'the newer one is tried first');
    }
  });

  it('of another account is not used', async () => {
    await world.keepToken(await world.token(), { username: 'before@example.com', password: 'x' });
    const opened = world.open();
    assert.equal(await opened.outcome('production'), 'data');
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });

  it('is dropped from use when it ends while running, and replaced with one login', async () => {
    await world.keepToken(await world.token(0, { ttl: 3600 }));
    const opened = world.open();
    await opened.read('production');
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
    world.advance(61 * minute);
    assert.equal(await opened.outcome('production'), 'data');
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });

  it('that ends with no account to renew it is the error token_expired, which says when it ended', async () => {
    const token = await world.token(0, { ttl: 3600 });
    const opened = world.open({ credentials: { token } });
    await opened.read('production');
    const { expiresAt } = opened.session.state.token ?? {};
    world.advance(61 * minute);
    const error = await refusalOf(opened.read('production'));
    assert.equal(error.code, 'token_expired');
    assert.equal(error.expiresAt, expiresAt);
  });

  it('revoked at the gateway is replaced within the read that noticed, with one login', async () => {
    const opened = world.open();
    await opened.read('production');
    world.advance(hour);
    world.revoke();
    assert.equal(await opened.outcome(), 'data');
    assert.deepEqual(world.asked, { logins: 2, tokens: 2 });
    assert.deepEqual(opened.problems, []);
  });

  it('of the cloud that the gateway turns down is no reason for one login after another', async () => {
    const opened = world.open();
    await opened.read('production');
    world.advance(hour);
    world.gateway.switches.rejectTokens = true;
    for (let hours = 0; hours < 20; hours++) {
      assert.equal(await opened.outcome('production'), 'token_rejected');
      world.advance(hour);
    }
    assert.deepEqual(world.asked, { logins: 2, tokens: 2 });
    world.gateway.switches.rejectTokens = false;
    assert.equal(await opened.outcome('production'), 'data');
    assert.deepEqual(world.asked, { logins: 2, tokens: 2 });
  });

  it('pasted by a person is used from the next read on, without the cloud', async () => {
    const opened = world.open();
    await opened.read('production');
    const pasted = await world.token();
    await opened.session.setToken(pasted);
    const { heads, stop } = sentHeads();
    assert.equal(await opened.outcome('production').finally(stop), 'data');
    assert.ok(heads.length > 0 && heads.every((head) => head.includes(pasted)));
    assert.equal((await world.memory.read())?.token?.value, pasted);
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });

  it('in hand goes on reading after a paste that is cut off or has ended', async () => {
    const opened = world.open();
    await opened.read('production');
    const useless = [(await world.token()).slice(0, 60), await world.token(2 * hour, { ttl: 60 }), '<html></html>'];
    for (const pasted of useless) {
      await refusalOf(opened.session.setToken(pasted));
      assert.equal(await opened.outcome('production'), 'data');
      assert.equal(opened.session.state.problem, undefined);
    }
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });

  describe('cookies', () => {
    it('of the check are kept across a restart', async () => {
      const first = world.open();
      await first.read();
      await world.restart();
      const cookies = (await world.memory.read())?.cookies;
      assert.deepEqual(
        cookies?.map(([name]) => name),
        ['sessionId'],
      );
    });

    it('and the token both go with each request', async () => {
      await world.keepToken(await world.token());
      const { heads, stop } = sentHeads();
      await world.open().read().finally(stop);
      const read = heads.filter((head) => !/^GET \/(info|auth\/check_jwt) /.test(head));
      assert.ok(read.length > 3);
      for (const head of read) assert.match(head, /^authorization: Bearer [\s\S]*^cookie: sessionId=\S+/m);
    });
  });

  describe('renewal', () => {
    const cases = [
      { name: 'a year, 30 days', ttl: 365 * day, refreshBefore: 30, due: 335 * day },
      { name: 'a year, 10 days', ttl: 365 * day, refreshBefore: 10, due: 355 * day },
      { name: 'twelve hours (installer)', ttl: 12 * hour, refreshBefore: 30, due: 9.6 * hour },
      { name: 'one day', ttl: day, refreshBefore: 30, due: 0.8 * day },
      { name: 'twenty days, of the cloud: not in the first half', ttl: 20 * day, refreshBefore: 30, due: 10 * day },
    ];
    for (const { name, ttl, refreshBefore, due } of cases) {
      it(`of a token of ${name}: not a minute before ${due / hour} hours`, async () => {
        world.cloud.account('owner@example.com').tokenLifetime = ttl / 1000;
        const opened = world.open({ settings: { refreshBefore } });
        await opened.read('production');
        world.advance(due - minute);
        await opened.read('production');
        assert.equal(world.asked.logins, 1);
        world.advance(2 * minute);
        await opened.read('production');
        await opened.close();
        assert.deepEqual(world.asked, { logins: 2, tokens: 2 });
        assert.equal((await world.memory.read())?.token?.value, opened.tokens[1]);
      });
    }

    it('goes on for days with tokens of twelve hours, with no login that was not due', async () => {
      const opened = world.open({
        credentials: { username: 'fitter@example.com', password: 'fitter-secret' },
      });
      for (let hours = 0; hours <= 96; hours++) {
        assert.equal(await opened.outcome('production'), 'data', `after ${hours} hours`);
        await opened.idle();
        world.advance(hour);
      }
      // The first, then one at every tenth hour.
      assert.equal(world.asked.logins, 10);
      assert.deepEqual(opened.problems, []);
    });

    it('runs while reads go on, and the new token is used after it', async () => {
      const old = await world.token(355 * day);
      await world.keepToken(old, credentialsOf('owner'));
      const cloud = new EventEmitter();
      const opened = world.open({ beforeCloud: () => once(cloud, 'open').then(() => undefined) });
      for (let round = 0; round < 3; round++) assert.equal(await opened.outcome('production'), 'data');
      assert.deepEqual(opened.tokens, []);
      cloud.emit('open');
      await opened.idle();
      assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
      const { heads, stop } = sentHeads();
      await opened.read('production').finally(stop);
      assert.ok(heads.length > 0 && heads.every((head) => head.includes(`Bearer ${opened.tokens[0]}\r\n`)));
      assert.ok(!heads.some((head) => head.includes(old)));
    });

    it('that the cloud refuses is told once, while the token in hand goes on reading', async () => {
      await world.keepToken(await world.token(355 * day));
      const opened = world.open({ credentials: { username: 'owner@example.com', password: 'mistyped' } });
      for (let round = 0; round < 5; round++) {
        assert.equal(await opened.outcome('production'), 'data');
        world.advance(6 * hour);
        await opened.idle();
      }
      assert.deepEqual(
        opened.problems.map(({ code }) => code),
        ['credentials_rejected'],
      );
      assert.equal(opened.session.state.problem?.code, 'credentials_rejected');
      assert.equal(world.asked.logins, 1);
    });

    it('refused, then the password corrected: reauthenticate renews, and the problem is gone', async () => {
      await world.keepToken(await world.token(355 * day));
      const opened = world.open({ credentials: { username: 'owner@example.com', password: 'mistyped' } });
      await opened.read('production');
      await opened.idle();
      assert.equal(opened.session.state.problem?.code, 'credentials_rejected');
      opened.credentials = { username: 'owner@example.com', password: 'owner-secret' };
      await opened.session.reauthenticate();
      assert.equal(opened.session.state.problem, undefined);
      assert.equal(await opened.outcome('production'), 'data');
      assert.equal(opened.tokens.length, 1);
    });
  });
});
