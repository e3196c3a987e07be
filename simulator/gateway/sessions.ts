import { randomBytes } from 'node:crypto';
import type { TokenAuthority, TokenClaims } from '../shared/tokens.js';

/** A session without use ends after ten minutes (spec/envoy 2.3.5). */
const idleLimit = 600_000;

/** Who a request of firmware 7 and newer comes from. */
interface Bearer {
  readonly claims: TokenClaims;
  /** How it was shown. */
  readonly by: 'token' | 'cookie';
}

/** The token side of a gateway from firmware 7 on. */
export interface BearerGuard {
  /** Refuses every token and session as if all were revoked. */
  rejectTokens: boolean;
  /** Refuses tokens and sessions of tokens issued before this moment, ms since the epoch; 0 refuses none. */
  rejectTokensIssuedBefore: number;
  check(headers: { authorization?: string | undefined; cookie?: string | undefined }): Promise<Bearer | undefined>;
  /** Opens a session for the token and gives its `Set-Cookie` value. */
  open(claims: TokenClaims): string;
  /** Ends all sessions, as a restart of the gateway does. */
  forget(): void;
}

/** What a guard over tokens needs to know. */
export interface BearerOptions {
  readonly authority: TokenAuthority;
  readonly serial: () => string;
  /** ms since the epoch: the time that expiry is judged by. */
  readonly clock: () => number;
}

/** A guard that accepts tokens of the authority for the serial number of the moment, and the sessions it opened. */
export function createBearerGuard({ authority, serial, clock }: BearerOptions): BearerGuard {
  const sessions = new Map<string, { claims: TokenClaims; usedAt: number }>();

  const allowed = (claims: TokenClaims): boolean =>
    !guard.rejectTokens && claims.issuedAt >= guard.rejectTokensIssuedBefore && claims.expiresAt > clock();

  const byCookie = (cookie: string | undefined): Bearer | undefined => {
    const id = /(?:^|;\s*)sessionId=([^;\s]+)/.exec(cookie ?? '')?.[1] ?? '';
    const session = sessions.get(id);
    if (!session || clock() - session.usedAt > idleLimit || !allowed(session.claims)) {
      sessions.delete(id);
      return undefined;
    }
    session.usedAt = clock();
    return { claims: session.claims, by: 'cookie' };
  };

  const guard: BearerGuard = {
    rejectTokens: false,
    rejectTokensIssuedBefore: 0,
    check: async ({ authorization, cookie }) => {
      const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return byCookie(cookie);
      const claims = await authority.verify(token, serial(), clock());
      return claims && allowed(claims) ? { claims, by: 'token' } : undefined;
    },
    open: (claims) => {
      const id = randomBytes(24).toString('base64url');
      sessions.set(id, { claims, usedAt: clock() });
      const oldest = sessions.keys().next();
      if (sessions.size > 1000 && !oldest.done) sessions.delete(oldest.value);
      return `sessionId=${id}; Path=/; HttpOnly; Secure`;
    },
    forget: () => {
      sessions.clear();
    },
  };
  return guard;
}
