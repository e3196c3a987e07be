import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { AuthenticationCode } from '../../../../lib/errors.js';
import type { GatewayCredentials } from '../../../../lib/envoy/settings.js';
import { credentialsOf, day, hour, minute, otherSerial, refusalOf, SessionWorld } from '../../../support/session.js';
import type { OpenSession } from '../../../support/session.js';

describe('a session that is blocked', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start();
  });

  afterEach(() => world.close());

  const wrong = { ...credentialsOf('owner'), password: 'mistyped' };

  /** Makes the rejection happen; the session is blocked then. */
  interface Block {
    readonly code: AuthenticationCode;
    readonly credentials: GatewayCredentials;
    readonly firmware?: string;
    readonly prepare?: () => Promise<void>;
  }

  const blocks: readonly Block[] = [
    { code: 'credentials_rejected', credentials: wrong },
    { code: 'mfa_required', credentials: credentialsOf('mfa') },
    { code: 'account_blocked', credentials: credentialsOf('blocked') },
    { code: 'serial_not_owned', credentials: credentialsOf('foreign') },
    { code: 'credentials_missing', credentials: {} },
    {
      code: 'token_expired',
      credentials: {},
      prepare: async () => world.keepToken(await world.token(hour, { ttl: 60 })),
    },
    {
      code: 'serial_not_owned',
      credentials: {},
      prepare: async () => world.keepToken(await world.token(0, { serial: otherSerial })),
    },
    { code: 'credentials_rejected', credentials: { username: 'envoy', password: 'guessed' }, firmware: '5.0.62' },
    { code: 'credentials_missing', credentials: { username: 'family' }, firmware: '5.0.62' },
    { code: 'firmware_changed', credentials: {}, prepare: () => world.keep({ tokens: false }) },
  ];

  async function blockedBy(block: Block): Promise<OpenSession> {
    await world.gateway.setFirmware(block.firmware ?? '8.3.5169');
    await block.prepare?.();
    const opened = world.open({ credentials: block.credentials });
    assert.equal(await opened.outcome(), block.code);
    return opened;
  }

  async function assertSilent(call: () => Promise<void>): Promise<void> {
    const before = { ...world.asked, gateway: world.gateway.log.count() };
    await call();
    assert.deepEqual({ ...world.asked, gateway: world.gateway.log.count() }, before);
  }

  for (const block of blocks) {
    const title = `by ${block.code} (${block.credentials.username ?? 'no user'}, firmware ${block.firmware ?? '8'})`;

    it(`${title} answers every read with the same error and asks nobody`, async () => {
      const opened = await blockedBy(block);
      const first = opened.session.state.problem;
      await assertSilent(async () => {
        for (let round = 0; round < 30; round++) {
          assert.equal(await refusalOf(opened.read(...(round % 2 ? (['inverters'] as const) : []))), first);
          world.advance(10 * hour);
        }
      });
    });

    it(`${title} stays so across a restart, with the same words`, async () => {
      const opened = await blockedBy(block);
      const before = await refusalOf(opened.read());
      await world.restart();
      await assertSilent(async () => {
        const again = world.open({ credentials: block.credentials });
        const error = await refusalOf(again.read());
        assert.deepEqual([error.code, error.message, error.retryable], [before.code, before.message, before.retryable]);
      });
    });
  }

  describe('is freed', () => {
    it('by reauthenticate, once the password is right in the cloud', async () => {
      const opened = await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      world.cloud.setPassword('owner@example.com', 'mistyped');
      await opened.session.reauthenticate();
      assert.equal(await opened.outcome(), 'data');
      assert.equal(opened.session.state.problem, undefined);
      assert.deepEqual(world.asked, { logins: 2, tokens: 1 });
    });

    it('by reauthenticate after the credentials were corrected', async () => {
      const opened = await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      opened.credentials = credentialsOf('owner');
      await opened.session.reauthenticate();
      assert.equal(await opened.outcome(), 'data');
    });

    it('by setToken', async () => {
      const opened = await blockedBy({ code: 'mfa_required', credentials: credentialsOf('mfa') });
      await opened.session.setToken(` ${await world.token()}\n`);
      assert.equal(await opened.outcome(), 'data');
      assert.deepEqual(world.asked, { logins: 1, tokens: 0 });
      await world.restart();
      const again = world.open({ credentials: credentialsOf('mfa') });
      assert.equal(await again.outcome(), 'data', 'the token of the person was kept');
      assert.deepEqual(world.asked, { logins: 1, tokens: 0 });
    });

    it('by a deploy, with corrected credentials', async () => {
      await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      await world.restart();
      const deployed = world.open({ startedByPerson: true });
      assert.equal(await deployed.outcome(), 'data');
    });

    it('by a deploy, even with the same credentials: they may be right by now', async () => {
      await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      await world.restart();
      world.cloud.setPassword('owner@example.com', 'mistyped');
      const deployed = world.open({ startedByPerson: true, credentials: wrong });
      assert.equal(await deployed.outcome(), 'data');
    });

    it('by a restart with other credentials than those that were rejected', async () => {
      await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      await world.restart();
      assert.equal(await world.open().outcome(), 'data');
    });

    it('by reauthenticate with Digest, after the password was corrected', async () => {
      const opened = await blockedBy({
        code: 'credentials_rejected',
        credentials: { username: 'envoy', password: 'guessed' },
        firmware: '5.0.62',
      });
      opened.credentials = { username: 'envoy', password: '' };
      await opened.session.reauthenticate();
      assert.equal(await opened.outcome(), 'data');
    });
  });

  describe('is not freed', () => {
    it('by a token that is cut off or has ended', async () => {
      const opened = await blockedBy({ code: 'mfa_required', credentials: credentialsOf('mfa') });
      const cut = (await world.token()).slice(0, 60);
      assert.equal((await refusalOf(opened.session.setToken(cut))).code, 'token_rejected');
      const ended = await world.token(2 * hour, { ttl: 60 });
      assert.equal((await refusalOf(opened.session.setToken(ended))).code, 'token_expired');
      assert.equal((await refusalOf(opened.read())).code, 'mfa_required');
      assert.deepEqual(world.asked, { logins: 1, tokens: 0 });
    });

    it('by the passing of days', async () => {
      const opened = await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      await assertSilent(async () => {
        for (let days = 0; days < 10; days++) {
          world.advance(day);
          assert.equal(await opened.outcome(), 'credentials_rejected');
        }
        await world.restart();
        assert.equal(await world.open({ credentials: wrong }).outcome(), 'credentials_rejected');
      });
    });

    it('by the passing of days where the file with the block was lost: the account is still spared', async () => {
      await blockedBy({ code: 'credentials_rejected', credentials: wrong });
      await world.restart();
      await world.keep({});
      for (let days = 0; days < 5; days++) {
        world.advance(day + hour);
        assert.equal(await world.open({ credentials: wrong }).outcome(), 'credentials_rejected');
      }
      assert.equal(world.asked.logins, 1);
    });
  });

  describe('with a wrong password, at most three logins a day', () => {
    it('however often a person asks', async () => {
      const opened = world.open({ credentials: wrong });
      for (let round = 0; round < 50; round++) {
        const { code } = await refusalOf(opened.session.reauthenticate());
        assert.equal(code, round < 3 ? 'credentials_rejected' : 'rate_limited');
        assert.ok(['credentials_rejected', 'rate_limited'].includes(await opened.outcome()));
        world.advance(20 * minute);
      }
      assert.equal(world.asked.logins, 3);
    });

    it('however often the gateway is deployed, Node-RED restarted and the button pressed', async () => {
      for (let round = 0; round < 50; round++) {
        const opened = world.open({ credentials: wrong, startedByPerson: round % 2 === 0 });
        assert.notEqual(await opened.outcome(), 'data');
        await opened.session.reauthenticate().catch(() => undefined);
        assert.notEqual(await opened.outcome(), 'data');
        if (round % 3 === 0) await opened.session.probe();
        if (round % 5 === 0) await world.restart();
        else await opened.close();
        world.advance(25 * minute);
      }
      assert.equal(world.asked.logins, 3);
    });

    it('and a day later a person may try again, the machine may not', async () => {
      const opened = world.open({ credentials: wrong });
      for (let round = 0; round < 5; round++) await opened.session.reauthenticate().catch(() => undefined);
      assert.equal(world.asked.logins, 3);
      world.advance(day + minute);
      await opened.outcome();
      assert.equal(world.asked.logins, 3);
      await opened.session.reauthenticate().catch(() => undefined);
      assert.equal(world.asked.logins, 4);
    });

    it('and another password, corrected within the day, is tried at once', async () => {
      const opened = world.open({ credentials: wrong });
      for (let round = 0; round < 5; round++) await opened.session.reauthenticate().catch(() => undefined);
      opened.credentials = credentialsOf('owner');
      await opened.session.reauthenticate();
      assert.equal(await opened.outcome(), 'data');
      assert.equal(world.asked.logins, 4);
    });
  });
});
