/** What a person needs to consent (design 3.5, RFC 8628 section 3.2). The user code is for showing; it is no secret to the person. */
export interface Prompt {
  readonly userCode: string;
  readonly verificationUri: string;
  /** Published by the server, or built from the link and the code as device-flow proxies take it. */
  readonly verificationUriComplete: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** Seconds between two polls, as in force now. */
  readonly interval: number;
  /** Which of the codes of this dance, from 1, and how many there may be. */
  readonly attempt: number;
  readonly attempts: number;
}

/** Where the dance of an account stands. */
export type DancePhase =
  | { readonly phase: 'idle' }
  | { readonly phase: 'requesting' }
  /** `slowed`: the server asked for longer pauses; `offline`: it does not answer at the moment. */
  | { readonly phase: 'waiting'; readonly prompt: Prompt; readonly trouble?: 'slowed' | 'offline' };
