import { isUsagePoint } from '../linky/usage-point.js';
import type { Moment } from './clock.js';
import type { Failure } from './failures.js';
import type { GrantedTokens } from './interpret.js';
import type { KeptTokens } from './memory.js';

/** Waits after failed renewals, ms; the last one for all that follow (spec/device-flow 5.2). */
const pauses = [1, 2, 5, 15, 60].map((minutes) => minutes * 60_000);

/**
 * Wait before the first try after an answer that did not come, ms. The server may have exchanged the refresh token
 * without our knowing: for about a minute it gives the same answer once more, later it takes the old token for stolen
 * and ends the consent (RFC 9700 section 4.14.2, spec/device-flow 2.5).
 */
const lostAnswerPause = 5000;

/** How long before its end a token is renewed at the earliest, ms. */
const longestMargin = 600_000;

/** Milliseconds for which renewed tokens are believed although a server refuses them. */
const probation = 60_000;

/** How renewing goes; monotonic ms. */
export interface RenewalState {
  readonly failures: number;
  /** Whether the answer that did not come was asked for again. */
  readonly asksAgain?: boolean;
  /** Not before this moment is a renewal tried again. */
  readonly at?: number;
  /** When the tokens were renewed last. */
  readonly renewedAt?: number;
}

/** Nothing has failed. */
export const freshRenewal: RenewalState = { failures: 0 };

/** The margin before the end: 10 % of the life, 10 minutes at most. */
function marginOf(obtainedAt: number, expiresAt: number): number {
  return Math.min(longestMargin, 0.1 * Math.max(expiresAt - obtainedAt, 0));
}

/** From when on tokens are to be renewed, ms since the epoch; `undefined` where their end is not known. */
function dueAt({ obtainedAt, expiresAt }: KeptTokens): number | undefined {
  return expiresAt === undefined ? undefined : expiresAt - marginOf(obtainedAt, expiresAt);
}

/**
 * When to renew without being asked, ms since the epoch: somewhere in the first half of the margin (`random` from 0 to 1),
 * so that the clients of a server that was restarted do not come all at once.
 */
export function renewalTime(tokens: KeptTokens, random: number): number | undefined {
  const due = dueAt(tokens);
  if (due === undefined || tokens.refreshToken === undefined) return undefined;
  return due + (random * marginOf(tokens.obtainedAt, tokens.expiresAt ?? due)) / 2;
}

/** Whether tokens are to be renewed before they are used. */
export function isDue(tokens: KeptTokens, now: number): boolean {
  const due = dueAt(tokens);
  return due !== undefined && now >= due;
}

/** Whether the access token can still be used, as far as its end is known. */
export function isAlive({ expiresAt }: KeptTokens, now: number): boolean {
  return expiresAt === undefined || now < expiresAt;
}

function usagePointsOf(list: string): string[] {
  return [...new Set(list.split(/[,;\s]+/).filter(isUsagePoint))];
}

/**
 * The tokens that a server granted. Of an earlier set stays what the answer does not name: refresh token (RFC 6749
 * section 6), usage points, scope, end of the consent.
 */
export function grantedSet(granted: GrantedTokens, earlier: KeptTokens | undefined, now: number): KeptTokens {
  const { accessToken, tokenType, expiresIn, usagePointsAsReceived: list } = granted;
  const refreshToken = granted.refreshToken ?? earlier?.refreshToken;
  const scope = granted.scope ?? earlier?.scope;
  const received = list ?? earlier?.usagePointsAsReceived;
  const consentUntil = earlier?.consentUntil;
  return {
    accessToken,
    tokenType,
    usagePoints: list === undefined ? (earlier?.usagePoints ?? []) : usagePointsOf(list),
    obtainedAt: now,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(scope !== undefined && { scope }),
    ...(expiresIn !== undefined && { expiresAt: Math.round(now + expiresIn * 1000) }),
    ...(consentUntil !== undefined && { consentUntil }),
    ...(received !== undefined && { usagePointsAsReceived: received }),
  };
}

/** A renewal failed for the time being. A server that says that it was asked too often did not exchange anything. */
export function renewalFailed(state: RenewalState, failure: Failure, { monotonic }: Moment): RenewalState {
  const { failures, asksAgain = false } = state;
  if (!asksAgain && failures === 0 && failure.code !== 'rate_limited') {
    return { ...state, asksAgain: true, at: monotonic + Math.max(lostAnswerPause, failure.retryAfter ?? 0) };
  }
  const pause = pauses[Math.min(failures, pauses.length - 1)] ?? 0;
  return { ...state, failures: failures + 1, at: monotonic + Math.max(pause, failure.retryAfter ?? 0) };
}

/** A renewal succeeded. */
export function renewed({ monotonic }: Moment): RenewalState {
  return { failures: 0, renewedAt: monotonic };
}

/** Milliseconds until a renewal may be tried; 0 for at once. */
export function renewalWait({ at }: RenewalState, { monotonic }: Moment): number {
  return at === undefined ? 0 : Math.max(at - monotonic, 0);
}

/** Milliseconds for which tokens are too new to be renewed without being asked. */
export function probationLeft({ renewedAt }: RenewalState, { monotonic }: Moment): number {
  return renewedAt === undefined ? 0 : Math.max(renewedAt + probation - monotonic, 0);
}

/** Whether the tokens are so new that renewing them again would help nobody. */
export function isOnProbation(state: RenewalState, moment: Moment): boolean {
  return probationLeft(state, moment) > 0;
}
