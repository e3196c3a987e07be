import type { Change } from '../../store/records/records.js';
import type { ApplicationTokenRecord } from './types.js';
import { without } from './without.js';

const second = 1000;
/** A token that lives shorter than this is renewed before it is used, ms (spec/device-flow 2.5 (9)). */
const tokenMargin = 120 * second;
/** How long the renewal belongs to one instance, ms: a little more than an upstream request may take. */
const renewalLease = 40 * second;
/** Between two renewals because the token was refused, ms (spec/device-flow D16). */
const renewalPause = 60 * second;
const firstFailurePause = 5 * second;

/** Somebody needs the application's token. */
export interface TokenNeed {
  /** Names the caller; the same while it tries again. */
  readonly owner: string;
  /** `tokenSealed` of the token that the upstream server refused, where this is why another is wanted. */
  readonly refused?: string;
  readonly now: number;
}

/**
 * `use`: this token. `renew`: the caller has the lease, asks for a new token and reports with `renewed` or
 * `renewalFailed`. `wait`: another instance is renewing; read again, until then at the latest. `pause`: no renewal
 * before then, since the last one is too recent or failed.
 */
export type TokenAnswer =
  | { readonly kind: 'use'; readonly tokenSealed: string; readonly expiresAt: number }
  | { readonly kind: 'renew' }
  | { readonly kind: 'wait' | 'pause'; readonly until: number };

/** Decides between the stored token and a renewal (spec/device-flow 2.5 (9), D16); one caller at a time is let renew. */
export function needToken(
  record: ApplicationTokenRecord | undefined,
  { owner, refused, now }: TokenNeed,
): Change<ApplicationTokenRecord, TokenAnswer> {
  const stored = usableToken(record, refused, now);
  if (stored && stored.expiresAt - now > tokenMargin) return { answer: stored };
  const pausedUntil = pauseEnd(record, stored !== undefined || refused !== undefined);
  const isPaused = pausedUntil > now && pausedUntil <= now + renewalPause;
  if (isPaused) return { answer: stored ?? { kind: 'pause', until: pausedUntil } };
  if (record && isLeasedToAnother(record, owner, now)) {
    return { answer: stored ?? { kind: 'wait', until: record.leaseUntil ?? now } };
  }
  const next = { ...(record ?? { failures: 0 }), leaseOwner: owner, leaseUntil: now + renewalLease };
  return { next, answer: { kind: 'renew' } };
}

/** A new token came. It is kept even where the lease had passed on, whose new owner then finds it. */
export function renewed(
  record: ApplicationTokenRecord | undefined,
  given: { readonly owner: string; readonly tokenSealed: string; readonly expiresAt: number; readonly now: number },
): Change<ApplicationTokenRecord, void> {
  const { owner, tokenSealed, expiresAt, now } = given;
  const rest = withoutLease(record, owner);
  return { next: { ...rest, tokenSealed, expiresAt, lastRenewalAt: now, failures: 0 }, answer: undefined };
}

/** No new token came. The answer is when the next try may be made, ms since the epoch. */
export function renewalFailed(
  record: ApplicationTokenRecord | undefined,
  { owner, now }: { readonly owner: string; readonly now: number },
): Change<ApplicationTokenRecord, number> {
  const rest = withoutLease(record, owner);
  const next = { ...rest, lastRenewalAt: now, failures: rest.failures + 1 };
  return { next, answer: pauseEnd(next, false) };
}

/** The caller gives up its lease, as when it shuts down; the answer is whether it had one. */
export function releaseLease(
  record: ApplicationTokenRecord | undefined,
  owner: string,
): Change<ApplicationTokenRecord, boolean> {
  if (record?.leaseOwner !== owner) return { answer: false };
  return { next: withoutLease(record, owner), answer: true };
}

function usableToken(record: ApplicationTokenRecord | undefined, refused: string | undefined, now: number) {
  const { tokenSealed, expiresAt = 0 } = record ?? {};
  if (tokenSealed === undefined || tokenSealed === refused || expiresAt <= now) return undefined;
  return { kind: 'use', tokenSealed, expiresAt } as const;
}

/** A failure pauses for 5, 10, 20, 40, then 60 s. A success only where a renewal can wait or would not help. */
function pauseEnd(record: ApplicationTokenRecord | undefined, afterSuccess: boolean): number {
  if (record?.lastRenewalAt === undefined) return 0;
  const failurePause = Math.min(firstFailurePause * 2 ** (record.failures - 1), renewalPause);
  const successPause = afterSuccess ? renewalPause : 0;
  return record.lastRenewalAt + (record.failures > 0 ? failurePause : successPause);
}

/** A lease that ends later than one that begins now comes from a clock that was set back. */
function isLeasedToAnother({ leaseOwner, leaseUntil = 0 }: ApplicationTokenRecord, owner: string, now: number) {
  return leaseOwner !== undefined && leaseOwner !== owner && leaseUntil > now && leaseUntil <= now + renewalLease;
}

function withoutLease(record: ApplicationTokenRecord | undefined, owner: string): ApplicationTokenRecord {
  if (!record) return { failures: 0 };
  if (record.leaseOwner !== owner) return record;
  return without(record, 'leaseOwner', 'leaseUntil');
}
