import { settledWithin } from '../async/settled-within.js';
import { SingleFlight } from '../async/single-flight.js';
import { AuthenticationError, EnergyError } from '../errors.js';
import type { Clock } from './clock.js';
import { failureError, type Failure } from './failures.js';
import type { RefreshOutcome } from './interpret.js';
import type { Listeners } from './listeners.js';
import { tokenName, type KeptTokens } from './memory.js';
import {
  freshRenewal,
  grantedSet,
  isAlive,
  isDue,
  isOnProbation,
  probationLeft,
  renewalFailed,
  renewalTime,
  renewalWait,
  renewed,
  type RenewalState,
} from './renewal.js';
import type { DeviceFlowRequests } from './requests.js';
import type { AccountStore, StateChange } from './store.js';

/** What a keeper of tokens works with. */
export interface TokenKeeperOptions {
  readonly store: AccountStore;
  readonly requests: DeviceFlowRequests;
  readonly clock: Clock;
  readonly listeners: Listeners;
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
}

/** How long new tokens are waited for when everything ends, ms. */
const patience = 5000;

/** The tokens of an account: given out while they live, renewed in time, one renewal at a time (spec/device-flow 5.2). */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #flight = new SingleFlight<KeptTokens>();
  #renewal: RenewalState = freshRenewal;
  /** The problem of the last renewal, until the next one. */
  #problem: Failure | undefined;
  /** The settings are wrong: nothing is tried until a person acts. */
  #halted = false;
  #cancelTimer: (() => void) | undefined;
  #closed = false;
  #asksConsent = true;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
  }

  /** What stands in the way, as last met. */
  get problem(): AuthenticationError | undefined {
    const { store, clock } = this.#options;
    const { blocked } = store.state;
    if (blocked) return new AuthenticationError(blocked.code, blocked.message);
    return this.#problem && failureError(this.#problem, clock.read().now);
  }

  /** Usable tokens. @throws AuthenticationError */
  async tokens(): Promise<KeptTokens> {
    await this.#settled();
    const tokens = this.#current();
    const { now } = this.#options.clock.read();
    if (!isDue(tokens, now)) return tokens;
    if (tokens.refreshToken === undefined) {
      if (isAlive(tokens, now)) return tokens;
      throw failureError({ code: 'consent_expired' }, now);
    }
    try {
      return await this.#renewInTurn();
    } catch (error) {
      const alive = this.#options.store.state.tokens;
      if (alive && isAlive(alive, this.#options.clock.read().now)) return alive;
      throw error;
    }
  }

  /** Renews now, whatever failed before: a person asks for it. @throws AuthenticationError */
  async refresh(): Promise<KeptTokens> {
    this.#current();
    this.#halted = false;
    return this.#renew();
  }

  /** A server refused an access token: newer tokens, or `undefined` where there is no way to better ones. */
  async afterRefusal(accessToken: string): Promise<KeptTokens | undefined> {
    await this.#settled();
    const tokens = this.#options.store.state.tokens;
    if (!tokens) return undefined;
    if (tokens.accessToken !== accessToken) return tokens;
    if (tokens.refreshToken === undefined) return undefined;
    if (!this.#flight.running && isOnProbation(this.#renewal, this.#options.clock.read())) return undefined;
    return this.#renewInTurn();
  }

  /** Takes a new set, and what changes with it in one write. Whatever was wrong with the earlier one is over. */
  async take(tokens: KeptTokens, more: StateChange = {}): Promise<void> {
    const { store } = this.#options;
    this.#reset();
    await store.change({ tokens, blocked: undefined, rejected: undefined, ...more });
    this.#asksConsent = true;
    this.arm();
  }

  /** Takes the token of the credentials, unless it was taken before. */
  async adopt(tokens: KeptTokens): Promise<void> {
    const adopted = tokenName(tokens.accessToken);
    if (this.#options.store.state.adopted === adopted) return;
    await this.take(tokens, { adopted });
    void this.withConsentEnd(tokens);
  }

  /** Forgets everything about tokens. @returns whether the server revoked them */
  async forget(): Promise<boolean> {
    await this.#flight.running?.catch(() => undefined);
    const { store, requests } = this.#options;
    const { tokens } = store.state;
    this.#reset();
    await store.change({ tokens: undefined, blocked: undefined, rejected: undefined });
    const token = tokens?.refreshToken ?? tokens?.accessToken;
    return token === undefined ? false : requests.revoke(token);
  }

  /** Sets the timer of the next renewal. */
  arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { store, clock, random } = this.#options;
    const { tokens, blocked } = store.state;
    // What failed is tried again even where it was not due: the server may have exchanged the refresh token already.
    const time = tokens && (this.#problem ? 0 : renewalTime(tokens, random()));
    if (this.#closed || this.#halted || blocked || time === undefined) return;
    const moment = clock.read();
    const wait = Math.max(time - moment.now, renewalWait(this.#renewal, moment), probationLeft(this.#renewal, moment));
    // A clock that is set while a timer runs would let it come late: looked at again at least once an hour.
    this.#cancelTimer = clock.after(Math.min(wait, 3_600_000), () => this.#onTimer());
  }

  /** Ends the timer, and waits a little for the renewal under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    await settledWithin(this.#flight.running, patience);
  }

  #onTimer(): void {
    this.#cancelTimer = undefined;
    const { store, clock } = this.#options;
    const { tokens } = store.state;
    const moment = clock.read();
    const isWanted = tokens !== undefined && (this.#problem !== undefined || isDue(tokens, moment.now));
    const isTime = isWanted && renewalWait(this.#renewal, moment) === 0;
    // Its failure is told as an event where a person has to know.
    if (isTime) void this.#renew().catch(() => undefined);
    else this.arm();
  }

  /** New tokens are given out once they are safe, not while they are being written. */
  async #settled(): Promise<void> {
    await this.#flight.running?.catch(() => undefined);
    await this.#options.store.settled();
  }

  #reset(): void {
    this.#renewal = freshRenewal;
    this.#problem = undefined;
    this.#halted = false;
  }

  /** The tokens that there are. @throws AuthenticationError */
  #current(): KeptTokens {
    const { store, clock } = this.#options;
    const { tokens, blocked } = store.state;
    if (tokens && !blocked) return tokens;
    throw this.problem ?? failureError({ code: 'credentials_missing' }, clock.read().now);
  }

  /** Renews unless a failure was too short a time ago. @throws AuthenticationError */
  async #renewInTurn(): Promise<KeptTokens> {
    const moment = this.#options.clock.read();
    const wait = renewalWait(this.#renewal, moment);
    if (!this.#flight.running && this.#problem && (this.#halted || wait > 0)) {
      throw failureError({ ...this.#problem, ...(!this.#halted && { retryAfter: wait }) }, moment.now);
    }
    return this.#renew();
  }

  #renew(): Promise<KeptTokens> {
    return this.#flight.run(async () => {
      const { store, requests, clock } = this.#options;
      const { tokens } = store.state;
      const { now } = clock.read();
      if (tokens?.refreshToken === undefined) throw failureError({ code: 'consent_expired' }, now);
      const list = tokens.usagePointsAsReceived ?? tokens.usagePoints.join(',');
      const outcome = await requests.refresh(tokens.refreshToken, list);
      try {
        return await this.#renewalEnded(tokens, outcome);
      } finally {
        this.arm();
      }
    });
  }

  async #renewalEnded(sent: KeptTokens, outcome: RefreshOutcome): Promise<KeptTokens> {
    const { store, clock } = this.#options;
    const moment = clock.read();
    // A dance or a person brought others meanwhile: what becomes of the old ones does not matter any more.
    if (store.state.tokens?.refreshToken !== sent.refreshToken) return this.#current();
    if (outcome.kind === 'renewed') {
      this.#reset();
      this.#renewal = renewed(moment);
      const tokens = grantedSet(outcome.granted, sent, moment.now);
      // Kept before it is used: whoever is ended in between still has the newest refresh token.
      await store.change({ tokens });
      void this.withConsentEnd(tokens);
      return tokens;
    }
    if (outcome.kind === 'rejected') throw await this.#block(sent);
    if (this.#closed) throw new EnergyError('closed', 'The account was closed.');
    this.#problem = outcome.failure;
    this.#renewal = renewalFailed(this.#renewal, outcome.failure, moment);
    const error = failureError(outcome.failure, moment.now);
    if (outcome.kind === 'failed' && !this.#halted) {
      this.#halted = true;
      this.#options.listeners.problem(error);
    }
    throw error;
  }

  /** The server will not have this refresh token any more: it is kept for the record and never sent again. */
  async #block(rejected: KeptTokens): Promise<AuthenticationError> {
    const { store, clock, listeners } = this.#options;
    const { now } = clock.read();
    this.#reset();
    const error = failureError({ code: 'consent_expired' }, now);
    await store.change({
      tokens: undefined,
      rejected,
      blocked: { code: error.code, message: error.message, at: now },
    });
    listeners.problem(error);
    return error;
  }

  /** The tokens with the end of the consent, where the server tells it; it is asked once a dance and once a start. */
  async withConsentEnd(tokens: KeptTokens): Promise<KeptTokens> {
    if (!this.#asksConsent || this.#closed) return tokens;
    this.#asksConsent = false;
    const { store, requests } = this.#options;
    const consentUntil = await requests.consentUntil(tokens.accessToken);
    const current = store.state.tokens;
    if (consentUntil === undefined || current === undefined) return tokens;
    if (current.accessToken !== tokens.accessToken) {
      // Others came meanwhile: it is asked for those.
      this.#asksConsent = true;
      return current;
    }
    const completed = { ...current, consentUntil };
    if (consentUntil !== current.consentUntil) await store.change({ tokens: completed });
    return completed;
  }
}
