import { randomBytes } from 'node:crypto';
import { SignJWT, generateKeyPair, jwtVerify } from 'jose';

/** Roles a token may carry (spec/envoy 2.3.3). */
export type TokenRole = 'owner' | 'installer';

/** Life of a token by role, seconds (spec/envoy 2.3.3). */
export const tokenLifetime: Readonly<Record<TokenRole, number>> = { owner: 31_536_000, installer: 43_200 };

/** What a token shall say. */
export interface TokenOptions {
  readonly serial: string;
  readonly user?: TokenRole;
  /** Seconds; default by role. */
  readonly ttl?: number;
  /** Seconds since the epoch; default now. */
  readonly iat?: number;
  readonly username?: string;
}

/** What a valid token says. */
export interface TokenClaims {
  readonly user: TokenRole;
  /** ms since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Whoever signs tokens, and whoever checks them with the same key. */
export interface TokenAuthority {
  issue(options: TokenOptions): Promise<string>;
  /** The claims of a token that is signed by this authority, made for that serial and not expired at `now` (ms); else nothing. */
  verify(token: string, serial: string, now: number): Promise<TokenClaims | undefined>;
}

/** An authority with a new ES256 key. */
export async function createTokenAuthority(): Promise<TokenAuthority> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keyId = randomBytes(8).toString('hex');
  // `iat` counts whole seconds; a revocation has to tell apart tokens of the same second.
  const issuedAt = new Map<string, number>();

  return {
    issue: async ({ serial, user = 'owner', ttl = tokenLifetime[user], iat, username = 'demo@example.com' }) => {
      const seconds = iat ?? Math.floor(Date.now() / 1000);
      const id = randomBytes(12).toString('hex');
      if (iat === undefined) issuedAt.set(id, Date.now());
      return new SignJWT({ enphaseUser: user, username })
        .setProtectedHeader({ alg: 'ES256', kid: keyId, typ: 'JWT' })
        .setAudience(serial)
        .setIssuer('Entrez')
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + ttl)
        .setJti(id)
        .sign(privateKey);
    },
    verify: async (token, serial, now) => {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['ES256'],
          audience: serial,
          currentDate: new Date(now),
          requiredClaims: ['exp', 'iat'],
        });
        const { iat = 0, exp = 0, jti = '', enphaseUser } = payload;
        const user = enphaseUser === 'installer' ? 'installer' : 'owner';
        return { user, issuedAt: issuedAt.get(jti) ?? iat * 1000, expiresAt: exp * 1000 };
      } catch {
        return undefined;
      }
    },
  };
}
