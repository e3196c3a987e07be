import { Serial } from '../async/serial.js';
import { SingleFlight } from '../async/single-flight.js';
import type { RetryPolicy } from '../async/retry.js';
import { asEnergyError, EnergyError, type AuthenticationError, type ErrorCode } from '../errors.js';
import { mayChange, type GatewayRequest } from './authenticator.js';
import type { TransportReply } from '../http/transport.js';
import { Barrier } from './barrier.js';
import { Connection } from './connection.js';
import { Cycle, GatewayChanged } from './cycle.js';
import { isRefusal } from './datasets/failures.js';
import { onlyOpenData } from './digest-authenticator.js';
import { interpretJson, isNetworkError } from './failures.js';
import { fetchPatiently, restartLimit, suspicious, telling } from './firmware-change.js';
import type { GatewayInfo } from './info.js';
import { LiveFeed } from './live/feed.js';
import type { StreamOptions } from './live/source.js';
import { SessionMemory } from './memory.js';
import type { GatewayPayload } from './payload.js';
import { Reader, type Known, type ReadWish } from './reader.js';
import type { KnownGateway, SessionOptions } from './session-options.js';
import type { GatewaySettings } from './settings.js';
import { describeState, type SessionState } from './state.js';

/**
 * The session with one gateway, shared by all who read it: one request at a time, each path at most once per cycle,
 * whoever comes while a cycle runs joins it. Firmware, authentication and features are found out when first needed and
 * again whenever a failure suggests that they changed (spec/envoy appendix C).
 */
export class GatewaySession {
  /** Live readings, shared by all who want them. */
  readonly live: LiveFeed = new LiveFeed(this, { now: () => this.#now() });
  readonly #options: SessionOptions;
  readonly #now: () => number;
  readonly #queue = new Serial();
  readonly #opening = new SingleFlight<{ reader: Reader; known: Known }>();
  readonly #memory: Promise<SessionMemory>;
  readonly #connection: Promise<Connection>;
  readonly #reader: Promise<Reader>;
  #open: Connection | undefined;
  #cycle: Cycle | undefined;
  #barrier: Barrier | undefined;
  #problem: EnergyError | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { memory, settings, onFailure } = options;
    this.#memory = SessionMemory.load(memory, settings.host, (error) => onFailure?.(asEnergyError(error)));
    this.#connection = this.#memory.then((loaded) => this.#connect(loaded));
    this.#reader = this.#memory.then((loaded) => new Reader({ host: settings.host, memory: loaded, now: this.#now }));
  }

  /** The settings that the session was made with. */
  get settings(): GatewaySettings {
    return this.#options.settings;
  }

  /** The gateway as it said of itself last; `undefined` before the first read. */
  get info(): GatewayInfo | undefined {
    return this.#open?.info;
  }

  /** What is known of the gateway and of the authentication; nothing secret. */
  get state(): SessionState {
    return describeState(this.#open, this.#options.settings, this.#barrier?.error ?? this.#problem);
  }

  /** The way to the gateway, for what goes past its readings. */
  get connection(): Promise<Connection> {
    return this.#connection;
  }

  /**
   * Reads the gateway, or shares the reading under way.
   * @throws AuthenticationError, EnergyError; nothing else
   */
  async read(wish: ReadWish): Promise<GatewayPayload> {
    return this.#inCycle((cycle, connection) => this.#readIn(cycle, connection, wish));
  }

  /**
   * The gateway as it was found, with the role of the token; looked at where that was not done yet.
   * @throws AuthenticationError, EnergyError
   */
  async known(): Promise<KnownGateway> {
    return this.#inCycle(async (cycle, connection) => {
      const { known } = await this.#opening.run(() => this.#openUp(cycle, connection));
      const role = connection.keeper?.current?.claims.role;
      return { ...known, ...(role !== undefined && { role }) };
    });
  }

  /**
   * One request of somebody's own, past everything that is kept: one attempt, the JSON that comes back, `undefined`
   * for an empty answer. One that may change something, and is not `harmless`, makes the next reading ask for all anew.
   * @throws AuthenticationError, EnergyError
   */
  async request(request: GatewayRequest, harmless = false): Promise<unknown> {
    await this.known();
    const connection = await this.#ready();
    try {
      const reply = await this.#queue.run(() => connection.send(request));
      return reply.body === '' && reply.status < 300 ? undefined : interpretJson(reply, request.path);
    } catch (error) {
      // A path of somebody's own choice that is closed to the account says nothing about the data.
      throw isRefusal(error) ? error : this.#failed(connection, error);
    } finally {
      if (mayChange(request) && !harmless) (await this.#reader).refresh();
    }
  }

  /**
   * Opens a stream on a connection of its own: its chunks as they come.
   * @throws AuthenticationError, EnergyError; so does reading it
   */
  async stream(path: string, options: StreamOptions): Promise<AsyncIterable<Uint8Array>> {
    const connection = await this.known().then(() => this.#ready());
    return connection.stream(path, options).catch((error: unknown) => Promise.reject(this.#failed(connection, error)));
  }

  /**
   * One request, its reply as it came, whatever its status; nothing else is looked at before it.
   * @throws EnergyError
   */
  async exchange(request: GatewayRequest): Promise<TransportReply> {
    const connection = await this.#ready();
    return this.#queue.run(() => connection.open().then(() => connection.send(request)));
  }

  /**
   * Authenticates anew because a person asks: lifts a block, drops the token, fetches another where there is an
   * account. `fingerprint` accepts the certificate with that fingerprint from now on.
   * @throws AuthenticationError, EnergyError
   */
  async reauthenticate(fingerprint?: string): Promise<void> {
    const connection = await this.#lifted();
    if (fingerprint !== undefined) await (await this.#memory).change({ certificate: fingerprint });
    try {
      if (!connection.info) await this.#queue.run(() => connection.identify());
      if (!connection.prepareKeeper()) connection.forget();
      await connection.keeper?.reauthenticate();
    } catch (error) {
      throw this.#failed(connection, error);
    } finally {
      this.live.restart();
    }
  }

  /**
   * Uses a token that a person gives, and lifts a block. One that cannot be used changes nothing.
   * @throws AuthenticationError `token_rejected`, `token_expired`, `serial_not_owned`; EnergyError
   */
  async setToken(token: string): Promise<void> {
    const connection = await this.#connection;
    try {
      if (!connection.info) await this.#queue.run(() => connection.identify());
      await connection.prepareKeeper()?.accept(token);
    } catch (error) {
      throw asEnergyError(error);
    }
    await this.#lifted();
    this.live.restart();
  }

  /** Looks at the firmware and the features again at the next read. */
  async probe(): Promise<void> {
    (await this.#connection).suspect = true;
    await this.#forget();
  }

  /** Ends everything under way; a token on its way from the cloud is still kept. */
  async close(): Promise<void> {
    this.#closed = true;
    const ended = this.live.close();
    await (await this.#reader).close();
    await (await this.#connection).close();
    await ended;
  }

  async #connect(memory: SessionMemory): Promise<Connection> {
    const { settings, credentials, obtainToken, startedByPerson } = this.#options;
    this.#barrier = new Barrier(memory, credentials, this.#now, startedByPerson);
    if (startedByPerson) await this.#barrier.lift();
    this.#open = new Connection({
      settings,
      credentials,
      memory,
      obtainToken,
      onToken: (token) => {
        this.#problem = undefined;
        this.#options.onToken?.(token);
      },
      onProblem: this.#tell,
      now: this.#now,
    });
    if (startedByPerson) this.#open.reason = 'deploy';
    return this.#open;
  }

  /** Does something in the cycle under way, or in a new one; begun anew where the firmware changed under it. */
  async #inCycle<T>(task: (cycle: Cycle, connection: Connection) => Promise<T>): Promise<T> {
    for (let restarts = 0; ; restarts++) {
      const connection = await this.#ready();
      const cycle = (this.#cycle ??= this.#newCycle());
      cycle.readers++;
      try {
        const result = await task(cycle, connection);
        this.#barrier?.passed();
        return result;
      } catch (error) {
        if (this.#cycle === cycle) this.#cycle = undefined;
        const changed = error instanceof GatewayChanged || (await this.#changedSince(cycle, connection, error));
        if (!changed || restarts >= restartLimit) throw this.#failed(connection, error);
      } finally {
        cycle.readers--;
        if (cycle.readers === 0 && this.#cycle === cycle) this.#cycle = undefined;
      }
    }
  }

  async #ready(): Promise<Connection> {
    const connection = await this.#connection;
    if (this.#closed) throw new EnergyError('closed', 'The session with the gateway was closed.');
    this.#barrier?.check();
    return connection;
  }

  async #lifted(): Promise<Connection> {
    const connection = await this.#connection;
    this.#problem = undefined;
    await this.#barrier?.lift();
    return connection;
  }

  async #readIn(cycle: Cycle, connection: Connection, wish: ReadWish): Promise<GatewayPayload> {
    const { reader, known } = await this.#opening.run(() => this.#openUp(cycle, connection, wish.patient));
    const { payload, warnings } = await reader.read(known, cycle, wish);
    // It worked when it was probed: the firmware may be another one by now.
    connection.suspect ||= warnings.some(({ code }) => telling.has(code as ErrorCode));
    return payload;
  }

  /** Gateway known, authentication at hand, features known. */
  async #openUp(cycle: Cycle, connection: Connection, patient = true): Promise<{ reader: Reader; known: Known }> {
    const reader = await this.#reader;
    const { info, changed } = await this.#queue.run(() => connection.open(patient));
    if (changed) await this.#forget();
    const before = reader.known;
    const known = await reader.find(info, cycle, patient);
    if (known !== before && connection.digestRejected) this.#tell(onlyOpenData());
    return { reader, known };
  }

  readonly #tell = (problem: AuthenticationError): void => {
    this.#problem = problem;
    this.#options.onProblem?.(problem);
  };

  #newCycle(): Cycle {
    const cycle: Cycle = new Cycle((path, policy) => this.#fetch(cycle, path, policy));
    return cycle;
  }

  #fetch(cycle: Cycle, path: string, policy: RetryPolicy): Promise<unknown> {
    return this.#queue.run(async () => {
      cycle.assertCurrent();
      const connection = await this.#connection;
      return fetchPatiently(connection, path, policy, async () => {
        if (await cycle.gatewayChanged(() => this.#identifyAgain(connection))) throw new GatewayChanged();
      });
    });
  }

  async #identifyAgain(connection: Connection): Promise<boolean> {
    const changed = await connection.identify();
    if (changed) await this.#forget();
    return changed;
  }

  async #forget(): Promise<void> {
    (await this.#reader).forget();
    this.live.resume();
  }

  /** After a failure that may come from another firmware: whether the gateway is another one now. */
  async #changedSince(cycle: Cycle, connection: Connection, error: unknown): Promise<boolean> {
    const { code } = asEnergyError(error);
    if (!telling.has(code) || this.#closed || !connection.info) return false;
    return cycle.gatewayChanged(() => this.#queue.run(() => this.#identifyAgain(connection)));
  }

  #failed(connection: Connection, raw: unknown): EnergyError {
    if (this.#closed) return new EnergyError('closed', 'The session with the gateway was closed.', { cause: raw });
    const error = asEnergyError(raw);
    connection.suspect ||= isNetworkError(error) || suspicious.has(error.code);
    this.#barrier?.failed(error);
    return error;
  }
}
