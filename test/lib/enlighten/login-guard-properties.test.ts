import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  freshGuard,
  loginBegun,
  loginEnded,
  loginRefused,
  type GuardState,
  type LoginAttempt,
  type LoginReason,
} from '../../../lib/enlighten/login-guard.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.parse('2025-06-01T12:00:00Z');

type End = Omit<LoginAttempt, 'at'>;

/** What happens one after another: time passes, or somebody wants a login that would end like this. */
type Event =
  | { readonly kind: 'time'; readonly passed: number }
  | { readonly kind: 'wish'; readonly reason: LoginReason; readonly end: End | 'killed' };

interface Login {
  readonly at: number;
  readonly reason: LoginReason;
  readonly end: End | 'killed';
}

/** Plays the events on a guard whose state is kept as text between any two of them, as across restarts. */
function play(events: readonly Event[]): { logins: Login[]; state: GuardState; now: number } {
  let now = start;
  let kept = JSON.stringify(freshGuard('hash'));
  const logins: Login[] = [];
  for (const event of events) {
    if (event.kind === 'time') {
      now += event.passed;
      continue;
    }
    const { reason, end } = event;
    const state = JSON.parse(kept) as GuardState;
    if (loginRefused(state, reason, now)) continue;
    const begun = loginBegun(state, now);
    kept = JSON.stringify(end === 'killed' ? begun : loginEnded(begun, end));
    logins.push({ at: now, reason, end });
  }
  return { logins, state: JSON.parse(kept) as GuardState, now };
}

const span = fc.oneof(
  fc.integer({ min: 0, max: 20_000 }),
  fc.integer({ min: 0, max: 20 * minute }),
  fc.integer({ min: 0, max: 30 * hour }),
  fc.integer({ min: 0, max: 4 * day }),
);
const forward = fc.record({ kind: fc.constant('time' as const), passed: span });
const backward = fc.record({ kind: fc.constant('time' as const), passed: span.map((passed) => -passed) });
const reason = fc.constantFrom<LoginReason>('renewal', 'needed', 'deploy', 'person');
const wishOf = (...ends: fc.Arbitrary<End | 'killed'>[]): fc.Arbitrary<Event> =>
  fc.record({ kind: fc.constant('wish' as const), reason, end: fc.oneof(...ends) });

const killed = fc.constant('killed' as const);
const refused = fc.constantFrom<End>(
  { outcome: 'credentials_rejected', answered: true },
  { outcome: 'mfa_required', answered: true },
  { outcome: 'account_blocked', answered: true },
);
const outage = fc.constantFrom<End>(
  { outcome: 'cloud_unavailable', answered: false },
  { outcome: 'cloud_unavailable', answered: true },
  { outcome: 'server_error', answered: true },
);
const limited = fc.option(fc.integer({ min: -day, max: 400 * day }), { nil: undefined }).map((wait): End => ({
  outcome: 'rate_limited',
  answered: true,
  ...(wait !== undefined && { retryAt: start + wait }),
}));
const succeeded = fc
  .option(fc.integer({ min: -day, max: 365 * day }), { nil: undefined })
  .map((life): End => ({ outcome: 'succeeded', answered: true, ...(life !== undefined && { lifetime: life }) }));

const isMachine = ({ reason: why }: Login): boolean => why === 'renewal' || why === 'needed';
const isRefusal = ({ end }: Login): boolean =>
  end !== 'killed' && ['credentials_rejected', 'mfa_required', 'account_blocked'].includes(end.outcome);
const isSuccess = ({ end }: Login): boolean => end !== 'killed' && end.outcome === 'succeeded';
const events = (...kinds: fc.Arbitrary<Event>[]): fc.Arbitrary<Event[]> =>
  fc.array(fc.oneof(...kinds), { maxLength: 120, size: 'max' });
const runs = { numRuns: 1000 };

const succeedsFirst: Event = {
  kind: 'wish',
  reason: 'person',
  end: { outcome: 'succeeded', answered: true },
};

describe('whatever happens', () => {
  it('a wrong password is never judged more than three times in a day, killed processes included', () => {
    fc.assert(
      fc.property(events(forward, wishOf(refused, killed, outage, limited)), (all) => {
        const judged = play(all).logins.filter((login) => login.end === 'killed' || isRefusal(login));
        judged.forEach(({ at }, index) => {
          const fourth = judged[index + 3];
          assert.ok(!fourth || fourth.at - at >= day, `four logins within ${((fourth?.at ?? 0) - at) / hour} hours`);
        });
      }),
      runs,
    );
  });

  it('nothing but a person logs in with a password that was refused, wherever the clock goes', () => {
    fc.assert(
      fc.property(events(forward, backward, wishOf(refused, killed, outage, limited, succeeded)), (all) => {
        let verdict: Login | undefined;
        for (const login of play(all).logins) {
          assert.ok(!(verdict && isRefusal(verdict) && isMachine(login)));
          if (isRefusal(login) || isSuccess(login)) verdict = login;
        }
      }),
      runs,
    );
  });

  it('nothing but a person logs in again shortly after a success', () => {
    fc.assert(
      fc.property(events(forward, wishOf(killed, outage, limited, succeeded)), (all) => {
        let success: Login | undefined;
        for (const login of play(all).logins) {
          if (success && isMachine(login)) {
            const { lifetime = Infinity } = success.end as End;
            const least = Math.min(5 * minute, lifetime > 0 ? 0.8 * lifetime : Infinity);
            assert.ok(login.at - success.at >= least, `after ${login.at - success.at} ms`);
          }
          if (isSuccess(login)) success = login;
        }
      }),
      runs,
    );
  });

  it('nobody logs in more than six times in ten minutes for a person', () => {
    fc.assert(
      fc.property(events(forward, wishOf(refused, killed, outage, limited, succeeded)), (all) => {
        const { logins } = play(all);
        logins.forEach((login, index) => {
          const sixth = logins[index - 6];
          assert.ok(isMachine(login) || !sixth || login.at - sixth.at >= 10 * minute);
        });
      }),
      runs,
    );
  });

  it('a house with a right password is told a moment within a day at which it is let in', () => {
    fc.assert(
      fc.property(events(forward, wishOf(killed, outage, limited, succeeded)), (all) => {
        const { state, now } = play([succeedsFirst, ...all]);
        const next = loginRefused(state, 'needed', now)?.retryAt ?? now;
        assert.ok(next - now <= day);
        assert.equal(loginRefused(state, 'needed', next), undefined);
      }),
      runs,
    );
  });

  it('a house with a right password is let in at last, wherever the clock went', () => {
    fc.assert(
      fc.property(events(forward, backward, wishOf(killed, outage, limited, succeeded)), (all) => {
        const { state, now } = play([succeedsFirst, ...all]);
        // A login that lay in the future when the clock had gone back comes into sight again while waiting.
        let next = now;
        for (let turn = 0; turn < 3; turn++) {
          const told = loginRefused(state, 'needed', next)?.retryAt ?? next;
          assert.ok(told - next <= day + minute);
          next = told;
        }
        assert.equal(loginRefused(state, 'needed', next), undefined);
      }),
      runs,
    );
  });
});
