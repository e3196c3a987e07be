import { createCertificate } from '../shared/certificate.js';
import { createFaults } from '../shared/faults.js';
import type { Faults } from '../shared/faults.js';
import { Listener } from '../shared/listener.js';
import { createRequestLog } from '../shared/request-log.js';
import type { RequestLog } from '../shared/request-log.js';
import { createTokenAuthority } from '../shared/tokens.js';
import type { TokenAuthority, TokenOptions } from '../shared/tokens.js';
import { createAccount } from './accounts.js';
import type { Account, AccountOptions } from './accounts.js';
import { createCloudHandler } from './handler.js';
import type { CloudParts } from './handler.js';
import type { CloudSwitches, LoginAttempt } from './switches.js';

/** How a simulated cloud starts. */
export interface CloudOptions {
  readonly host?: string;
  readonly port?: number;
  /** False: plain HTTP. */
  readonly tls?: boolean;
  readonly accounts?: readonly AccountOptions[];
  /** How long a login is good for fetching tokens, ms. */
  readonly sessionLifetime?: number;
  readonly authority?: TokenAuthority;
}

/** A running cloud: login (Enlighten) and tokens (Entrez) at one address. */
export interface SimulatedCloud {
  readonly url: string;
  /** The certificate that a client has to trust, PEM; empty without TLS. */
  readonly ca: string;
  readonly authority: TokenAuthority;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly switches: CloudSwitches;
  /** Login and token requests so far, whatever came of them. */
  readonly logins: number;
  readonly tokens: number;
  readonly attempts: readonly LoginAttempt[];
  /** The account of an address, to look at and to change. @throws where there is none */
  account(email: string): Account;
  addAccount(account: AccountOptions): void;
  setPassword(email: string, password: string): void;
  /** Lets a blocked account in again. */
  unblock(email: string): void;
  /** Ends all logins. */
  expireSessions(): void;
  issueToken(options: TokenOptions): Promise<string>;
  close(): Promise<void>;
}

/** The handle of a cloud that listens. */
class RunningCloud implements SimulatedCloud {
  readonly url: string;
  readonly ca: string;
  readonly authority: TokenAuthority;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly switches: CloudSwitches;
  readonly attempts: readonly LoginAttempt[];
  readonly #parts: CloudParts;
  readonly #stop: () => Promise<void>;

  constructor(parts: CloudParts, { url, ca, stop }: { url: string; ca: string; stop: () => Promise<void> }) {
    this.#parts = parts;
    this.#stop = stop;
    this.url = url;
    this.ca = ca;
    this.authority = parts.authority;
    this.log = parts.log;
    this.faults = parts.faults;
    this.switches = parts.switches;
    this.attempts = parts.attempts;
  }

  get logins(): number {
    return this.log.count('POST /login/login.json');
  }

  get tokens(): number {
    return this.log.count('POST /tokens');
  }

  account(email: string): Account {
    const found = this.#parts.accounts.get(email);
    if (!found) throw new Error('There is no such account.');
    return found;
  }

  addAccount(account: AccountOptions): void {
    this.#parts.accounts.set(account.email, createAccount(account));
  }

  setPassword(email: string, password: string): void {
    this.account(email).password = password;
  }

  unblock(email: string): void {
    Object.assign(this.account(email), { blocked: false, rejections: 0 });
  }

  expireSessions(): void {
    this.#parts.sessions.clear();
  }

  issueToken(options: TokenOptions): Promise<string> {
    return this.authority.issue(options);
  }

  close(): Promise<void> {
    return this.#stop();
  }
}

/** Starts a cloud on a loopback address. */
export async function startCloud(options: CloudOptions = {}): Promise<SimulatedCloud> {
  const { host = '127.0.0.1', port = 0, tls = true, sessionLifetime = 900_000 } = options;
  const closing = new AbortController();
  const parts: CloudParts = {
    accounts: new Map((options.accounts ?? []).map((account) => [account.email, createAccount(account)])),
    authority: options.authority ?? (await createTokenAuthority()),
    log: createRequestLog(),
    faults: createFaults(),
    switches: { down: false, htmlInsteadOfLogin: false, htmlInsteadOfToken: false, malformedToken: false },
    sessions: new Map(),
    sessionLifetime,
    attempts: [],
    closed: closing.signal,
  };
  const certificate = await createCertificate({
    commonName: 'enlighten.enphaseenergy.com',
    names: ['localhost', 'enlighten.enphaseenergy.com', 'entrez.enphaseenergy.com'],
    addresses: [host],
  });
  const listener = new Listener({ host, port, certificate, handler: createCloudHandler(parts) });
  listener.accept = (protocol) => !parts.switches.down && (protocol === 'tls') === tls;
  await listener.open();
  const stop = (): Promise<void> => {
    closing.abort();
    return listener.close();
  };
  const url = `${tls ? 'https' : 'http'}://${host}:${listener.port}`;
  return new RunningCloud(parts, { url, ca: tls ? certificate.cert : '', stop });
}
