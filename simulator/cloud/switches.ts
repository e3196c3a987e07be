import type { LoginOutcome } from './accounts.js';

/** A login that was tried. */
export interface LoginAttempt {
  readonly email: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly outcome: LoginOutcome;
}

/** Faults that only a cloud has; all off at first. The others are in `faults`. */
export interface CloudSwitches {
  /** Cuts every connection before an answer. */
  down: boolean;
  /** Answers the login or the token request with a page of HTML and status 200. */
  htmlInsteadOfLogin: boolean;
  htmlInsteadOfToken: boolean;
  /** Gives tokens for this serial number, whatever was asked for. */
  tokenForOtherSerial?: string | undefined;
  /** Gives a text that is no token. */
  malformedToken: boolean;
}
