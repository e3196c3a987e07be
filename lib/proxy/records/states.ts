import type { Change } from '../../store/records/records.js';
import { sameSecret } from '../codes.js';
import type { AuthState } from './types.js';
import { without } from './without.js';

/** How long one callback has the state for itself, ms (spec/device-flow 2.5 (3)). */
const lease = 20_000;
/** How often a callback may come without a result (2.5 (3)). */
const mostTries = 5;
/** How many different authorisation ids one state may bring (D1b (5)). */
const mostAutorisations = 3;

/** What a visit to the consent page is made of. */
export interface NewAuthState {
  /** Id of the grant. */
  readonly grant: string;
  readonly browserHash: string;
  /** ms since the epoch; the grant's `completeUntil`. */
  readonly expiresAt: number;
}

/** A callback, as its state sees it. */
export interface Callback {
  /** Hash of the cookie that the browser sent; `undefined` where it sent none. */
  readonly browserHash: string | undefined;
  readonly autorisationHash?: string | undefined;
  readonly now: number;
}

/** `begun`: the caller has the lease. `busy`: another callback has it. `done` and `failed`: it is over. */
export type CallbackAnswer = 'begun' | 'unknown' | 'other_browser' | 'busy' | 'done' | 'failed';

/** A state that was just sent along to the consent page. */
export function newAuthState(given: NewAuthState, now: number): AuthState {
  return { ...given, status: 'open', tries: 0, autorisations: [], createdAt: now };
}

/**
 * A callback came with the state (spec/device-flow 1.5, 2.5 (3)). Another browser changes nothing, so that whoever
 * learns a state cannot use up its tries. A finished state answers `done` again to the browser that finished it.
 */
export function beginCallback(
  state: AuthState | undefined,
  { browserHash, autorisationHash, now }: Callback,
): Change<AuthState, CallbackAnswer> {
  if (!state || (now >= state.expiresAt && state.status !== 'done')) return { answer: 'unknown' };
  if (browserHash === undefined || !sameSecret(browserHash, state.browserHash)) return { answer: 'other_browser' };
  if (state.status === 'done' || state.status === 'failed') return { answer: state.status };
  if (isLeased(state, now)) return { answer: 'busy' };
  const autorisations =
    autorisationHash === undefined || state.autorisations.includes(autorisationHash)
      ? state.autorisations
      : [...state.autorisations, autorisationHash];
  if (state.tries >= mostTries || autorisations.length > mostAutorisations) {
    return { next: { ...without(state, 'leaseUntil'), status: 'failed' }, answer: 'failed' };
  }
  const tries = state.tries + 1;
  return {
    next: { ...state, status: 'processing', leaseUntil: now + lease, tries, autorisations },
    answer: 'begun',
  };
}

/**
 * A callback ended: `done`, `failed`, or `open` for another try. The answer is whether that changed anything. A consent
 * that went through counts even when another callback took over in between.
 */
export function endCallback(
  state: AuthState | undefined,
  outcome: 'done' | 'open' | 'failed',
): Change<AuthState, boolean> {
  if (!state || state.status === outcome) return { answer: false };
  if (outcome !== 'done' && state.status !== 'processing') return { answer: false };
  return { next: { ...without(state, 'leaseUntil'), status: outcome }, answer: true };
}

/** A lease that ends later than one that begins now comes from a clock that was set back. */
function isLeased({ status, leaseUntil = 0 }: AuthState, now: number): boolean {
  return status === 'processing' && leaseUntil > now && leaseUntil <= now + lease;
}
