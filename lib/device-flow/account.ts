import type { AuthenticationError, EnergyError } from '../errors.js';
import type { DancePhase, Prompt } from './prompt.js';
import type { TokenSet } from './tokens.js';

/** What an account knows without asking anybody; nothing secret, usage points masked but for the last four digits. */
export interface AccountSummary {
  /** `linked`: there are tokens that can be used or renewed; `consent_needed`: a person has to consent (again). */
  readonly state: 'unlinked' | 'linked' | 'consent_needed';
  readonly usagePoints: readonly string[];
  readonly scope?: string;
  readonly accessExpiresAt?: number;
  readonly consentUntil?: number;
  readonly dance: DancePhase;
  /** The problem that stands in the way, as last met. */
  readonly problem?: AuthenticationError;
}

/** Told what happens with an account. None of it may throw. */
export interface AccountListener {
  /** A new code, a renewed one, a changed interval, trouble that came or went, or the end of waiting. */
  readonly onPhase?: (phase: DancePhase) => void;
  /** A dance came to its end with a consent. */
  readonly onAuthorized?: (tokens: TokenSet) => void;
  /** A dance that had shown a code, or a renewal, failed for good; a person has to act. */
  readonly onProblem?: (problem: AuthenticationError) => void;
  /** What is known cannot be kept on disk; told once until it can again. It counts until the process ends. */
  readonly onStorageFailure?: (error: EnergyError) => void;
}

/** A request for data with the access token of the account. */
export interface AuthorizedRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** How the token is sent; `Bearer` unless given. `bare` is without a scheme (MyElectricalData). */
  readonly scheme?: 'bearer' | 'bare';
  readonly signal?: AbortSignal;
}

/** An answer to it. */
export interface AuthorizedReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * One account at a device-flow server: its tokens, kept sealed and renewed in time, and its dance, which survives a
 * restart (spec/device-flow 5.1, 5.2). Shared by every node that uses the account.
 */
export interface DeviceFlowAccount {
  summary(): AccountSummary;
  /**
   * Begins a dance, or gives the one that is under way; resolves with its prompt. A failure before the first code is
   * raised here only, it is no event.
   * @throws AuthenticationError, EnergyError `closed` where it was cancelled meanwhile
   */
  start(attempts: number): Promise<Prompt>;
  /** Ends the dance that is under way; the server lets the code expire. */
  cancel(): Promise<void>;
  /** Usable tokens, renewed where that is due; one renewal at a time. @throws AuthenticationError, EnergyError `storage_failed` */
  tokens(): Promise<TokenSet>;
  /** Renews the tokens now, since a person asks for it. @throws AuthenticationError, EnergyError `storage_failed` */
  refresh(): Promise<TokenSet>;
  /** Takes a token that a person got elsewhere (Conso API, MyElectricalData). @throws EnergyError `invalid_argument` */
  setToken(token: string): Promise<void>;
  /** Forgets the tokens, and has them revoked where the server can do that: `revoked` says whether it did. */
  forget(): Promise<{ readonly revoked: boolean }>;
  /**
   * Sends a request for data; where the token is refused (401) once more with renewed tokens. A refusal that stays is
   * given back as it is. 403 never costs the tokens.
   * @throws AuthenticationError, EnergyError
   */
  send(request: AuthorizedRequest): Promise<AuthorizedReply>;
  /** Returns how to stop. */
  listen(listener: AccountListener): () => void;
  /** Ends timers and requests; what is kept stays. An answer that may hold new tokens is waited for, a few seconds at most. */
  close(): Promise<void>;
}
