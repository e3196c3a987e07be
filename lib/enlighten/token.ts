import { decodeJwt, type JWTPayload } from 'jose';
import { AuthenticationError } from '../errors.js';

/** What a gateway token says of itself (spec/envoy 2.3.3). Nothing of it is verified: the gateway judges. */
export interface TokenClaims {
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** ms since the epoch; absent where the token does not say. */
  readonly issuedAt?: number;
  /** `owner` or `installer`; other words are kept as they are. */
  readonly role?: string;
  /** Serial number of the gateway that the token is for. */
  readonly serial?: string;
}

function claimsOf(text: string): JWTPayload {
  try {
    // The decoder looks at the middle part only; quotes or a word around the token would go unnoticed.
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return decodeJwt(text);
  } catch {
    // Told below, as any other text that is no token.
  }
  throw new AuthenticationError(
    'token_rejected',
    'The token is not a JSON Web Token: it may have been cut off when it was copied.',
  );
}

/**
 * Reads the claims of a token.
 * @throws AuthenticationError `token_rejected` where the text is no JWT (a cut-off paste, a web page) or has no expiry
 */
export function readToken(text: string): TokenClaims {
  const claims = claimsOf(text);
  if (typeof claims.exp !== 'number' || !Number.isFinite(claims.exp)) {
    throw new AuthenticationError('token_rejected', 'The token does not say when it expires.');
  }
  const role = claims['enphaseUser'];
  const audience = Array.isArray(claims.aud) ? claims.aud[0] : claims.aud;
  return {
    expiresAt: claims.exp * 1000,
    ...(typeof claims.iat === 'number' && { issuedAt: claims.iat * 1000 }),
    ...(typeof role === 'string' && { role }),
    ...(audience !== undefined && { serial: audience }),
  };
}

const day = 24 * 3600 * 1000;

/**
 * The moment (ms since the epoch) from which a token is to be renewed: `refreshBefore` days before its end; a token
 * that lives under two days at 20 % of its life (design 3.1). For tokens that the cloud gave to us (`ours`) never in
 * their first half, or a cloud that gives short tokens would be asked again and again.
 */
export function renewalTime(claims: TokenClaims, refreshBefore: number, ours: boolean): number {
  const lifetime = claims.issuedAt === undefined ? undefined : claims.expiresAt - claims.issuedAt;
  if (lifetime !== undefined && lifetime < 2 * day) return claims.expiresAt - 0.2 * lifetime;
  const margin = refreshBefore * day;
  return claims.expiresAt - (ours && lifetime !== undefined ? Math.min(margin, lifetime / 2) : margin);
}
