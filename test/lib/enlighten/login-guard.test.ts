import assert from 'node:assert/strict';
import {
  freshGuard,
  loginBegun,
  loginEnded,
  loginRefused,
  type GuardState,
  type LoginAttempt,
  type LoginReason,
} from '../../../lib/enlighten/login-guard.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.parse('2025-06-01T12:00:00Z');

type Past = readonly [ago: number, outcome: LoginAttempt['outcome'], more?: Partial<LoginAttempt>];

/** A guard that saw these logins, the oldest first; `accepted` is as it would have become. */
function guard(...past: Past[]): GuardState {
  const attempts = past.map(([ago, outcome, more]) => ({
    answered: outcome !== 'pending',
    ...more,
    at: now - ago,
    outcome,
  }));
  return { credentials: 'hash', accepted: past.some(([, outcome]) => outcome === 'succeeded'), attempts };
}

const reasons: LoginReason[] = ['renewal', 'needed', 'deploy', 'person'];
const unanswered = { answered: false };

describe('a login', () => {
  type Verdict = 'allowed' | readonly [code: string, wait: number];
  const same = (verdict: Verdict): Record<LoginReason, Verdict> => ({
    renewal: verdict,
    needed: verdict,
    deploy: verdict,
    person: verdict,
  });
  const machine = (verdict: Verdict): Record<LoginReason, Verdict> => ({
    ...same('allowed'),
    renewal: verdict,
    needed: verdict,
  });
  const cases: [what: string, state: GuardState, expected: Record<LoginReason, Verdict>][] = [
    ['may be made at first', freshGuard('hash'), same('allowed')],
    ['waits five minutes after a success', guard([minute, 'succeeded']), machine(['rate_limited', 4 * minute])],
    ['may be made after that', guard([5 * minute, 'succeeded']), same('allowed')],
    [
      'waits for most of the life of a token that lives shortly',
      guard([second, 'succeeded', { lifetime: 10 * second }]),
      machine(['rate_limited', 7 * second]),
    ],
    [
      'waits five minutes where the token ended in the past: the clock here is wrong',
      guard([minute, 'succeeded', { lifetime: -hour }]),
      machine(['rate_limited', 4 * minute]),
    ],
    [
      'is never made again by itself after a rejection',
      guard([hour, 'credentials_rejected']),
      machine(['credentials_rejected', 23 * hour]),
    ],
    ['nor after a second factor was wanted', guard([hour, 'mfa_required']), machine(['mfa_required', 23 * hour])],
    ['nor while the account is locked', guard([hour, 'account_blocked']), machine(['account_blocked', 23 * hour])],
    ['nor a week after', guard([7 * day, 'credentials_rejected']), machine(['credentials_rejected', -6 * day])],
    [
      'nor where a person tried in between and the cloud was down',
      guard([2 * hour, 'credentials_rejected'], [hour, 'cloud_unavailable', unanswered]),
      machine(['credentials_rejected', 22 * hour]),
    ],
    [
      'nor where a person tried in between and the process was killed',
      guard([2 * hour, 'credentials_rejected'], [hour, 'pending']),
      machine(['credentials_rejected', 22 * hour]),
    ],
    [
      'may be made again where a person had success in between',
      guard([2 * hour, 'credentials_rejected'], [hour, 'succeeded']),
      same('allowed'),
    ],
    [
      'is made by nobody after three rejections in a day',
      guard([20 * hour, 'credentials_rejected'], [10 * hour, 'account_blocked'], [minute, 'credentials_rejected']),
      same(['rate_limited', 4 * hour]),
    ],
    [
      'is made by a person once the first of three is a day ago',
      guard([25 * hour, 'credentials_rejected'], [10 * hour, 'mfa_required'], [2 * hour, 'credentials_rejected']),
      machine(['credentials_rejected', 22 * hour]),
    ],
    [
      'counts logins as rejected that nobody knows the end of, where the password never worked',
      guard([3 * hour, 'pending'], [2 * hour, 'pending'], [hour, 'pending']),
      same(['rate_limited', 21 * hour]),
    ],
    [
      'does not count them where it did work, so that a house without a token gets one',
      guard([9 * hour, 'succeeded'], [3 * minute, 'pending'], [2 * minute, 'pending'], [minute, 'pending']),
      { ...same('allowed'), renewal: ['rate_limited', 4 * minute] },
    ],
    [
      'is made by a person six times in ten minutes at most',
      guard(...[9, 8, 7, 6, 5, 4].map((ago) => [ago * minute, 'server_error'] as Past)),
      { ...same(['rate_limited', minute]), ...pick(machine(['server_error', 160 * minute - 4 * minute])) },
    ],
    ['waits a day where the cloud counts logins', guard([hour, 'rate_limited']), machine(['rate_limited', 23 * hour])],
    [
      'waits as long as the cloud says, also for a person',
      guard([minute, 'rate_limited', { retryAt: now + 10 * minute }]),
      same(['rate_limited', 10 * minute]),
    ],
    [
      'waits five minutes where the cloud says "at once"',
      guard([minute, 'rate_limited', { retryAt: now - minute }]),
      machine(['rate_limited', 4 * minute]),
    ],
    [
      'waits no longer than a day where the cloud says "never"',
      guard([hour, 'rate_limited', { retryAt: now + 1000 * day }]),
      same(['rate_limited', 23 * hour]),
    ],
    [
      'looks soon for a cloud that was not there',
      guard([5 * second, 'cloud_unavailable', unanswered]),
      machine(['cloud_unavailable', 10 * second]),
    ],
    [
      'looks ever more rarely for it',
      guard(...[hour, 30 * minute, 10 * minute, second].map((ago) => [ago, 'cloud_unavailable', unanswered] as Past)),
      machine(['cloud_unavailable', 2 * minute - second]),
    ],
    [
      'but every half an hour at least',
      guard(
        ...Array.from({ length: 40 }, (_, at) => [(81 - 2 * at) * minute, 'cloud_unavailable', unanswered] as Past),
      ),
      machine(['cloud_unavailable', 27 * minute]),
    ],
    [
      'waits five minutes for a cloud that is ill',
      guard([minute, 'cloud_unavailable']),
      machine(['cloud_unavailable', 4 * minute]),
    ],
    [
      'waits ever longer for it, six hours at most',
      guard(...Array.from({ length: 20 }, (_, at) => [(20 - at) * hour, 'server_error'] as Past)),
      machine(['server_error', 5 * hour]),
    ],
    [
      'waits five minutes after a success whatever a person did since',
      guard([2 * minute, 'succeeded'], [minute, 'cloud_unavailable', unanswered]),
      machine(['rate_limited', 3 * minute]),
    ],
    ['may be made where the clock went back', guard([-3 * hour, 'succeeded']), same('allowed')],
    [
      'may be made where the clock went back after the cloud limited logins',
      guard([-300 * day, 'rate_limited', { retryAt: now + 300 * day + minute }]),
      same('allowed'),
    ],
    [
      'is not made by itself where the clock went back after a rejection',
      guard([-300 * day, 'credentials_rejected']),
      machine(['credentials_rejected', 301 * day]),
    ],
  ];
  for (const [what, state, expected] of cases) {
    it(what, () => {
      const verdicts = reasons.map((reason): [LoginReason, Verdict] => {
        const refused = loginRefused(state, reason, now);
        return [reason, refused ? [refused.code, (refused.retryAt ?? Number.NaN) - now] : 'allowed'];
      });
      assert.deepEqual(Object.fromEntries(verdicts), expected);
    });
  }

  it('says of a refusal whether waiting helps', () => {
    assert.equal(loginRefused(guard([hour, 'credentials_rejected']), 'needed', now)?.retryable, false);
    assert.equal(loginRefused(guard([second, 'succeeded']), 'needed', now)?.retryable, true);
    assert.equal(loginRefused(guard([second, 'cloud_unavailable']), 'needed', now)?.retryable, true);
  });

  it('is remembered from its beginning to its end', () => {
    const begun = loginBegun(freshGuard('hash'), now);
    assert.deepEqual(begun.attempts, [{ at: now, outcome: 'pending' }]);
    const ended = loginEnded(begun, { outcome: 'succeeded', answered: true, lifetime: hour });
    assert.deepEqual(ended.attempts, [{ at: now, outcome: 'succeeded', answered: true, lifetime: hour }]);
    assert.deepEqual([begun.accepted, ended.accepted], [false, true]);
    assert.equal(loginEnded(loginBegun(ended, now), { outcome: 'credentials_rejected' }).accepted, true);
  });

  it('is forgotten after two days, except for the last verdict', () => {
    const state = loginBegun(guard([50 * hour, 'succeeded'], [49 * hour, 'server_error'], [hour, 'succeeded']), now);
    assert.deepEqual(
      state.attempts.map(({ outcome }) => outcome),
      ['succeeded', 'pending'],
    );
    const rejected = loginEnded(loginBegun(guard([9 * day, 'mfa_required']), now), { outcome: 'cloud_unavailable' });
    assert.equal(loginRefused(rejected, 'needed', now + 9 * day)?.code, 'mfa_required');
  });

  function pick({ renewal, needed }: Record<LoginReason, Verdict>): Partial<Record<LoginReason, Verdict>> {
    return { renewal, needed };
  }
});
