import type { Change } from '../../store/records/records.js';
import type { Approval, DenyReason, DeviceGrant } from './types.js';

const second = 1000;
/** How long an approved grant can be redeemed at least, ms (spec/device-flow 2.5 (6), check 99). */
const redeemWindow = 120 * second;
/** How long a consent may take once the code was entered, ms (1.4). */
const consentTime = 600 * second;
/** How much sooner than asked a device may poll, ms (1.6). */
const pollTolerance = second;
/** By how much the interval grows for a device that polls too often, and up to where, seconds (1.6). */
const intervalStep = 5;
const longestInterval = 30;

/** What a new device code is made of. */
export interface NewGrant {
  readonly clientId: string;
  readonly scope?: string;
  readonly userCodeHash: string;
  /** Seconds between two polls. */
  readonly interval: number;
  /** Seconds that the code lives. */
  readonly lifetime: number;
  readonly requesterHash: string;
  readonly pkceVerifierSealed?: string;
  readonly clientSecretSealed?: string;
}

/** What a poll is told; `interval` in seconds. `approved` comes with what the device is given. */
export type PollAnswer =
  | { readonly kind: 'unknown' | 'expired' | 'redeemed' }
  | { readonly kind: 'denied'; readonly reason?: DenyReason }
  | { readonly kind: 'pending' | 'slow_down'; readonly interval: number }
  | { readonly kind: 'approved'; readonly approval: Approval };

/** A device code that was just issued (spec/device-flow 1.2). */
export function newGrant(given: NewGrant, now: number): DeviceGrant {
  const { lifetime, ...rest } = given;
  const expiresAt = now + lifetime * second;
  return {
    ...rest,
    status: 'pending',
    polls: 0,
    rejectedPolls: 0,
    createdAt: now,
    expiresAt,
    completeUntil: expiresAt,
  };
}

/**
 * Somebody entered the user code (spec/device-flow 1.4, 2.5 (2)): the grant waits for a consent, for at least ten
 * minutes more. It can be entered again until the code expires, but not brought to life by it.
 */
export function claim(grant: DeviceGrant | undefined, now: number): Change<DeviceGrant, 'claimed' | 'unknown'> {
  if (!grant || !isUndecided(grant) || now >= grant.expiresAt) return { answer: 'unknown' };
  const completeUntil = Math.max(grant.completeUntil, now + consentTime);
  return { next: { ...grant, status: 'authorizing', completeUntil }, answer: 'claimed' };
}

/**
 * The consent was given (spec/device-flow 2.5 (4)). `already`: an earlier consent counts, this one changes nothing.
 * `too_late`: the code was never entered, has expired, or was refused.
 */
export function approve(
  grant: DeviceGrant | undefined,
  approval: Omit<Approval, 'at'>,
  now: number,
): Change<DeviceGrant, 'approved' | 'already' | 'too_late'> {
  if (grant?.status === 'approved' || grant?.status === 'redeemed') return { answer: 'already' };
  if (grant?.status !== 'authorizing' || now >= grant.completeUntil) return { answer: 'too_late' };
  return { next: { ...grant, status: 'approved', approval: { ...approval, at: now } }, answer: 'approved' };
}

/** No consent will come (spec/device-flow 1.5); the answer is whether that changed anything. */
export function deny(grant: DeviceGrant | undefined, reason: DenyReason, now: number): Change<DeviceGrant, boolean> {
  if (!grant || !isUndecided(grant) || now >= grant.completeUntil) return { answer: false };
  return { next: { ...grant, status: 'denied', denyReason: reason }, answer: true };
}

/**
 * The device asks (spec/device-flow 1.6, 2.5 (5)). A poll that comes too soon does not move the window, else a device
 * that is a little too fast would never be answered; for the same reason several of them in a row raise the interval once
 * (check 91). `approved` still has to be won with `redeem`.
 */
export function poll(grant: DeviceGrant | undefined, clientId: string, now: number): Change<DeviceGrant, PollAnswer> {
  const answer = outcome(grant, clientId, now);
  if (!grant || answer.kind !== 'pending') return { answer };
  const polls = grant.polls + 1;
  if (!isTooSoon(grant, now)) {
    return { next: { ...grant, polls, lastPollAt: now, slowed: false }, answer };
  }
  const interval = grant.slowed ? grant.interval : Math.min(grant.interval + intervalStep, longestInterval);
  return {
    next: { ...grant, polls, rejectedPolls: grant.rejectedPolls + 1, slowed: true, interval },
    answer: { kind: 'slow_down', interval },
  };
}

/**
 * The device takes what was approved (spec/device-flow 2.5 (6)): of all who try, one is answered `approved`. Whoever
 * tries again with the same family, since he did not learn how it ended, has still won. In the authorization-code mode
 * may be no family; then nobody wins twice.
 */
export function redeem(
  grant: DeviceGrant | undefined,
  clientId: string,
  family: string | undefined,
  now: number,
): Change<DeviceGrant, PollAnswer> {
  const answer = outcome(grant, clientId, now);
  const isOwn = family !== undefined && family !== '' && grant?.family === family;
  if (answer.kind === 'redeemed' && isOwn && grant.approval) {
    return { answer: { kind: 'approved', approval: grant.approval } };
  }
  if (!grant || answer.kind !== 'approved') return { answer };
  return { next: { ...grant, status: 'redeemed', ...(family !== undefined && { family }) }, answer };
}

function isUndecided({ status }: DeviceGrant): boolean {
  return status === 'pending' || status === 'authorizing';
}

function outcome(grant: DeviceGrant | undefined, clientId: string, now: number): PollAnswer {
  if (grant?.clientId !== clientId) return { kind: 'unknown' };
  const { status, approval, denyReason, expiresAt, interval } = grant;
  if (status === 'redeemed') return { kind: 'redeemed' };
  if (status === 'denied') return { kind: 'denied', ...(denyReason !== undefined && { reason: denyReason }) };
  const usableUntil = approval ? Math.max(approval.at + redeemWindow, expiresAt) : expiresAt;
  if (now >= usableUntil) return { kind: 'expired' };
  return approval ? { kind: 'approved', approval } : { kind: 'pending', interval };
}

/**
 * A last poll in the future by more than the interval can only come from a clock that was set back: it does not count.
 * One that is nearer may come from another instance's clock, and counts.
 */
function isTooSoon({ lastPollAt, interval }: DeviceGrant, now: number): boolean {
  if (lastPollAt === undefined) return false;
  const since = now - lastPollAt;
  return since < interval * second - pollTolerance && since >= -interval * second;
}
