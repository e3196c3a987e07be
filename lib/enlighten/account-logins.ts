import { createHmac } from 'node:crypto';
import { Serial } from '../async/serial.js';
import { AuthenticationError, asEnergyError } from '../errors.js';
import { TransportFailure } from '../http/failure.js';
import type { Transport, TransportReply, TransportRequest } from '../http/transport.js';
import type { Kept } from '../store/sealed-file.js';
import { freshGuard, loginBegun, loginEnded, loginRefused, type GuardState, type LoginReason } from './login-guard.js';
import { interpretLogin, interpretToken } from './replies.js';
import { loginRequest, tokenRequest, type Account, type EnlightenSettings } from './requests.js';
import { readToken } from './token.js';

/** How long the session of one login may serve the account's other gateways, ms. */
const sessionReuse = 5 * 60_000;

interface Session {
  readonly id: string;
  readonly at: number;
  readonly credentials: string;
  /** The gateway that the login was made for. */
  readonly gateway: string;
}

function keyedHash(...parts: string[]): string {
  return createHmac('sha256', 'enlighten-account').update(parts.join('\n')).digest('base64url');
}

/** The user name in the one way of writing it that tells accounts apart. */
function accountName(username: string): string {
  return username.trim().toLowerCase();
}

/** The life of a token, ms, by the clock of the cloud where the token says when it began. */
function lifetimeOf(token: string, now: number): number {
  const { issuedAt = now, expiresAt } = readToken(token);
  return expiresAt - issuedAt;
}

/** The name under which the logins of an account are kept; it does not show the user name. */
export function accountId(settings: EnlightenSettings, username: string): string {
  return keyedHash(settings.cloudUrl, accountName(username)).slice(0, 22);
}

/** A disk that fails must not keep a house without a token; in memory the state still counts until the next restart. */
function ignoreStorage(error: unknown): void {
  if (asEnergyError(error).code !== 'storage_failed') throw error;
}

function cloudFailure(error: unknown): unknown {
  if (!(error instanceof TransportFailure)) return error;
  if (error.kind === 'closed') return error;
  return new AuthenticationError('cloud_unavailable', `Enlighten cannot be reached (${error.message})`, {
    cause: error,
    retryable: true,
  });
}

/** What is wanted from the cloud. */
export interface TokenWish {
  readonly account: Account;
  /** Tells the sessions that share the account apart. */
  readonly gateway: string;
  readonly serial: string;
  readonly reason: LoginReason;
  /** Makes the token safe; only then does the login count as done. */
  readonly keep: (token: string) => Promise<void>;
}

/**
 * The logins of one Enlighten account, whatever the number of gateways and nodes that use it: one at a time, held back
 * by the guard, each begun login kept on disk before it is sent.
 */
export class AccountLogins {
  readonly #settings: EnlightenSettings;
  readonly #transport: Transport;
  readonly #kept: Kept<GuardState>;
  readonly #now: () => number;
  readonly #serial = new Serial();
  #session: Session | undefined;
  #state: GuardState | undefined;

  constructor(settings: EnlightenSettings, transport: Transport, kept: Kept<GuardState>, now: () => number) {
    this.#settings = settings;
    this.#transport = transport;
    this.#kept = kept;
    this.#now = now;
  }

  /**
   * A new token for a gateway.
   * @throws AuthenticationError as `interpretLogin` and `interpretToken`, `cloud_unavailable` where the cloud cannot be
   * reached, `rate_limited` (or the code of the last failure) where the guard holds the login back
   */
  obtainToken(wish: TokenWish): Promise<string> {
    return this.#serial.run(() => this.#obtain(wish));
  }

  async #obtain(wish: TokenWish): Promise<string> {
    const credentials = keyedHash(accountName(wish.account.username), wish.account.password);
    const session = wish.reason === 'person' ? undefined : this.#alive(credentials);
    // The session of another gateway's login spares the account a login of its own.
    if (session && session.gateway !== wish.gateway) return this.#token(wish, session);
    const now = this.#now();
    const state = await this.#guardState(credentials);
    const refused = loginRefused(state, wish.reason, now);
    if (refused && session && wish.reason !== 'renewal') return this.#token(wish, session);
    if (refused) throw refused;
    const begun = loginBegun(state, now);
    await this.#keep(begun);
    return this.#logIn(wish, begun);
  }

  async #logIn(wish: TokenWish, begun: GuardState): Promise<string> {
    let answered = false;
    let session: Session | undefined;
    try {
      const reply = await this.#send(loginRequest(this.#settings, wish.account));
      answered = true;
      const id = interpretLogin(reply, this.#now());
      session = { id, at: this.#now(), credentials: begun.credentials, gateway: wish.gateway };
      const token = await this.#token(wish, session);
      const lifetime = lifetimeOf(token, this.#now());
      await this.#keep(loginEnded(begun, { outcome: 'succeeded', answered, lifetime }));
      this.#session = session;
      return token;
    } catch (error) {
      if (error instanceof AuthenticationError) {
        // The password was right where only this gateway is not the account's.
        const outcome = error.code === 'serial_not_owned' ? 'succeeded' : error.code;
        if (outcome === 'succeeded') this.#session = session;
        const retryAt = error.retryAt === undefined ? {} : { retryAt: error.retryAt };
        await this.#keep(loginEnded(begun, { outcome, answered, ...retryAt }));
      }
      throw error;
    }
  }

  async #token(wish: TokenWish, session: Session): Promise<string> {
    const request = tokenRequest(this.#settings, session.id, wish.serial, wish.account.username);
    const token = interpretToken(await this.#send(request), this.#now());
    await wish.keep(token);
    return token;
  }

  #alive(credentials: string): Session | undefined {
    const session = this.#session;
    const fresh = session?.credentials === credentials && this.#now() - session.at < sessionReuse;
    return fresh ? session : undefined;
  }

  async #guardState(credentials: string): Promise<GuardState> {
    const state = this.#state ?? (await this.#keptState());
    return state?.credentials === credentials ? state : freshGuard(credentials);
  }

  async #keptState(): Promise<GuardState | undefined> {
    try {
      return await this.#kept.read();
    } catch (error) {
      ignoreStorage(error);
      return undefined;
    }
  }

  async #keep(state: GuardState): Promise<void> {
    this.#state = state;
    try {
      await this.#kept.write(state);
    } catch (error) {
      ignoreStorage(error);
    }
  }

  async #send(request: TransportRequest): Promise<TransportReply> {
    try {
      return await this.#transport.send(request);
    } catch (error) {
      throw cloudFailure(error);
    }
  }
}
