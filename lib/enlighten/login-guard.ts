import { AuthenticationError, type AuthenticationCode } from '../errors.js';

/**
 * Keeps an Enlighten account from being locked (spec/envoy 2.3.7): an account that sees repeated logins is blocked by
 * the vendor for about a day. Everything here is pure; whoever logs in keeps the state, also across restarts.
 */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** After so many rejections of the same credentials in a day none is tried again, whoever asks. */
export const rejectionLimit = 3;
const spacing = 5 * minute;
const personLimit = { count: 6, within: 10 * minute };
const unfinishedLimit = { count: 5, within: hour };

/** How a login ended; `pending` is also what a killed process leaves behind. */
export type LoginOutcome = 'pending' | 'succeeded' | AuthenticationCode;

/** One login. */
export interface LoginAttempt {
  /** ms since the epoch. */
  readonly at: number;
  readonly outcome: LoginOutcome;
  /** Life of the token that it brought, ms. */
  readonly lifetime?: number;
  /** Whether the cloud answered at all. */
  readonly answered?: boolean;
  /** Not before this moment, by the cloud's own word, ms since the epoch. */
  readonly retryAt?: number;
}

/** The logins of one account with one password, oldest first. */
export interface GuardState {
  /** Keyed hash of user name and password: another password starts afresh. */
  readonly credentials: string;
  /** Whether these credentials were accepted before. */
  readonly accepted: boolean;
  readonly attempts: readonly LoginAttempt[];
}

/**
 * Why a login is wanted: the token in hand still works (`renewal`), there is none that works (`needed`), or a person
 * acted: deployed the gateway (`deploy`) or asked for a login (`person`).
 */
export type LoginReason = 'renewal' | 'needed' | 'deploy' | 'person';

/** No login made yet. */
export function freshGuard(credentials: string): GuardState {
  return { credentials, accepted: false, attempts: [] };
}

const refusals = new Set<LoginOutcome>(['credentials_rejected', 'mfa_required', 'account_blocked']);

/** Attempts "in the future" count too: the clock of a small computer may be behind after a power cut. */
function within(state: GuardState, now: number, span: number): LoginAttempt[] {
  return state.attempts.filter(({ at }) => at > now - span);
}

/** Consecutive failures at the end of the list that are no fault of the credentials. */
function outages(state: GuardState): number {
  let count = 0;
  for (const { outcome } of state.attempts.toReversed()) {
    if (outcome !== 'cloud_unavailable' && outcome !== 'server_error') break;
    count++;
  }
  return count;
}

/** When the last login allows the next one that no person asked for. */
function spacedUntil(state: GuardState, last: LoginAttempt): number {
  if (last.retryAt !== undefined) return last.retryAt;
  if (last.outcome === 'succeeded') return last.at + Math.min(spacing, 0.8 * (last.lifetime ?? Infinity));
  if (last.outcome === 'rate_limited' || last.outcome === 'account_blocked') return last.at + day;
  const failures = Math.max(1, outages(state));
  // A login that reached nobody cannot lock an account: the cloud is looked for again sooner.
  return last.answered
    ? last.at + Math.min(6 * hour, spacing * 2 ** (failures - 1))
    : last.at + Math.min(30 * minute, 15_000 * 2 ** (failures - 1));
}

function limited(until: number): AuthenticationError {
  const message = 'Enlighten is not asked again yet, so that the account does not get locked.';
  return new AuthenticationError('rate_limited', message, { retryable: true, retryAt: until });
}

function again(attempt: LoginAttempt, until: number): AuthenticationError {
  const code = attempt.outcome as AuthenticationCode;
  return new AuthenticationError(code, 'Enlighten was not asked again: the last login failed in this way.', {
    retryable: !refusals.has(attempt.outcome),
    retryAt: until,
  });
}

function refusedToAll(state: GuardState, now: number): AuthenticationError | undefined {
  const doubtful = (outcome: LoginOutcome) => refusals.has(outcome) || (outcome === 'pending' && !state.accepted);
  const rejected = within(state, now, day).filter(({ outcome }) => doubtful(outcome));
  if (rejected.length >= rejectionLimit) return limited((rejected.at(-rejectionLimit)?.at ?? now) + day);
  const last = state.attempts.at(-1);
  if (last?.outcome === 'rate_limited' && last.retryAt !== undefined && last.retryAt > now)
    return limited(last.retryAt);
  return undefined;
}

function refusedToPerson(state: GuardState, now: number): AuthenticationError | undefined {
  const recent = within(state, now, personLimit.within);
  if (recent.length < personLimit.count) return undefined;
  return limited((recent.at(-personLimit.count)?.at ?? now) + personLimit.within);
}

function refusedToMachine(state: GuardState, reason: LoginReason, now: number): AuthenticationError | undefined {
  const refusal = state.attempts.findLast(({ outcome }) => outcome !== 'pending');
  if (refusal && refusals.has(refusal.outcome)) return again(refusal, refusal.at + day);
  const unfinished = within(state, now, unfinishedLimit.within).filter(({ outcome }) => outcome === 'pending');
  if (unfinished.length >= unfinishedLimit.count && reason === 'needed' && !state.accepted) {
    return limited((unfinished[0]?.at ?? now) + unfinishedLimit.within);
  }
  // What a killed process left unfinished must not keep a house without a token from getting one.
  const last = reason === 'needed' ? refusal : state.attempts.at(-1);
  if (!last) return undefined;
  const until = spacedUntil(state, last);
  if (until <= now || last.at > now + minute) return undefined;
  return last.outcome === 'succeeded' || last.outcome === 'pending' ? limited(until) : again(last, until);
}

/** Why a login may not be made now; `undefined` where it may. */
export function loginRefused(state: GuardState, reason: LoginReason, now: number): AuthenticationError | undefined {
  const byPerson = reason === 'person' || reason === 'deploy';
  return refusedToAll(state, now) ?? (byPerson ? refusedToPerson(state, now) : refusedToMachine(state, reason, now));
}

/** The state with a login begun; to be kept before the request is sent. Attempts older than two days are dropped. */
export function loginBegun(state: GuardState, now: number): GuardState {
  return { ...state, attempts: [...within(state, now, 2 * day), { at: now, outcome: 'pending' }] };
}

/** The state with the outcome of the login that was begun last. */
export function loginEnded(state: GuardState, result: Omit<LoginAttempt, 'at'>): GuardState {
  const last = state.attempts.at(-1);
  if (!last) return state;
  const attempts = [...state.attempts.slice(0, -1), { ...result, at: last.at }];
  return { ...state, accepted: state.accepted || result.outcome === 'succeeded', attempts };
}
