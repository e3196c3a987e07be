import assert from 'node:assert/strict';
import { authenticationCodes, AuthenticationError, EnergyError } from '../../../lib/errors.js';
import { obstacleAfter, refusalOf, type Obstacle } from '../../../lib/envoy/obstacle.js';

const minute = 60_000;
const now = Date.parse('2025-06-01T12:00:00Z');
const rejected = new AuthenticationError('token_rejected', 'rejected', { retryable: true });

describe('what keeps a session from reading', () => {
  it('is, until a person acts, what only a person can change', () => {
    const blocking = authenticationCodes.filter(
      (code) => obstacleAfter(new AuthenticationError(code, code), undefined, now)?.kind === 'blocked',
    );
    assert.deepEqual(blocking, [
      'credentials_missing',
      'credentials_rejected',
      'mfa_required',
      'account_blocked',
      'serial_not_owned',
      'token_expired',
      'token_rejected',
      'firmware_changed',
    ]);
  });

  it('is the same error for every read, for ever', () => {
    const error = new AuthenticationError('credentials_rejected', 'no');
    const obstacle = obstacleAfter(error, undefined, now);
    for (const later of [0, minute, 1e12, -1e12]) assert.equal(refusalOf(obstacle, now + later), error);
  });

  it('is nothing where reading may go on by itself', () => {
    const codes = ['cloud_unavailable', 'rate_limited', 'role_insufficient', 'certificate_changed'] as const;
    for (const code of codes) {
      const error = new AuthenticationError(code, code, { retryable: true });
      assert.equal(obstacleAfter(error, undefined, now), undefined, code);
    }
    assert.equal(obstacleAfter(new EnergyError('gateway_timeout', 'late'), undefined, now), undefined);
    assert.equal(refusalOf(undefined, now), undefined);
  });

  it('is a pause, ever longer, where the gateway turns down a token that lives', () => {
    let obstacle: Obstacle | undefined;
    let time = now;
    const pauses: number[] = [];
    for (let count = 0; count < 7; count++) {
      obstacle = obstacleAfter(rejected, obstacle, time);
      assert.equal(refusalOf(obstacle, time), rejected);
      const until = obstacle?.kind === 'paused' ? obstacle.until : Number.NaN;
      assert.equal(refusalOf(obstacle, until - 1), rejected);
      assert.equal(refusalOf(obstacle, until), undefined);
      pauses.push((until - time) / minute);
      time = until;
    }
    assert.deepEqual(pauses, [1, 2, 4, 8, 15, 15, 15]);
  });

  it('is no pause of years where the clock is set right', () => {
    const obstacle = obstacleAfter(rejected, undefined, now);
    assert.equal(refusalOf(obstacle, now - 365 * 24 * 60 * minute), undefined);
  });
});
