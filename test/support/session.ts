import { X509Certificate } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { accountId, AccountLogins } from '../../lib/enlighten/account-logins.js';
import type { GuardState } from '../../lib/enlighten/login-guard.js';
import type { Account } from '../../lib/enlighten/requests.js';
import type { DatasetName } from '../../lib/envoy/datasets/types.js';
import { accountHash } from '../../lib/envoy/held-token.js';
import type { GatewayMemory } from '../../lib/envoy/memory.js';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import { GatewaySession } from '../../lib/envoy/session.js';
import { gatewaySettings, type GatewayCredentials, type GatewaySettings } from '../../lib/envoy/settings.js';
import type { AuthenticationError, EnergyError } from '../../lib/errors.js';
import { Transport } from '../../lib/http/transport.js';
import { SealedFile, type Kept } from '../../lib/store/sealed-file.js';
import { createSealer, keyFromFile, type Sealer } from '../../lib/store/sealing.js';
import { createCertificate, createTokenAuthority, startCloud, startGateway } from '../../simulator/index.js';
import type { AccountOptions, GatewayOptions, SimulatedCloud, SimulatedGateway } from '../../simulator/index.js';
import type { Certificate, TokenAuthority, TokenOptions } from '../../simulator/index.js';
import { outcomeOf } from './outcomes.js';

export { outcomeOf, refusalOf } from './outcomes.js';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const serial = '122600000042';
export const otherSerial = '122600000077';

/** The accounts that every cloud of the session tests knows. */
export const accounts = {
  owner: { email: 'owner@example.com', password: 'owner-secret', serials: [serial] },
  installer: { email: 'fitter@example.com', password: 'fitter-secret', role: 'installer', serials: [serial] },
  mfa: { email: 'second-factor@example.com', password: 'mfa-secret', serials: [serial], mfa: true },
  blocked: { email: 'locked@example.com', password: 'locked-secret', serials: [serial], blocked: true },
  foreign: { email: 'neighbour@example.com', password: 'neighbour-secret', serials: [otherSerial] },
} as const satisfies Record<string, AccountOptions>;

/** What a person types in to use an account. */
export function credentialsOf(name: keyof typeof accounts): GatewayCredentials {
  return { username: accounts[name].email, password: accounts[name].password };
}

/** How a session of a test is opened. */
export interface SessionSetup {
  /** The owner's account unless given. */
  readonly credentials?: GatewayCredentials;
  readonly settings?: Partial<GatewaySettings>;
  readonly startedByPerson?: boolean;
  /** Holds back each way to the cloud until it resolves. */
  readonly beforeCloud?: () => Promise<void>;
}

/** A session with everything that it told its listeners. */
export class OpenSession {
  credentials: GatewayCredentials;
  readonly session: GatewaySession;
  readonly problems: AuthenticationError[] = [];
  readonly tokens: (string | undefined)[] = [];
  readonly failures: EnergyError[] = [];
  readonly #obtaining = new Set<Promise<void>>();
  readonly #kept = new EventEmitter();

  constructor(world: SessionWorld, setup: SessionSetup) {
    this.credentials = setup.credentials ?? credentialsOf('owner');
    const settings = world.settings(setup.settings);
    this.session = new GatewaySession({
      settings,
      credentials: () => this.credentials,
      memory: world.memory,
      obtainToken: (account, gatewaySerial, reason, keep) => {
        const logins = world.logins(settings, account);
        const wish = { account, gateway: 'tested', serial: gatewaySerial, reason, keep };
        const token = Promise.resolve(setup.beforeCloud?.()).then(() => logins.obtainToken(wish));
        this.#follow(token);
        return token;
      },
      startedByPerson: setup.startedByPerson ?? false,
      onProblem: (error) => this.problems.push(error),
      onToken: (token) => {
        this.tokens.push(token);
        this.#kept.emit('token');
      },
      onFailure: (error) => this.failures.push(error),
      now: world.now,
    });
  }

  /** Reads all datasets, or the named ones. */
  read(...datasets: DatasetName[]): Promise<GatewayPayload> {
    return this.session.read({ datasets, raw: false });
  }

  /** What a read comes to: `data`, or the code of its error. */
  async outcome(...datasets: DatasetName[]): Promise<string> {
    return outcomeOf(this.read(...datasets));
  }

  /** Resolved when no token is being fetched any more, and the last one is in use. */
  async idle(): Promise<void> {
    await Promise.all(this.#obtaining);
    await setImmediate();
  }

  /** Ends the session; a renewal under way is over then. */
  close(): Promise<void> {
    return this.session.close();
  }

  #follow(token: Promise<string>): void {
    const done = token
      .then(
        async (value) => {
          while (!this.tokens.includes(value)) await once(this.#kept, 'token');
        },
        () => undefined,
      )
      .finally(() => this.#obtaining.delete(done));
    this.#obtaining.add(done);
  }
}

/** An authority that dates its tokens by another clock. */
function datedBy(authority: TokenAuthority, now: () => number): TokenAuthority {
  return {
    issue: (options) => authority.issue({ iat: Math.floor(now() / 1000), ...options }),
    verify: (token, gatewaySerial, at) => authority.verify(token, gatewaySerial, at),
  };
}

interface WorldParts {
  readonly gateway: SimulatedGateway;
  readonly cloud: SimulatedCloud;
  readonly folder: string;
  readonly clock: { offset: number };
  readonly waits: { restore: () => void };
}

/** One for all gateways to begin with: making one takes longer than most tests. */
let firstCertificate: Promise<Certificate> | undefined;

/**
 * A simulated gateway, a simulated cloud and a folder of sealed files, all on one clock that a test can put forward.
 * While there is one, retries do not wait.
 * Sessions opened one after another find what the one before kept, as after a restart of Node-RED.
 */
export class SessionWorld {
  readonly gateway: SimulatedGateway;
  readonly cloud: SimulatedCloud;
  readonly #clock: { offset: number };
  readonly #waits: { restore: () => void };
  #folder: string;
  readonly #folders: string[];
  #sealer: Promise<Sealer> | undefined;
  #logins = new Map<string, AccountLogins>();
  #sessions: OpenSession[] = [];

  private constructor({ gateway, cloud, folder, clock, waits }: WorldParts) {
    this.gateway = gateway;
    this.cloud = cloud;
    this.#folder = folder;
    this.#folders = [folder];
    this.#clock = clock;
    this.#waits = waits;
  }

  static async start(options: GatewayOptions = {}): Promise<SessionWorld> {
    const clock = { offset: 0 };
    const now = () => Date.now() + clock.offset;
    const authority = datedBy(await createTokenAuthority(), now);
    const cloud = await startCloud({ accounts: Object.values(accounts), authority });
    const certificate = await (firstCertificate ??= createCertificate({ commonName: 'gateway' }));
    const common = { serial, cloud, certificate, tokenClock: now, startAt: 13, inverters: 3 };
    const gateway = await startGateway({ ...common, ...options });
    return new SessionWorld({ gateway, cloud, clock, folder: await newFolder(), waits: withoutWaits() });
  }

  /** The clock of sessions, tokens and logins, ms since the epoch. */
  readonly now = (): number => Date.now() + this.#clock.offset;

  /** Puts the clock forward. */
  advance(milliseconds: number): void {
    this.#clock.offset += milliseconds;
  }

  /** Forgets everything that sessions and logins keep, and what the servers noted. */
  async clear(): Promise<void> {
    await this.restart();
    this.#folder = await newFolder();
    this.#folders.push(this.#folder);
    this.#sealer = undefined;
    this.gateway.log.clear();
    this.cloud.log.clear();
    this.gateway.faults.clear();
    this.cloud.faults.clear();
  }

  /** Closes the sessions; what opens next starts from the files, like another process. */
  async restart(): Promise<void> {
    await Promise.all(this.#sessions.map((each) => each.close()));
    this.#sessions = [];
    this.#logins = new Map();
  }

  open(setup: SessionSetup = {}): OpenSession {
    const opened = new OpenSession(this, setup);
    this.#sessions.push(opened);
    return opened;
  }

  settings(changes: Partial<GatewaySettings> = {}): GatewaySettings {
    const { gateway, cloud } = this;
    const host = `${gateway.host}:${gateway.port}`;
    return { ...gatewaySettings({ host, cloudUrl: cloud.url, tokenUrl: cloud.url }), ...changes };
  }

  /** What the session keeps, in its sealed file. */
  get memory(): Kept<GatewayMemory> {
    return this.#file('gateway');
  }

  /** Puts into the file what a session of before would have kept, with the host filled in. */
  async keep(memory: Omit<GatewayMemory, 'host'>): Promise<void> {
    await this.memory.write({ host: this.settings().host, ...memory });
  }

  /** Keeps a token as fetched with the account of these credentials, or as pasted by a person. */
  async keepToken(value: string, credentials: GatewayCredentials = {}): Promise<void> {
    const { username, password } = credentials;
    const account = username && password ? { origin: 'cloud' as const, account: accountHash(username) } : undefined;
    await this.keep({ token: { value, ...(account ?? { origin: 'person' }) } });
  }

  /** A token for the gateway as if the cloud had given it so many ms ago. */
  token(age = 0, options: Partial<TokenOptions> = {}): Promise<string> {
    return this.gateway.issueToken({ iat: Math.floor((this.now() - age) / 1000), ...options });
  }

  /** Lets the gateway refuse every token older than this many ms. */
  revoke(olderThan = 30 * minute): void {
    this.gateway.switches.rejectTokensIssuedBefore = this.now() - olderThan;
  }

  /** What the cloud was asked so far: logins and tokens. */
  get asked(): { logins: number; tokens: number } {
    return { logins: this.cloud.logins, tokens: this.cloud.tokens };
  }

  /** How often the gateway was asked for a path; for anything where none is named. */
  requests(path?: string): number {
    return this.gateway.log.count(path === undefined ? undefined : `GET ${path}`);
  }

  logins(settings: GatewaySettings, account: Account): AccountLogins {
    const id = accountId(settings, account.username);
    const known = this.#logins.get(id);
    if (known) return known;
    // Whatever the machine trusts, this one certificate is the cloud's.
    const fingerprint = new X509Certificate(this.cloud.ca).fingerprint256;
    const transport = new Transport({ mode: 'pin', pinned: () => fingerprint });
    const created = new AccountLogins(settings, transport, this.#file<GuardState>(`account-${id}`), this.now);
    this.#logins.set(id, created);
    return created;
  }

  async close(): Promise<void> {
    this.#waits.restore();
    await this.restart();
    await Promise.all([this.gateway.close(), this.cloud.close()]);
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  #file<T>(name: string): SealedFile<T> {
    const folder = this.#folder;
    const sealer = () => (this.#sealer ??= keyFromFile(join(folder, 'seal.key')).then((key) => createSealer([key])));
    return new SealedFile<T>(join(folder, `${name}.sealed`), sealer);
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'envoy-session-'));
}

/** Takes the random waits out of retries until `restore` is called. */
function withoutWaits(): { restore: () => void } {
  const { random } = Math;
  Math.random = () => 0;
  return {
    restore: () => {
      Math.random = random;
    },
  };
}
