/** What a server gave for a device code or a refresh token (RFC 6749 section 5.1). Secret but for the times. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** As the server writes it, usually `Bearer`. */
  readonly tokenType: string;
  readonly scope?: string;
  /** The usage points (PRM) that it covers, 14 digits each; empty where the server names none. */
  readonly usagePoints: readonly string[];
  /** ms since the epoch. */
  readonly obtainedAt: number;
  /** End of the access token, ms since the epoch; absent where the server does not say. */
  readonly expiresAt?: number;
  /** End of the consent, ms since the epoch, where it is known. */
  readonly consentUntil?: number;
}
