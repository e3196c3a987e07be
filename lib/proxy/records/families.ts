import type { Change } from '../../store/records/records.js';
import { sameSecret } from '../codes.js';
import type { KeptUsagePoints, TokenFamily } from './types.js';
import { without } from './without.js';

/** What a new token family is made of. */
export interface NewFamily {
  readonly clientId: string;
  readonly usagePoints: KeptUsagePoints;
  readonly consents: readonly string[];
  /** Hash of the first refresh token. */
  readonly currentHash: string;
  /** Seconds that refresh tokens live at most. */
  readonly lifetime: number;
  /** End of the consent, ms since the epoch, where it is known. */
  readonly consentEndsAt?: number;
}

/** A refresh, as the family sees it. */
export interface Rotation {
  /** Hash of the refresh token that was presented; the caller found the family by it. */
  readonly presentedHash: string;
  /** Hash of the refresh token that is to follow. */
  readonly nextHash: string;
  /** The refresh token that is to follow, sealed under the one that was presented. */
  readonly successorSealed: string;
  readonly clientId: string;
  readonly now: number;
  /** How long the token before may still be presented, ms. */
  readonly grace: number;
}

/** What a refresh is told: rotated; the answer of the rotation before once more; the token was used up; no. */
export type RotationAnswer =
  { readonly kind: 'rotated' | 'reuse' | 'invalid' } | { readonly kind: 'grace'; readonly successorSealed: string };

/** A token family that begins; it ends with the consent at the latest (spec/device-flow 1.9). */
export function newFamily(given: NewFamily, now: number): TokenFamily {
  const { lifetime, consentEndsAt, ...rest } = given;
  const expiresAt = Math.min(now + lifetime * 1000, consentEndsAt ?? Infinity);
  return { ...rest, createdAt: now, expiresAt, generation: 0 };
}

/**
 * A refresh token is exchanged for the next (spec/device-flow 2.5 (7)). The one before it may come again for a short
 * while, since an answer can be lost and two refreshes can meet. Any other token of the family was used up before:
 * somebody has a copy, and the family ends (RFC 9700 4.14.2).
 */
export function rotate(family: TokenFamily | undefined, rotation: Rotation): Change<TokenFamily, RotationAnswer> {
  const { presentedHash, nextHash, successorSealed, clientId, now, grace } = rotation;
  if (!isUsable(family, now) || family.clientId !== clientId) return { answer: { kind: 'invalid' } };
  if (sameSecret(presentedHash, family.currentHash)) {
    const generation = family.generation + 1;
    return {
      next: {
        ...family,
        currentHash: nextHash,
        previousHash: family.currentHash,
        rotatedAt: now,
        generation,
        successorSealed,
      },
      answer: { kind: 'rotated' },
    };
  }
  const isPrevious = family.previousHash !== undefined && sameSecret(presentedHash, family.previousHash);
  if (isPrevious && family.successorSealed !== undefined && now - (family.rotatedAt ?? 0) <= grace) {
    return { answer: { kind: 'grace', successorSealed: family.successorSealed } };
  }
  return { ...revoke(family, 'reuse', now), answer: { kind: 'reuse' } };
}

/** Ends a family; the answer is whether that changed anything. */
export function revoke(
  family: TokenFamily | undefined,
  reason: NonNullable<TokenFamily['revokeReason']>,
  now: number,
): Change<TokenFamily, boolean> {
  if (!family || family.revokedAt !== undefined) return { answer: false };
  return { next: { ...without(family, 'successorSealed'), revokedAt: now, revokeReason: reason }, answer: true };
}

/** Whether tokens of the family count. */
export function isUsable(family: TokenFamily | undefined, now: number): family is TokenFamily {
  return family !== undefined && family.revokedAt === undefined && now < family.expiresAt;
}

/** Whether the family gives access to a usage point, named by its hash. */
export function covers(family: TokenFamily, usagePointHash: string): boolean {
  return family.usagePoints.hashes.includes(usagePointHash);
}
