import type { Moment } from './clock.js';
import type { Failure } from './failures.js';
import type { DancePhase, Prompt } from './prompt.js';

/** A device code as the server gave it (RFC 8628 section 3.2). */
export interface IssuedCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  /** Milliseconds that it lives. */
  readonly lifetime: number;
  /** Seconds between two polls, as first told. */
  readonly interval: number;
}

/** A dance as it is kept on disk; only wall-clock times, since no other clock outlives the process. */
export interface KeptDance {
  readonly code: IssuedCode;
  readonly attempt: number;
  readonly attempts: number;
  /** Seconds; as in force. */
  readonly interval: number;
  /** Milliseconds to wait after the last answer. */
  readonly pause: number;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** A code is to be fetched, or is being fetched. */
export interface Requesting {
  readonly kind: 'requesting';
  readonly attempt: number;
  readonly attempts: number;
  /** Whether a request is under way. */
  readonly busy: boolean;
  /** Monotonic ms of the next request. */
  readonly at: number;
  /** Milliseconds waited after the last failure. */
  readonly pause: number;
  /** Monotonic ms after which failing requests end the dance. */
  readonly until: number;
}

/** A code is shown, and the server is asked for the outcome. */
export interface Waiting extends KeptDance {
  readonly kind: 'waiting';
  readonly busy: boolean;
  /** Monotonic ms of the next poll. */
  readonly at: number;
  /** Monotonic ms; no poll after it. */
  readonly deadline: number;
  readonly trouble?: 'slowed' | 'offline';
}

/** Where a dance stands (spec/device-flow 5.1). */
export type DanceState = { readonly kind: 'idle' } | Requesting | Waiting;

/** What an answer to a poll comes to; `T` is what the server grants. */
export type PollOutcome<T> =
  | { readonly kind: 'granted'; readonly granted: T }
  | { readonly kind: 'pending' | 'slow_down'; readonly interval?: number; readonly retryAfter?: number }
  /** Too many requests, without a word on this dance. */
  | { readonly kind: 'limited'; readonly retryAfter?: number }
  /** No answer, or one that says nothing. */
  | { readonly kind: 'trouble'; readonly retryAfter?: number }
  | { readonly kind: 'expired' }
  /** The PHP server says this of expired codes and of used ones. */
  | { readonly kind: 'invalid_grant' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A transition: the new state and, where the dance came to its end, how. */
export interface DanceStep<T> {
  readonly state: DanceState;
  readonly granted?: T;
  readonly failure?: Failure;
}

/** What is to be done at a moment. */
export type DanceDue =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'sleep'; readonly milliseconds: number }
  | { readonly kind: 'request' | 'poll' | 'expire' };

/** No dance is under way. */
export const idle: DanceState = { kind: 'idle' };

const longestPause = 60_000;
/** How far the server's clock may be from ours when it says that a code is no good any more, ms. */
const expiryTolerance = 10_000;
/** The least time for which a code is renewed against a server that does not answer, ms. */
const shortestRenewal = 300_000;
/** How far the wall clock may drift before the shown end is corrected, ms. */
const drift = 2000;

/** The first step: a code is to be fetched at once. */
export function begin(attempts: number, { monotonic }: Moment): Requesting {
  return { kind: 'requesting', attempt: 1, attempts, busy: false, at: monotonic, pause: 0, until: monotonic };
}

/** What is due now. There is never more than one request, and none at or after the deadline. */
export function due(state: DanceState, monotonic: number): DanceDue {
  if (state.kind === 'idle' || state.busy) return { kind: 'nothing' };
  const sleep = (until: number): DanceDue => ({ kind: 'sleep', milliseconds: until - monotonic });
  if (state.kind === 'requesting') return monotonic >= state.at ? { kind: 'request' } : sleep(state.at);
  if (monotonic >= state.deadline) return { kind: 'expire' };
  return monotonic >= state.at ? { kind: 'poll' } : sleep(Math.min(state.at, state.deadline));
}

/** A request goes out. */
export function sent<T extends Requesting | Waiting>(state: T): T {
  return { ...state, busy: true };
}

/** A code came. The first poll waits for one interval. */
export function issued({ attempt, attempts }: Requesting, code: IssuedCode, { now, monotonic }: Moment): Waiting {
  const pause = code.interval * 1000;
  return {
    kind: 'waiting',
    code,
    attempt,
    attempts,
    interval: code.interval,
    pause,
    expiresAt: Math.round(now + code.lifetime),
    busy: false,
    at: monotonic + pause,
    deadline: monotonic + code.lifetime,
  };
}

/** Twice the pause, up to a minute, and never less than what the server asked for. */
function longer(pause: number, least: number): number {
  return Math.max(least, Math.min(longestPause, 2 * pause));
}

/**
 * No code came. The first request of a dance ends it: a person is there to be told. A renewal goes on trying while the
 * server is only out of reach.
 */
export function requestFailed(
  state: Requesting,
  failure: Failure,
  passing: boolean,
  { monotonic }: Moment,
): DanceStep<never> {
  const pause = Math.max(longer(state.pause || 2500, 0), failure.retryAfter ?? 0);
  if (!passing || monotonic + pause > state.until) return { state: idle, failure };
  return { state: { ...state, busy: false, pause, at: monotonic + pause } };
}

/** The code is over: the next one is fetched if the dance has one left. */
export function expire({ attempt, attempts, code }: Waiting, { monotonic }: Moment): DanceStep<never> {
  if (attempt >= attempts) return { state: idle, failure: { code: 'code_expired' } };
  const until = monotonic + Math.max(code.lifetime, shortestRenewal);
  return { state: { kind: 'requesting', attempt: attempt + 1, attempts, busy: false, at: monotonic, pause: 0, until } };
}

/** A wall clock that was set does not move the deadline, only what is shown and kept of it. */
function shownEnd({ expiresAt, deadline }: Waiting, { now, monotonic }: Moment): number {
  const end = Math.round(now + deadline - monotonic);
  return Math.abs(end - expiresAt) > drift ? end : expiresAt;
}

function goOn(
  state: Waiting,
  moment: Moment,
  change: { readonly interval: number; readonly pause: number; readonly trouble?: Waiting['trouble'] },
): Waiting {
  const { code, attempt, attempts, deadline } = state;
  return {
    kind: 'waiting',
    code,
    attempt,
    attempts,
    deadline,
    busy: false,
    interval: change.interval,
    pause: change.pause,
    at: moment.monotonic + change.pause,
    expiresAt: shownEnd(state, moment),
    ...(change.trouble && { trouble: change.trouble }),
  };
}

function answered(
  state: Waiting,
  outcome: Extract<PollOutcome<unknown>, { kind: 'pending' | 'slow_down' | 'limited' | 'trouble' }>,
  moment: Moment,
): Waiting {
  const { kind, retryAfter } = outcome;
  const told = 'interval' in outcome ? (outcome.interval ?? 0) : 0;
  const interval = Math.max(kind === 'slow_down' ? state.interval + 5 : state.interval, told);
  const asked = kind === 'limited' || retryAfter !== undefined;
  const least = asked ? Math.max((state.interval + 5) * 1000, retryAfter ?? 0) : 0;
  const usual = kind === 'trouble' ? longer(state.pause, interval * 1000) : interval * 1000;
  const pause = Math.max(usual, least);
  if (kind === 'trouble') return goOn(state, moment, { interval, pause, trouble: 'offline' });
  return goOn(state, moment, { interval, pause, ...((kind !== 'pending' || asked) && { trouble: 'slowed' as const }) });
}

/** An answer to a poll, or none, came (spec/device-flow 5.1 points 4 to 7). */
export function polled<T>(state: Waiting, outcome: PollOutcome<T>, moment: Moment): DanceStep<T> {
  switch (outcome.kind) {
    case 'granted':
      return { state: idle, granted: outcome.granted };
    case 'failed':
      return { state: idle, failure: outcome.failure };
    case 'expired':
      return expire(state, moment);
    case 'invalid_grant':
      return moment.monotonic >= state.deadline - expiryTolerance
        ? expire(state, moment)
        : { state: idle, failure: { code: 'server_error', parameters: { error: 'invalid_grant' } } };
    default:
      return { state: answered(state, outcome, moment) };
  }
}

/** What is kept of a dance; `undefined` where there is no code. */
export function keptDance(state: DanceState): KeptDance | undefined {
  if (state.kind !== 'waiting') return undefined;
  const { code, attempt, attempts, interval, pause, expiresAt } = state;
  return { code, attempt, attempts, interval, pause, expiresAt };
}

/**
 * A dance that was under way when the process ended. The wall clock says how much time is left, but never more than
 * the code had; the pause begins anew, since nobody knows when the last answer came.
 */
export function resume(kept: KeptDance, { now, monotonic }: Moment): Waiting {
  const left = Math.min(Math.max(kept.expiresAt - now, 0), kept.code.lifetime);
  const times = { at: monotonic + kept.pause, deadline: monotonic + left, expiresAt: Math.round(now + left) };
  return { kind: 'waiting', ...kept, busy: false, ...times };
}

/** What a person is shown. */
export function promptOf({ code, attempt, attempts, interval, expiresAt }: Waiting): Prompt {
  const { userCode, verificationUri, verificationUriComplete } = code;
  return { userCode, verificationUri, verificationUriComplete, expiresAt, interval, attempt, attempts };
}

/** The phase as others see it. */
export function phaseOf(state: DanceState): DancePhase {
  if (state.kind !== 'waiting') return { phase: state.kind };
  return { phase: 'waiting', prompt: promptOf(state), ...(state.trouble && { trouble: state.trouble }) };
}
