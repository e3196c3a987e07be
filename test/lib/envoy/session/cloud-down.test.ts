import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { credentialsOf, day, hour, minute, refusalOf, SessionWorld } from '../../../support/session.js';

describe('a cloud that fails', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start();
  });

  afterEach(() => world.close());

  /** Lets the cloud fail; gives what makes it well again. */
  type Failure = () => () => void;

  const failures: readonly [name: string, code: string, fail: Failure][] = [
    [
      'refuses connections',
      'cloud_unavailable',
      () => {
        world.cloud.switches.down = true;
        return () => (world.cloud.switches.down = false);
      },
    ],
    ['resets them', 'cloud_unavailable', () => world.cloud.faults.add({ kind: 'reset' })],
    ['breaks off its answers', 'cloud_unavailable', () => world.cloud.faults.add({ kind: 'resetMidway' })],
    ['answers 503', 'cloud_unavailable', () => world.cloud.faults.add({ kind: 'status', status: 503 })],
    ['answers 500 to the token request', 'cloud_unavailable', () => tokens({ kind: 'status', status: 500 })],
    ['answers the login with a page', 'server_error', () => switched('htmlInsteadOfLogin')],
    ['answers the token request with a page', 'server_error', () => switched('htmlInsteadOfToken')],
    ['gives a text that is no token', 'server_error', () => switched('malformedToken')],
    ['cuts its JSON short', 'server_error', () => world.cloud.faults.add({ kind: 'truncated' }, { path: /login/ })],
    ['answers 406', 'server_error', () => world.cloud.faults.add({ kind: 'status', status: 406 })],
    ['answers 429', 'rate_limited', () => world.cloud.faults.add({ kind: 'status', status: 429 })],
  ];

  function tokens(fault: Parameters<typeof world.cloud.faults.add>[0]): () => void {
    return world.cloud.faults.add(fault, { path: '/tokens' });
  }

  function switched(name: 'htmlInsteadOfLogin' | 'htmlInsteadOfToken' | 'malformedToken'): () => void {
    world.cloud.switches[name] = true;
    return () => (world.cloud.switches[name] = false);
  }

  for (const [name, code, fail] of failures) {
    it(`(${name}) is ${code} without a token, and over by itself when the cloud is back`, async () => {
      const mend = fail();
      const opened = world.open();
      const error = await refusalOf(opened.read('production'));
      assert.equal(error.code, code);
      assert.equal(error.retryable, true);
      mend();
      // Whatever the failure was, a day later it has been tried again.
      world.advance(day + minute);
      assert.equal(await opened.outcome('production'), 'data');
      assert.equal(opened.session.state.problem, undefined);
    });

    it(`(${name}) does not disturb reading with the token in hand, due for renewal or not`, async () => {
      await world.keepToken(await world.token(340 * day), credentialsOf('owner'));
      const mend = fail();
      const opened = world.open();
      for (let round = 0; round < 10; round++) {
        assert.equal(await opened.outcome('production'), 'data');
        await opened.idle();
        world.advance(3 * hour);
      }
      assert.deepEqual(opened.problems, [], 'nothing that a person could look after');
      mend();
      world.advance(day);
      assert.equal(await opened.outcome('production'), 'data');
      await opened.idle();
      assert.equal(opened.tokens.length, 1, 'renewed as soon as the cloud is back');
    });
  }

  it('is asked ever more rarely: a day of reads every five minutes, a handful of logins', async () => {
    world.cloud.faults.add({ kind: 'status', status: 503 });
    const opened = world.open();
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      assert.equal(await opened.outcome('production'), 'cloud_unavailable');
      world.advance(5 * minute);
    }
    assert.ok(world.asked.logins >= 3 && world.asked.logins <= 12, `${world.asked.logins} logins`);
  });

  it('that could not be reached is found again soon after it is back', async () => {
    world.cloud.switches.down = true;
    const opened = world.open();
    for (let minutes = 0; minutes < 6 * 60; minutes += 10) {
      assert.equal(await opened.outcome('production'), 'cloud_unavailable');
      world.advance(10 * minute);
    }
    world.cloud.switches.down = false;
    world.advance(30 * minute);
    assert.equal(await opened.outcome('production'), 'data');
  });

  it('says when to come back, and is not asked before', async () => {
    world.cloud.faults.add({ kind: 'status', status: 429, headers: { 'Retry-After': '7200' } });
    const opened = world.open();
    assert.equal(await opened.outcome('production'), 'rate_limited');
    world.cloud.faults.clear();
    for (let minutes = 0; minutes < 115; minutes += 5) {
      const error = await refusalOf(opened.read('production'));
      assert.equal(error.code, 'rate_limited');
      assert.ok(error.retryAt !== undefined && error.retryAt > world.now());
      await refusalOf(opened.session.reauthenticate());
      world.advance(5 * minute);
    }
    assert.equal(world.asked.logins, 1);
    world.advance(10 * minute);
    assert.equal(await opened.outcome('production'), 'data');
  });

  it('that is down when a person re-authenticates leaves the token that works', async () => {
    const opened = world.open();
    await opened.read('production');
    world.cloud.switches.down = true;
    assert.equal((await refusalOf(opened.session.reauthenticate())).code, 'cloud_unavailable');
    assert.equal(await opened.outcome('production'), 'data');
    await world.restart();
    assert.equal(await world.open().outcome('production'), 'data');
  });

  it('gives tokens for another gateway: token refused, and no login after another', async () => {
    world.cloud.switches.tokenForOtherSerial = '122600000099';
    const opened = world.open();
    for (let hours = 0; hours < 10; hours++) {
      assert.equal(await opened.outcome('production'), 'serial_not_owned');
      world.advance(hour);
    }
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });
});
