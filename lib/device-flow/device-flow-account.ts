import { EnergyError, type AuthenticationError } from '../errors.js';
import { Transport } from '../http/transport.js';
import { maskUsagePoint } from '../linky/usage-point.js';
import type { Kept } from '../store/sealed-file.js';
import type {
  AccountListener,
  AccountSummary,
  AuthorizedReply,
  AuthorizedRequest,
  DeviceFlowAccount,
} from './account.js';
import { systemClock, type Clock } from './clock.js';
import { phaseOf } from './dance.js';
import { DanceRunner } from './dance-runner.js';
import { dataFailure, dataRequest, refusesToken } from './data.js';
import { failureError, type Failure } from './failures.js';
import { givenTokens } from './given-token.js';
import type { GrantedTokens } from './interpret.js';
import { Listeners } from './listeners.js';
import { accountName, type AccountMemory, type KeptTokens } from './memory.js';
import type { Prompt } from './prompt.js';
import { grantedSet, isAlive } from './renewal.js';
import { DeviceFlowRequests } from './requests.js';
import type { DeviceFlowSettings } from './settings.js';
import { AccountStore } from './store.js';
import { TokenKeeper } from './token-keeper.js';
import type { TokenSet } from './tokens.js';

/** What an account needs of a transport. */
export type AccountTransport = Pick<Transport, 'send' | 'close'>;

/** What an account is made of. */
export interface DeviceFlowAccountOptions {
  readonly settings: DeviceFlowSettings;
  readonly memory: Kept<AccountMemory>;
  /** Unless given the clocks and timers of this machine. */
  readonly clock?: Clock;
  /** From 0 to 1, as `Math.random`. */
  readonly random?: () => number;
  /** Unless given one that verifies certificates. The account closes it. */
  readonly transport?: AccountTransport;
}

/** How many requests may be under way at one server. */
const connections = 4;

/** Nobody outside needs to know how the tokens are kept. */
function publicTokens(tokens: KeptTokens): TokenSet {
  const rest: { -readonly [Key in keyof KeptTokens]: KeptTokens[Key] } = { ...tokens };
  delete rest.usagePointsAsReceived;
  return rest;
}

class Account implements DeviceFlowAccount {
  readonly #settings: DeviceFlowSettings;
  readonly #clock: Clock;
  readonly #transport: AccountTransport;
  readonly #store: AccountStore;
  readonly #listeners = new Listeners();
  readonly #keeper: TokenKeeper;
  readonly #runner: DanceRunner;
  /** Why the last dance failed; forgotten when the next begins. */
  #danceProblem: AuthenticationError | undefined;

  constructor({ settings, memory, clock = systemClock, random = Math.random, transport }: DeviceFlowAccountOptions) {
    this.#settings = settings;
    this.#clock = clock;
    this.#transport = transport ?? new Transport({ mode: 'verify' }, { connections });
    const listeners = this.#listeners;
    this.#store = new AccountStore(memory, accountName(settings), clock, (error) => listeners.storageFailed(error));
    const requests = new DeviceFlowRequests(settings, this.#transport, clock);
    this.#keeper = new TokenKeeper({ store: this.#store, requests, clock, listeners, random });
    this.#runner = new DanceRunner({
      requests,
      clock,
      keep: (dance) => this.#store.change({ dance }),
      onPhase: (state) => listeners.phase(phaseOf(state)),
      onGranted: (granted) => this.#granted(granted),
      onFailure: (failure) => this.#failed(failure),
    });
  }

  /** Takes up what an earlier process left. */
  async open(): Promise<void> {
    // Told by the store; what cannot be read now is read when it is needed.
    await this.#store.read().catch(() => undefined);
    const { token } = this.#settings;
    if (token !== undefined) await this.#adopt(token);
    this.#keeper.arm();
    const { dance } = this.#store.state;
    if (dance) this.#runner.resume(dance);
  }

  summary(): AccountSummary {
    const { tokens, blocked } = this.#store.state;
    const problem = this.#keeper.problem ?? this.#danceProblem;
    const usable =
      tokens !== undefined && (tokens.refreshToken !== undefined || isAlive(tokens, this.#clock.read().now));
    const consentNeeded = blocked !== undefined || tokens !== undefined;
    return {
      state: usable && !blocked ? 'linked' : consentNeeded ? 'consent_needed' : 'unlinked',
      usagePoints: (tokens?.usagePoints ?? []).map(maskUsagePoint),
      dance: phaseOf(this.#runner.state),
      ...(tokens?.scope !== undefined && { scope: tokens.scope }),
      ...(tokens?.expiresAt !== undefined && { accessExpiresAt: tokens.expiresAt }),
      ...(tokens?.consentUntil !== undefined && { consentUntil: tokens.consentUntil }),
      ...(problem && { problem }),
    };
  }

  async start(attempts: number): Promise<Prompt> {
    if (this.#settings.clientId === '') {
      const message = 'clientId: is missing. This account takes a token that a person gets from the service.';
      throw new EnergyError('invalid_argument', message, { parameters: { field: 'clientId' } });
    }
    this.#danceProblem = undefined;
    try {
      return await this.#runner.start(attempts);
    } catch (error) {
      if (error instanceof EnergyError && 'retryable' in error) this.#danceProblem = error as AuthenticationError;
      throw error;
    }
  }

  cancel(): Promise<void> {
    return this.#runner.cancel();
  }

  async tokens(): Promise<TokenSet> {
    await this.#store.read();
    return publicTokens(await this.#keeper.tokens());
  }

  async refresh(): Promise<TokenSet> {
    await this.#store.read();
    return publicTokens(await this.#keeper.refresh());
  }

  async setToken(token: string): Promise<void> {
    await this.#keeper.take(givenTokens(token, this.#clock.read().now));
    this.#danceProblem = undefined;
  }

  async forget(): Promise<{ readonly revoked: boolean }> {
    await this.#store.read().catch(() => undefined);
    const revoked = await this.#keeper.forget();
    // What is shown of the account changes, whoever asked for it.
    this.#listeners.phase(phaseOf(this.#runner.state));
    return { revoked };
  }

  async send(request: AuthorizedRequest): Promise<AuthorizedReply> {
    const tokens = await this.tokens();
    const reply = await this.#exchange(request, tokens);
    if (!refusesToken(reply)) return reply;
    const newer = await this.#keeper.afterRefusal(tokens.accessToken);
    return newer ? this.#exchange(request, newer) : reply;
  }

  listen(listener: AccountListener): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all([this.#runner.close(), this.#keeper.close()]);
    await this.#transport.close();
    await this.#store.close();
  }

  async #exchange(request: AuthorizedRequest, tokens: TokenSet): Promise<AuthorizedReply & { body: string }> {
    try {
      return await this.#transport.send(dataRequest(request, tokens, this.#settings));
    } catch (error) {
      throw dataFailure(error, this.#clock.read().now);
    }
  }

  async #granted(granted: GrantedTokens): Promise<void> {
    const taken = grantedSet(granted, undefined, this.#clock.read().now);
    await this.#keeper.take(taken, { dance: undefined });
    const tokens = await this.#keeper.withConsentEnd(taken);
    this.#danceProblem = undefined;
    this.#listeners.authorized(publicTokens(tokens));
  }

  #failed(failure: Failure): void {
    this.#danceProblem = failureError(failure, this.#clock.read().now);
    this.#listeners.problem(this.#danceProblem);
  }

  /** A token of the credentials that has ended, or is none, is told when it is needed. */
  async #adopt(token: string): Promise<void> {
    try {
      await this.#keeper.adopt(givenTokens(token, this.#clock.read().now));
    } catch (error) {
      if (!(error instanceof EnergyError)) throw error;
    }
  }
}

/**
 * Opens an account: reads what an earlier process kept, goes on with its dance, and renews its tokens in time. What
 * cannot be read from disk is told to listeners and tried again when it is needed.
 */
export async function createDeviceFlowAccount(options: DeviceFlowAccountOptions): Promise<DeviceFlowAccount> {
  const account = new Account(options);
  await account.open();
  return account;
}
