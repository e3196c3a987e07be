/** Begin and end of a token, ms since the epoch. */
export interface TokenLife {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What a token says of its life. */
export function readTokenLife(token: string): TokenLife {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, number>;
  return { issuedAt: (claims['iat'] ?? 0) * 1000, expiresAt: (claims['exp'] ?? 0) * 1000 };
}
