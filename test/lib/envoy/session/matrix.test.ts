import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { AuthenticationError } from '../../../../lib/errors.js';
import type { GatewayCredentials } from '../../../../lib/envoy/settings.js';
import { credentialsOf, day, hour, minute, otherSerial, SessionWorld } from '../../../support/session.js';

/*
 * Firmware x credentials x state of the token (spec/envoy 2.1 to 2.3). On either side of version 7 every combination
 * of credentials and token is read, on firmware versions that take turns, so that every pair of two factors occurs.
 */

const digestFirmware = ['3.17.3', '3.9.36', '4.2.33', '5.0.62'] as const;
const tokenFirmware = ['7.3.130', '7.6.175', '8.2.4345', '8.3.5169'] as const;

const tokenStates = ['none', 'valid', 'expired', 'foreign serial', 'malformed', 'revoked', 'about to expire'] as const;
type TokenState = (typeof tokenStates)[number];

/** `data` or a code, then the logins and the token requests that the cloud saw. */
type Expected = readonly [outcome: string, logins: number, tokens: number];

interface Row {
  readonly name: string;
  readonly credentials: GatewayCredentials;
  /** Whether the token stands in the credentials, as pasted by a person, instead of in the file. */
  readonly pasted?: true;
  /** Below firmware 7: `data` or a code; the cloud is never asked. */
  readonly digest: string;
  /** From firmware 7 on, by the state of the token, in their order. */
  readonly token: readonly [Expected, Expected, Expected, Expected, Expected, Expected, Expected];
}

/** Without an Enlighten account there is only the token at hand. */
const withoutAccount: Row['token'] = [
  ['credentials_missing', 0, 0],
  ['data', 0, 0],
  ['token_expired', 0, 0],
  ['serial_not_owned', 0, 0],
  ['credentials_missing', 0, 0],
  ['token_rejected', 0, 0],
  ['data', 0, 0],
];

/** A token that works is used in peace; anything else comes from the cloud. */
const withAccount: Row['token'] = [
  ['data', 1, 1],
  ['data', 0, 0],
  ['data', 1, 1],
  ['data', 1, 1],
  ['data', 1, 1],
  ['data', 1, 1],
  ['data', 1, 1],
];

/** An account that the cloud turns down: a token that works is used all the same. */
function refused(code: string, tokens: number): Row['token'] {
  const rejected = [code, 1, tokens] as const;
  return [rejected, ['data', 0, 0], rejected, rejected, rejected, rejected, ['data', 1, tokens]];
}

const rows: readonly Row[] = [
  { name: 'none', credentials: {}, digest: 'data', token: withoutAccount },
  { name: 'installer', credentials: { username: 'installer' }, digest: 'data', token: withoutAccount },
  {
    name: 'installer with a password of its own',
    credentials: { username: 'installer', password: 'ignored' },
    digest: 'data',
    token: withoutAccount,
  },
  {
    name: 'envoy, blank password',
    credentials: { username: 'envoy', password: '' },
    digest: 'data',
    token: withoutAccount,
  },
  {
    name: 'envoy, its password',
    credentials: { username: 'envoy', password: '000042' },
    digest: 'data',
    token: withoutAccount,
  },
  {
    name: 'envoy, wrong password',
    credentials: { username: 'envoy', password: 'guessed' },
    digest: 'credentials_rejected',
    token: withoutAccount,
  },
  {
    name: 'another user with a password',
    credentials: { username: 'family', password: 'kitchen' },
    digest: 'data',
    token: refused('credentials_rejected', 0),
  },
  {
    name: 'another user without a password',
    credentials: { username: 'family' },
    digest: 'credentials_missing',
    token: withoutAccount,
  },
  { name: 'an e-mail alone', credentials: { username: 'owner@example.com' }, digest: 'data', token: withoutAccount },
  { name: 'an account', credentials: credentialsOf('owner'), digest: 'data', token: withAccount },
  {
    name: 'an account, wrong password',
    credentials: { ...credentialsOf('owner'), password: 'mistyped' },
    digest: 'data',
    token: refused('credentials_rejected', 0),
  },
  {
    name: 'an account with a second factor',
    credentials: credentialsOf('mfa'),
    digest: 'data',
    token: refused('mfa_required', 0),
  },
  {
    name: 'a blocked account',
    credentials: credentialsOf('blocked'),
    digest: 'data',
    token: refused('account_blocked', 0),
  },
  { name: "an installer's account", credentials: credentialsOf('installer'), digest: 'data', token: withAccount },
  {
    name: 'the account of another house',
    credentials: credentialsOf('foreign'),
    digest: 'data',
    token: refused('serial_not_owned', 1),
  },
  {
    name: 'a token alone',
    credentials: {},
    pasted: true,
    digest: 'data',
    // A text that is no token was given, and saying that nothing was given would send the person astray.
    token: withoutAccount.with(4, ['token_rejected', 0, 0]) as unknown as Row['token'],
  },
];

describe('what a session reads, by firmware, credentials and token', function () {
  let world: SessionWorld;

  before(async () => {
    world = await SessionWorld.start({ localPasswords: { family: 'kitchen' } });
  });

  after(() => world.close());

  async function tokenIn(state: TokenState): Promise<string | undefined> {
    switch (state) {
      case 'none':
        return undefined;
      case 'valid':
        return world.token();
      case 'expired':
        return world.token(2 * hour, { ttl: 3600 });
      case 'foreign serial':
        return world.token(0, { serial: otherSerial });
      case 'malformed':
        return (await world.token()).slice(0, 40);
      case 'revoked':
        return world.token(hour);
      case 'about to expire':
        return world.token(355 * day);
    }
  }

  async function readsAs(firmware: string, row: Row, state: TokenState, expected: Expected): Promise<void> {
    await world.clear();
    await world.gateway.setFirmware(firmware);
    world.cloud.unblock(credentialsOf('owner').username ?? '');
    if (state === 'revoked') world.revoke(30 * minute);
    else world.gateway.switches.rejectTokensIssuedBefore = 0;
    const token = await tokenIn(state);
    const { credentials } = row;
    if (token !== undefined && !row.pasted) await world.keepToken(token, credentials);
    const given = token !== undefined && row.pasted ? { ...credentials, token } : credentials;

    const opened = world.open({ credentials: given });
    const outcome = await opened.outcome();
    await opened.close();
    const { logins, tokens } = world.asked;

    assert.deepEqual([outcome, logins, tokens], expected);
    assert.equal(world.gateway.log.maximumInFlight, 1);
    const problem = opened.session.state.problem;
    if (outcome !== 'data') assert.ok(problem instanceof AuthenticationError && problem.code === outcome);
  }

  describe('firmware below 7: Digest, the cloud left alone', () => {
    for (const [index, row] of rows.entries()) {
      for (const [turn, state] of tokenStates.entries()) {
        const firmware = digestFirmware[(index + turn) % digestFirmware.length] ?? '';
        it(`${firmware}, ${row.name}, token ${state}: ${row.digest}`, () =>
          readsAs(firmware, row, state, [row.digest, 0, 0]));
      }
    }
  });

  describe('firmware 7 and newer: tokens', () => {
    for (const [index, row] of rows.entries()) {
      for (const [turn, state] of tokenStates.entries()) {
        const firmware = tokenFirmware[(index + turn) % tokenFirmware.length] ?? '';
        const expected = row.token[turn];
        assert.ok(expected);
        it(`${firmware}, ${row.name}, token ${state}: ${expected.join(', ')}`, () =>
          readsAs(firmware, row, state, expected));
      }
    }
  });
});
