import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { DatasetName } from '../../../../lib/envoy/datasets/types.js';
import { credentialsOf, hour, refusalOf, SessionWorld, type OpenSession } from '../../../support/session.js';

const readers = 100;

describe('one session, many readers', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start({ detailedInverters: true });
  });

  afterEach(() => world.close());

  function all<T>(call: (index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(Array.from({ length: readers }, (_, index) => call(index)));
  }

  function assertAllData(outcomes: readonly string[]): void {
    assert.deepEqual(outcomes, Array<string>(readers).fill('data'));
  }

  /** Every request since the log was cleared, with its query. */
  function requests(): string[] {
    return world.gateway.log.requests.map(({ path, query }) => path + query);
  }

  const wishes: DatasetName[][] = [['production'], ['production', 'inverters'], ['production', 'meters'], []];

  const deaths: readonly [name: string, kill: (opened: OpenSession) => void][] = [
    ['was revoked', () => world.revoke()],
    ['ended', () => world.advance(12 * hour)],
  ];
  for (const [name, kill] of deaths) {
    it(`whose token ${name}: one login, everybody gets data, one request at a time`, async () => {
      const credentials = credentialsOf('installer');
      await world.keepToken(await world.token(hour, { user: 'installer' }), credentials);
      const opened = world.open({ credentials });
      await opened.read();
      assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
      kill(opened);
      assertAllData(await all((index) => opened.outcome(...(wishes[index % wishes.length] ?? []))));
      assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
      assert.equal(world.gateway.log.maximumInFlight, 1);
    });
  }

  it('at the very start: one login, one look at /info, one probe', async () => {
    const opened = world.open();
    assertAllData(await all(() => opened.outcome()));
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    const asked = requests();
    assert.equal(asked.length, new Set(asked).size, asked.join('\n'));
    assert.equal(world.gateway.log.maximumInFlight, 1);
  });

  it('in one cycle ask each path once, whatever each of them wants', async () => {
    const opened = world.open();
    await opened.read();
    world.gateway.log.clear();
    assertAllData(await all((index) => opened.outcome(...(wishes[index % wishes.length] ?? []))));
    const asked = requests();
    assert.ok(asked.includes('/production.json?details=1') && asked.includes('/ivp/meters/readings'));
    assert.equal(asked.length, new Set(asked).size, asked.join('\n'));
    assert.equal(world.gateway.log.maximumInFlight, 1);
  });

  it('in one cycle share a failure too', async () => {
    const opened = world.open();
    await opened.read();
    world.gateway.log.clear();
    world.gateway.faults.add({ kind: 'status', status: 503 }, { path: '/production.json' });
    const outcomes = await all(() => opened.outcome('production'));
    assert.deepEqual(new Set(outcomes), new Set(['gateway_busy']));
    assert.equal(world.requests('/production.json'), 1);
    assert.equal(world.requests('/info'), 1, 'a failure that may come from another firmware is looked into once');
  });

  it('get fresh data in the next cycle, over the same connection', async () => {
    const opened = world.open();
    await opened.read('production');
    const { connections } = world.gateway;
    for (let round = 2; round <= 5; round++) {
      await opened.read('production');
      assert.equal(world.requests('/production.json'), round);
    }
    assert.equal(world.gateway.connections, connections);
    assert.equal(world.gateway.tlsHandshakes, connections);
  });

  it('of a rejected account all hear the same, after one login', async () => {
    const opened = world.open({ credentials: { ...credentialsOf('owner'), password: 'mistyped' } });
    const errors = await all(() => refusalOf(opened.read()));
    assert.deepEqual(new Set(errors.map(({ code }) => code)), new Set(['credentials_rejected']));
    assert.deepEqual(world.asked, { logins: 1, tokens: 0 });
  });

  it('who press re-authenticate all at once cause one login', async () => {
    const opened = world.open();
    await opened.read();
    world.advance(hour);
    await all(() => opened.session.reauthenticate());
    assertAllData(await all(() => opened.outcome()));
    assert.deepEqual(world.asked, { logins: 2, tokens: 2 });
  });

  it('and a re-authentication in the middle of a cycle leave every reader with data', async () => {
    const opened = world.open();
    await opened.read();
    world.advance(hour);
    const reading = all(() => opened.outcome());
    await opened.session.reauthenticate();
    assertAllData(await reading);
    assert.equal(world.gateway.log.maximumInFlight, 1);
  });

  it('with Digest: one request at a time, none repeated but for its challenge', async () => {
    await world.gateway.setFirmware('5.0.62');
    const opened = world.open();
    await opened.read();
    world.gateway.log.clear();
    assertAllData(await all((index) => opened.outcome(...(wishes[index % wishes.length] ?? []))));
    const answered = world.gateway.log.requests.filter(({ status }) => status === 200).map(({ path }) => path);
    assert.equal(answered.length, new Set(answered).size, answered.join('\n'));
    assert.equal(world.gateway.log.maximumInFlight, 1);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });
});
