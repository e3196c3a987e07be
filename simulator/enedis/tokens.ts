import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { KeptToken } from './kept.js';

/** What an access token was given for. */
export interface AccessToken {
  readonly clientId: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** A code of the consent page v1; good for one exchange (spec/device-flow 4.2). */
interface AuthorizationCode {
  readonly clientId: string;
  readonly usagePoints: string;
  readonly expiresAt: number;
}

interface RefreshToken {
  readonly clientId: string;
  readonly usagePoints: string;
}

/** Codes and tokens of the simulated Enedis. */
export interface Tokens {
  /** An access token: a JWT, as Enedis's. */
  issue(clientId: string, lifetime: number): string;
  /** The token while it is good. */
  accept(token: string): AccessToken | undefined;
  issueCode(clientId: string, usagePoints: string): string;
  /** The usage points of a code, once. */
  redeemCode(code: string, clientId: string): string | undefined;
  issueRefresh(clientId: string, usagePoints: string): string;
  /** The usage points of a refresh token, once. */
  redeemRefresh(token: string, clientId: string): string | undefined;
  revoke(token: string): void;
  /** Makes every access token invalid. */
  revokeAll(): void;
}

/** Life of a code, ms. */
const codeLifetime = 180_000;

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/**
 * No tokens at first, but access tokens from before if there are any.
 * @param onIssued is given all living access tokens whenever there is another one
 */
export function createTokens(
  now: () => number,
  earlier: readonly KeptToken[] = [],
  onIssued?: (tokens: readonly KeptToken[]) => void,
): Tokens {
  const key = randomBytes(32);
  /** By hash. */
  const access = new Map<string, AccessToken>(earlier.map((token) => [token.hash, token]));
  const codes = new Map<string, AuthorizationCode>();
  const refresh = new Map<string, RefreshToken>();
  const encode = (document: unknown): string => Buffer.from(JSON.stringify(document)).toString('base64url');

  const sign = (clientId: string, expiresAt: number): string => {
    const jti = randomBytes(12).toString('hex');
    const claims = { iss: 'enedis-simulator', client_id: clientId, exp: Math.floor(expiresAt / 1000), jti };
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
  };
  const living = (): KeptToken[] =>
    [...access].flatMap(([hash, token]) => (token.expiresAt > now() ? [{ ...token, hash }] : []));
  return {
    issue: (clientId, lifetime) => {
      const expiresAt = now() + lifetime * 1000;
      const token = sign(clientId, expiresAt);
      access.set(hashOf(token), { clientId, expiresAt });
      onIssued?.(living());
      return token;
    },
    accept: (token) => {
      const found = access.get(hashOf(token));
      return found && found.expiresAt > now() ? found : undefined;
    },
    issueCode: (clientId, usagePoints) => {
      const code = randomBytes(20).toString('hex');
      codes.set(code, { clientId, usagePoints, expiresAt: now() + codeLifetime });
      return code;
    },
    redeemCode: (code, clientId) => {
      const found = codes.get(code);
      if (found?.clientId !== clientId || found.expiresAt <= now()) return undefined;
      codes.delete(code);
      return found.usagePoints;
    },
    issueRefresh: (clientId, usagePoints) => {
      const token = randomBytes(24).toString('base64url');
      refresh.set(token, { clientId, usagePoints });
      return token;
    },
    redeemRefresh: (token, clientId) => {
      const found = refresh.get(token);
      if (found?.clientId !== clientId) return undefined;
      refresh.delete(token);
      return found.usagePoints;
    },
    revoke: (token) => {
      access.delete(hashOf(token));
      refresh.delete(token);
    },
    revokeAll: () => {
      access.clear();
    },
  };
}
