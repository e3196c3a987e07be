import type { Change } from '../../store/records/records.js';
import { sameSecret } from '../codes.js';
import type { Consent } from './types.js';

const hour = 3600_000;
const day = 24 * hour;

/** What a consent is made of when a callback brings it. */
export interface NewConsent extends Omit<Consent, 'grantedAt' | 'live' | 'revokedAt' | 'denials'> {
  /** Since when Enedis runs the services for it, the beginning of the day, ms since the epoch; where it says so. */
  readonly begunAt?: number;
}

/** Whether a consent counts. */
export function isLive(consent: Consent | undefined, now: number): consent is Consent {
  return consent !== undefined && consent.live && now < (consent.expiresAt ?? Infinity);
}

/**
 * A callback brings a consent (spec/device-flow D1b (4)). `taken`: the authorisation already belongs to a living consent
 * that another browser brought; authorisation ids can be guessed, so it is not given to a second one. Consents without
 * an authorisation id have nothing that could be guessed, and one that has ended may be brought by anybody. So may one
 * whose services began after it was granted: the person deleted the share at Enedis and made it anew, which keeps the id
 * (spec/device-flow 4.1).
 */
export function attach(
  consent: Consent | undefined,
  { begunAt = -Infinity, ...given }: NewConsent,
  now: number,
): Change<Consent, 'attached' | 'taken'> {
  const fresh: Consent = { ...given, grantedAt: now, live: true, denials: [] };
  if (!isLive(consent, now) || begunAt > consent.grantedAt) return { next: fresh, answer: 'attached' };
  if (consent.autorisationHash !== undefined && !isSameBrowser(consent, given)) return { answer: 'taken' };
  return { next: { ...fresh, grantedAt: consent.grantedAt }, answer: 'attached' };
}

/**
 * Enedis answered that there is no consent (spec/device-flow D31). The second time in 24 hours ends it; `revoked` is
 * true for the one answer that ended it. Answers of one hour count once: a client asks for several things in a row, and
 * a short trouble of Enedis must not cost a consent.
 */
export function noConsentSeen(
  consent: Consent | undefined,
  now: number,
): Change<Consent, { readonly revoked: boolean }> {
  if (!consent?.live) return { answer: { revoked: false } };
  const recent = consent.denials.filter((at) => Math.abs(now - at) < day);
  if (recent.some((at) => Math.abs(now - at) < hour)) return { answer: { revoked: false } };
  const denials = [...recent, now].slice(-2);
  if (denials.length < 2) return { next: { ...consent, denials }, answer: { revoked: false } };
  return { next: { ...consent, denials, live: false, revokedAt: now }, answer: { revoked: true } };
}

/** Ends a consent; the answer is whether that changed anything. */
export function endConsent(consent: Consent | undefined, now: number): Change<Consent, boolean> {
  if (!consent?.live) return { answer: false };
  return { next: { ...consent, live: false, revokedAt: now }, answer: true };
}

function isSameBrowser({ browserHash }: Consent, given: NewConsent): boolean {
  return browserHash !== undefined && given.browserHash !== undefined && sameSecret(browserHash, given.browserHash);
}
