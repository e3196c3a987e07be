/** What an event may say; never a secret, a code, a token or a whole usage point. */
export interface ProxyEvent {
  readonly name: 'issued' | 'consented' | 'denied' | 'redeemed' | 'refreshed' | 'limited' | 'failed' | 'revoked';
  /** ms since the epoch. */
  readonly at: number;
  /** Public client id. */
  readonly clientId?: string;
  /** Shortened id of the grant or the family, to follow one dance. */
  readonly dance?: string;
  /** Last four digits of each usage point. */
  readonly usagePoints?: readonly string[];
  /** Which limit, or which OAuth error code. */
  readonly reason?: string;
  /** Finds the event in the log of whoever asks about an error page. */
  readonly correlation?: string;
  /** Consent end, ms since the epoch. */
  readonly expiresAt?: number;
}

/** Takes events; must not throw. */
export type EventSink = (event: ProxyEvent) => void;
