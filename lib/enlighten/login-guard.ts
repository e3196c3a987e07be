import { AuthenticationError, type AuthenticationCode } from '../errors.js';

/**
 * Keeps an Enlighten account from being locked (spec/envoy 2.3.7): an account that sees repeated logins is blocked by
 * the vendor for about a day. Everything here is pure; whoever logs in keeps the state, also across restarts.
 */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** After so many rejections of the same credentials in a day none is tried again, whoever asks. */
const rejectionLimit = 3;
const spacing = 5 * minute;
const personLimit = { count: 6, within: 10 * minute };

/** How a login ended; `pending` is also what a killed process leaves behind. */
type LoginOutcome = 'pending' | 'succeeded' | AuthenticationCode;

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

/** Whether the clock went back behind a login, which then says nothing of how long to wait. */
function isAhead(attempt: LoginAttempt, now: number): boolean {
  return attempt.at > now + minute;
}

/** The last login that the cloud had its say about: the password was right, or it was not. */
function lastVerdict(state: GuardState): LoginAttempt | undefined {
  return state.attempts.findLast(({ outcome }) => outcome === 'succeeded' || refusals.has(outcome));
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

/** Until when the cloud itself wants to be left alone; a day at most, lest a slip of its keep a house out for ever. */
function toldUntil({ at, outcome, retryAt }: LoginAttempt): number | undefined {
  return outcome === 'rate_limited' && retryAt !== undefined ? Math.min(retryAt, at + day) : undefined;
}

/** When the last login allows the next one that no person asked for. */
function spacedUntil(state: GuardState, last: LoginAttempt): number {
  if (last.outcome === 'rate_limited') return Math.max(toldUntil(last) ?? last.at + day, last.at + spacing);
  if (last.outcome === 'succeeded') {
    // A token that ended before it came says that the clock here is wrong, not that it lives shortly.
    const { lifetime = 0 } = last;
    return last.at + (lifetime > 0 ? Math.min(spacing, 0.8 * lifetime) : spacing);
  }
  const failures = Math.max(1, outages(state));
  // A login that reached nobody cannot lock an account: the cloud is looked for again sooner.
  return last.answered === true || last.outcome === 'pending'
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

/** Too many rejections in a day. */
function refusedAsRejected(state: GuardState, now: number): AuthenticationError | undefined {
  const doubtful = (outcome: LoginOutcome) => refusals.has(outcome) || (outcome === 'pending' && !state.accepted);
  const rejected = within(state, now, day).filter(({ outcome }) => doubtful(outcome));
  if (rejected.length < rejectionLimit) return undefined;
  return limited((rejected.at(-rejectionLimit)?.at ?? now) + day);
}

/** The cloud's own word. */
function refusedAsTold(state: GuardState, now: number): AuthenticationError | undefined {
  const last = state.attempts.at(-1);
  const until = last && !isAhead(last, now) ? toldUntil(last) : undefined;
  return until !== undefined && until > now ? limited(until) : undefined;
}

function refusedToPerson(state: GuardState, now: number): (AuthenticationError | undefined)[] {
  const recent = within(state, now, personLimit.within);
  if (recent.length < personLimit.count) return [];
  return [limited((recent.at(-personLimit.count)?.at ?? now) + personLimit.within)];
}

function refusedToMachine(state: GuardState, reason: LoginReason, now: number): (AuthenticationError | undefined)[] {
  const verdict = lastVerdict(state);
  if (verdict && refusals.has(verdict.outcome)) return [again(verdict, verdict.at + day)];
  // What a killed process left unfinished must not keep a house without a token from getting one.
  const last = state.attempts.findLast(({ outcome }) => reason !== 'needed' || outcome !== 'pending');
  return [last, verdict].map((attempt) => {
    if (!attempt || isAhead(attempt, now)) return undefined;
    const until = spacedUntil(state, attempt);
    if (until <= now) return undefined;
    const { outcome } = attempt;
    return outcome === 'succeeded' || outcome === 'pending' ? limited(until) : again(attempt, until);
  });
}

/**
 * Why a login may not be made now; `undefined` where it may. Of several waits the longest, so that `retryAt` is a
 * moment at which it may really be made.
 */
export function loginRefused(state: GuardState, reason: LoginReason, now: number): AuthenticationError | undefined {
  const rejected = refusedAsRejected(state, now);
  if (rejected) return rejected;
  const byPerson = reason === 'person' || reason === 'deploy';
  const own = byPerson ? refusedToPerson(state, now) : refusedToMachine(state, reason, now);
  const waits = [refusedAsTold(state, now), ...own].filter((refusal) => refusal !== undefined);
  return waits.toSorted((one, other) => (other.retryAt ?? 0) - (one.retryAt ?? 0))[0];
}

/**
 * The state with a login begun; to be kept before the request is sent. Attempts older than two days are dropped,
 * except for the last one that the cloud had its say about.
 */
export function loginBegun(state: GuardState, now: number): GuardState {
  const verdict = lastVerdict(state);
  const recent = state.attempts.filter((attempt) => attempt.at > now - 2 * day || attempt === verdict);
  return { ...state, attempts: [...recent, { at: now, outcome: 'pending' }] };
}

/** The state with the outcome of the login that was begun last. */
export function loginEnded(state: GuardState, result: Omit<LoginAttempt, 'at'>): GuardState {
  const last = state.attempts.at(-1);
  if (!last) return state;
  const attempts = [...state.attempts.slice(0, -1), { ...result, at: last.at }];
  return { ...state, accepted: state.accepted || result.outcome === 'succeeded', attempts };
}
