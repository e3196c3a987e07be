import { SingleFlight } from '../async/single-flight.js';
import type { LoginReason } from '../enlighten/login-guard.js';
import type { Account } from '../enlighten/requests.js';
import { renewalTime } from '../enlighten/token.js';
import { asEnergyError, AuthenticationError } from '../errors.js';
import { accountHash, hold, type HeldToken } from './held-token.js';

/** After a gateway turned down a fresh token, no other is fetched for so many ms unless a person asks. */
const freshRefusedPause = 24 * 3600 * 1000;

/**
 * Fetches a token from the cloud and has `keep` make it safe before the login counts as done: a process that is killed in
 * between must not find a login that brought nothing and holds back the next one. Raises an AuthenticationError.
 */
export type ObtainToken = (
  account: Account,
  serial: string,
  reason: LoginReason,
  keep: (token: string) => Promise<void>,
) => Promise<string>;

/** What the keeper of a token works with. */
export interface TokenKeeperOptions {
  /** The gateway that the token is for. */
  readonly serial: string;
  /** Days of life left at which a long-lived token is renewed. */
  readonly refreshBefore: number;
  /** The account to fetch tokens with, as configured at this moment. */
  readonly account: () => Account | undefined;
  /** The tokens at hand at a start, the best first. */
  readonly candidates: () => HeldToken[];
  readonly obtain: ObtainToken;
  /** Asks the gateway whether it accepts the token. */
  readonly check: (token: HeldToken) => Promise<boolean>;
  /** Makes a token (or that there is none) safe on disk, before it is used. */
  readonly keep: (token: HeldToken | undefined) => Promise<void>;
  /** Why there is nothing to fetch a token with. */
  readonly missing: () => AuthenticationError;
  /** Told of a renewal that a person must look after, while the token in hand still works. */
  readonly onProblem: (error: AuthenticationError) => void;
  readonly now: () => number;
}

/**
 * Holds the token of one gateway: takes the one at hand without touching the cloud, renews it before it ends, replaces
 * it when the gateway turns it down. One fetch at a time, however many ask.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #fetching = new SingleFlight<HeldToken>();
  #current: HeldToken | undefined;
  /** A token that looked due when it came: the clock here is wrong, and only the gateway tells when it ends. */
  #undated: string | undefined;
  #renewalRefused = false;
  /** When the gateway turned down a token that was just fetched; fetching more of them would not help. */
  #freshRefusedAt: number | undefined;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
  }

  /** The token in use. */
  get current(): HeldToken | undefined {
    return this.#current;
  }

  /**
   * The token to use now, found or fetched where there is none yet. One that is due is renewed in the background.
   * @throws AuthenticationError
   */
  async usable(): Promise<HeldToken> {
    const { now, account } = this.#options;
    const token = this.#current;
    if (!token) return this.#find();
    if (token.value === this.#undated) return token;
    if (token.claims.expiresAt <= now() && account()) return this.replace(token);
    this.#renewIfDue(token);
    return token;
  }

  /** Another token in place of one that ended or that the gateway turned down. @throws AuthenticationError */
  async replace(dead: HeldToken): Promise<HeldToken> {
    if (this.#current && this.#current.value !== dead.value) return this.#current;
    if (this.#mayFetch()) return this.#fetch('needed');
    this.#current = undefined;
    throw this.#endOf(dead);
  }

  /** Uses a token that a person gives. @throws AuthenticationError `token_rejected`, `token_expired`, `serial_not_owned` */
  async accept(value: string): Promise<void> {
    const token = hold({ value: value.trim(), origin: 'person' });
    const { serial, expiresAt } = token.claims;
    const foreign = serial !== undefined && serial !== this.#options.serial;
    if (foreign || expiresAt <= this.#options.now()) throw this.#endOf(token);
    this.#forgetRefusals();
    this.#current = undefined;
    await this.#options.keep(token);
  }

  /**
   * Fetches a new token because a person asks. A token in hand is dropped where the cloud rejects the account, and
   * kept where the cloud cannot answer. Without an account the tokens at hand are tried anew.
   * @throws AuthenticationError
   */
  async reauthenticate(): Promise<void> {
    this.#forgetRefusals();
    if (!this.#options.account()) {
      this.#current = undefined;
      return;
    }
    try {
      await this.#fetch('person');
    } catch (error) {
      if (error instanceof AuthenticationError && !error.retryable) await this.#drop();
      throw error;
    }
  }

  /** Notes that the gateway turned down even a token that was just fetched. */
  refusedFresh(token: HeldToken): AuthenticationError {
    this.#current = undefined;
    this.#freshRefusedAt = this.#options.now();
    return this.#endOf(token);
  }

  /** Waits for a renewal under way, so that its token is not lost at a close. */
  async settled(): Promise<void> {
    await this.#fetching.running?.catch(() => undefined);
  }

  #forgetRefusals(): void {
    this.#renewalRefused = false;
    this.#freshRefusedAt = undefined;
  }

  #mayFetch(): boolean {
    const { account, now } = this.#options;
    const pausing = this.#freshRefusedAt !== undefined && now() - this.#freshRefusedAt < freshRefusedPause;
    return account() !== undefined && !pausing;
  }

  async #find(): Promise<HeldToken> {
    const { candidates, check, account, missing, now } = this.#options;
    let refused: HeldToken | undefined;
    for (const token of candidates()) {
      // Without an account even a token that looks expired is worth a question: the clock here may be wrong.
      const worthAsking = token.claims.expiresAt > now() || !account();
      if (worthAsking && (await check(token))) {
        this.#current = token;
        this.#freshRefusedAt = undefined;
        this.#renewIfDue(token);
        return token;
      }
      refused ??= token;
    }
    if (this.#mayFetch()) return this.#checked(await this.#fetch('needed'));
    throw refused ? this.#endOf(refused) : missing();
  }

  async #checked(token: HeldToken): Promise<HeldToken> {
    if (await this.#options.check(token)) return token;
    throw this.refusedFresh(token);
  }

  #fetch(reason: LoginReason): Promise<HeldToken> {
    return this.#fetching.run(async () => {
      const { account: configured, obtain, serial, keep } = this.#options;
      const account = configured();
      if (!account) throw this.#options.missing();
      const own = (value: string) => hold({ value, origin: 'cloud', account: accountHash(account.username) });
      const token = own(await obtain(account, serial, reason, (value) => keep(own(value))));
      this.#current = token;
      this.#undated = this.#isDue(token) ? token.value : undefined;
      this.#renewalRefused = false;
      return token;
    });
  }

  #isDue(token: HeldToken): boolean {
    const { now, refreshBefore } = this.#options;
    return now() >= renewalTime(token.claims, refreshBefore, token.origin === 'cloud');
  }

  #renewIfDue(token: HeldToken): void {
    const { account, onProblem } = this.#options;
    if (!this.#isDue(token) || this.#renewalRefused || this.#fetching.running || !account()) return;
    this.#fetch('renewal').catch((error: unknown) => {
      const problem = asEnergyError(error);
      // While the token in hand works, a cloud that is down is not worth a word.
      if (!(problem instanceof AuthenticationError) || problem.retryable) return;
      this.#renewalRefused = true;
      onProblem(problem);
    });
  }

  async #drop(): Promise<void> {
    this.#current = undefined;
    await this.#options.keep(undefined);
  }

  #endOf(token: HeldToken): AuthenticationError {
    const { now, serial } = this.#options;
    const { expiresAt, serial: audience } = token.claims;
    if (expiresAt <= now()) {
      return new AuthenticationError('token_expired', 'The token has expired.', { expiresAt });
    }
    if (audience !== undefined && audience !== serial) {
      return new AuthenticationError('serial_not_owned', 'The token is for another gateway than this one.');
    }
    const message = 'The gateway does not accept the token, although it has not expired.';
    return new AuthenticationError('token_rejected', message, { expiresAt, retryable: true });
  }
}
