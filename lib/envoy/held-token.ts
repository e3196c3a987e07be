import { createHash } from 'node:crypto';
import { readToken, type TokenClaims } from '../enlighten/token.js';

/** A token of a gateway with what is known about it. */
export interface HeldToken {
  readonly value: string;
  readonly claims: TokenClaims;
  /** `cloud`: fetched with an account; `person`: pasted or injected. */
  readonly origin: 'cloud' | 'person';
  /** Hash of the account that fetched it. */
  readonly account?: string;
}

/** A held token as it is kept on disk. */
export interface KeptToken {
  readonly value: string;
  readonly origin: 'cloud' | 'person';
  readonly account?: string;
}

/** A name for a token that does not give it away. */
export function tokenHash(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** A hash by which to tell whether a token was fetched with the account that is configured now. */
export function accountHash(username: string): string {
  return tokenHash(`account ${username.trim().toLowerCase()}`);
}

/** The token with its claims. @throws AuthenticationError `token_rejected` where the text is no token */
export function hold(kept: KeptToken): HeldToken {
  return { ...kept, claims: readToken(kept.value) };
}

/** What the token is kept as. */
export function kept({ value, origin, account }: HeldToken): KeptToken {
  return { value, origin, ...(account !== undefined && { account }) };
}

/**
 * The tokens worth trying at a start, the newest first (design 3.1): the one on disk unless another account fetched
 * it, and the one in the credentials. Texts that are no token are left out.
 */
export function candidates(
  stored: KeptToken | undefined,
  configured: string | undefined,
  username: string | undefined,
): HeldToken[] {
  const account = username === undefined ? undefined : accountHash(username);
  const foreign = (token: KeptToken) =>
    token.origin === 'cloud' && account !== undefined && token.account !== undefined && token.account !== account;
  const found = new Map<string, HeldToken>();
  const add = (token: KeptToken) => {
    if (foreign(token) || found.has(token.value)) return;
    try {
      found.set(token.value, hold(token));
    } catch {
      // A cut-off paste is told to the person by the dialog; here the other token may still do.
    }
  };
  if (stored) add(stored);
  const text = configured?.trim();
  if (text && text !== stored?.value) add({ value: text, origin: 'person' });
  return [...found.values()].sort((a, b) => (b.claims.issuedAt ?? 0) - (a.claims.issuedAt ?? 0));
}
