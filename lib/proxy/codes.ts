import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** Letters of user codes: no vowels and no Y, so that no code is a word (RFC 8628 6.1; spec/device-flow 1.2). */
export const userCodeAlphabet = 'BCDFGHJKLMNPQRSTVWXZ';

/** An access or refresh token: 256 random bits as 64 lower-case hex digits (spec/device-flow 1.5, 1.6). */
export function newToken(): string {
  return randomBytes(32).toString('hex');
}

/** A device code: 256 random bits as 64 lower-case hex digits (spec/device-flow 1.2). */
export function newDeviceCode(): string {
  return newToken();
}

/** A user code as it is shown, `XXXX-XXXX`, every letter equally likely; `normalizeUserCode` gives what is hashed. */
export function newUserCode(): string {
  const letters = Array.from({ length: 8 }, () => userCodeAlphabet.charAt(randomInt(userCodeAlphabet.length)));
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** The value of a `state` parameter, a cookie or a CSRF token: 256 random bits, 43 base64url characters (1.9). */
export function newState(): string {
  return randomBytes(32).toString('base64url');
}

/** The id of a record that no secret addresses: 128 random bits, 22 base64url characters. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** A PKCE verifier (RFC 7636 4.1): 256 random bits, 43 base64url characters. */
export function newPkceVerifier(): string {
  return newState();
}

/** The S256 challenge of a PKCE verifier (RFC 7636 4.2). */
export function pkceChallenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/**
 * A user code as somebody typed it, brought to eight capital letters; `undefined` where it cannot be one. Whatever is
 * not a letter of A to Z is dropped (spec/device-flow 1.4).
 */
export function normalizeUserCode(text: string): string | undefined {
  const letters = text.replace(/[^A-Za-z]/g, '').toUpperCase();
  return letters.length === 8 ? letters : undefined;
}

/** Compares two secrets in a time that says nothing about where they differ (spec/device-flow D13). */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
