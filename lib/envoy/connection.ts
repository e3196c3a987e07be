import { withRetry, type RetryPolicy } from '../async/retry.js';
import { AuthenticationError, EnergyError } from '../errors.js';
import { CookieJar } from '../http/cookies.js';
import { Transport } from '../http/transport.js';
import { gatewayUrl } from './address.js';
import type { Authenticator, Send } from './authenticator.js';
import { oneAttempt } from './cycle.js';
import { DigestAuthenticator } from './digest-authenticator.js';
import { gatewayError, isNetworkError } from './failures.js';
import { candidates, hold, kept } from './held-token.js';
import { identify } from './identify.js';
import type { GatewayInfo } from './info.js';
import { openStream } from './live/open-stream.js';
import type { StreamOptions } from './live/source.js';
import type { SessionMemory } from './memory.js';
import { localCredentials } from './password.js';
import { enlightenAccount, maskAccount, type GatewayCredentials, type GatewaySettings } from './settings.js';
import { checkToken, TokenAuthenticator } from './token-authenticator.js';
import { TokenKeeper, type ObtainToken } from './token-keeper.js';

/** Retries of `/info` (spec/envoy 1.1). */
const infoPolicy: RetryPolicy = { attempts: 4, elapsed: 50_000, longestWait: 5_000 };
/** A gateway that gave no sign of a change is asked once an hour who it is: an update between two readings gives none. */
const identityLife = 3600 * 1000;

function sameGateway(before: GatewayInfo | undefined, now: GatewayInfo): boolean {
  return before?.firmware === now.firmware && before.serial === now.serial && before.tokens === now.tokens;
}

/** Why a text that a person gave as the token cannot be one. */
function flawOf(text: string): AuthenticationError | undefined {
  if (text === '') return undefined;
  try {
    hold({ value: text, origin: 'person' });
    return undefined;
  } catch (error) {
    return error as AuthenticationError;
  }
}

/** What a connection is made from. */
export interface ConnectionOptions {
  readonly settings: GatewaySettings;
  /** The credentials as they are at this moment. */
  readonly credentials: () => GatewayCredentials;
  readonly memory: SessionMemory;
  readonly obtainToken: ObtainToken;
  /** Told of every new token, after it is safe on disk. */
  readonly onToken: (token: string | undefined) => void;
  /** Told of what a person should look after while reading goes on. */
  readonly onProblem: (error: AuthenticationError) => void;
  readonly now: () => number;
}

/** The way to one gateway: who it is, and how it wants to be talked to. It does not know what is read. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #transport: Transport;
  readonly #cookies = new CookieJar();
  readonly #closing = new AbortController();
  #info: GatewayInfo | undefined;
  #identifiedAt = 0;
  #authenticator: Authenticator | undefined;
  #keeper: TokenKeeper | undefined;
  #seen: string | undefined;
  /** Whether this gateway once wanted the other kind of authentication. */
  #crossed = false;
  /** Whether a failure since the last look may come from another firmware. */
  suspect = false;
  /** Why the next token is fetched where there is none. */
  reason: 'needed' | 'deploy' = 'needed';

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#cookies.reset(options.memory.value.cookies);
    this.#transport = new Transport({
      mode: options.settings.tls,
      pinned: () => this.pinned,
      seen: (fingerprint) => {
        this.#seen = fingerprint;
        if (options.settings.tls === 'pin' && this.pinned === undefined) {
          void options.memory.change({ certificate: fingerprint });
        }
      },
    });
  }

  get info(): GatewayInfo | undefined {
    return this.#info;
  }

  get keeper(): TokenKeeper | undefined {
    return this.#keeper;
  }

  /** Fingerprint of the certificate shown last. */
  get seen(): string | undefined {
    return this.#seen;
  }

  /** Fingerprint that is expected. */
  get pinned(): string | undefined {
    return this.#options.settings.fingerprint ?? this.#options.memory.value.certificate;
  }

  /** The gateway's word for its time zone, if it ever gave one. */
  get timeZone(): string | undefined {
    return this.#options.memory.value.timeZone;
  }

  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** True where the gateway turned down every Digest answer, though it may give some data to anybody. */
  get digestRejected(): boolean {
    return this.#authenticator instanceof DigestAuthenticator && this.#authenticator.rejectedEverywhere;
  }

  /**
   * Makes the connection ready: gateway known, authentication by its firmware, something to authenticate with.
   * `changed` where the gateway is another one, or runs another firmware, than before; `patient` where a gateway that is
   * not there may be asked again.
   * @throws EnergyError of `identify`, AuthenticationError
   */
  async open(patient = true): Promise<{ info: GatewayInfo; changed: boolean }> {
    const stale = this.#options.now() - this.#identifiedAt > identityLife;
    const before = this.#info;
    const info = before && !this.suspect && !stale ? before : await this.#identifyPatiently(patient);
    try {
      await this.#authenticatorFor(info).prepare();
    } finally {
      this.reason = 'needed';
    }
    return { info, changed: !sameGateway(before, info) };
  }

  async #identifyPatiently(patient: boolean): Promise<GatewayInfo> {
    await withRetry(() => this.identify(), {
      policy: patient ? infoPolicy : oneAttempt,
      signal: this.signal,
      retryable: (error) => isNetworkError(error) && (error as { code?: string }).code !== 'gateway_timeout',
    });
    return this.#identified();
  }

  #identified(): GatewayInfo {
    if (!this.#info) throw new EnergyError('internal', 'The gateway was not identified.');
    return this.#info;
  }

  /** Asks the gateway who it is, once; whether that changed. A change drops the authentication in use. */
  async identify(): Promise<boolean> {
    const { settings, memory, now } = this.#options;
    const info = await identify(this.#transport, settings.host, settings.timeout * 1000);
    const before = this.#info;
    this.#info = info;
    this.#identifiedAt = now();
    this.suspect = false;
    if (sameGateway(before, info)) return false;
    this.#crossed ||= (memory.value.tokens ?? info.tokens) !== info.tokens;
    await memory.change({ tokens: info.tokens });
    await this.#keeper?.settled();
    this.forget();
    if (before) await this.#transport.disconnect();
    return true;
  }

  /** Sends one request with authentication; one attempt. The connection must be open. */
  send: Authenticator['send'] = (request) => this.#authenticatorFor(this.#identified()).send(request);

  /** Opens a stream with authentication, on a connection of its own. The connection must be open. */
  stream(path: string, { idle, signal }: StreamOptions): Promise<AsyncIterable<Uint8Array>> {
    const { host, timeout } = this.#options.settings;
    const info = this.#identified();
    const scheme = info.tokens ? 'https' : 'http';
    const url = new URL(path, gatewayUrl(scheme, host));
    return openStream({
      host,
      path,
      authenticator: this.#authenticatorFor(info),
      send: this.#sender(scheme),
      open: (headers) => this.#transport.stream({ url, headers, timeout: timeout * 1000, idle, signal }),
      onEnd: () => (this.suspect = true),
    });
  }

  /** Forgets the authentication in use, not the token. */
  forget(): void {
    this.#authenticator = undefined;
    this.#keeper = undefined;
  }

  /** The keeper of the token; `undefined` where the firmware wants Digest or is not known yet. */
  prepareKeeper(): TokenKeeper | undefined {
    if (this.#info) this.#authenticatorFor(this.#info);
    return this.#keeper;
  }

  /** Ends every exchange. A token that is on its way from the cloud is waited for, and so is the disk. */
  async close(): Promise<void> {
    const { memory } = this.#options;
    this.#closing.abort(new Error('closed'));
    await this.#transport.close();
    await this.#keeper?.settled();
    if (this.#cookies.header !== undefined) await memory.change({ cookies: this.#cookies.entries() });
    await memory.settled();
  }

  #authenticatorFor(info: GatewayInfo): Authenticator {
    this.#authenticator ??= info.tokens ? this.#tokenAuthenticator(info) : this.#digestAuthenticator(info);
    return this.#authenticator;
  }

  #digestAuthenticator(info: GatewayInfo): DigestAuthenticator {
    const { username, password } = this.#options.credentials();
    try {
      return new DigestAuthenticator(this.#sender('http'), localCredentials(info.serial, username, password));
    } catch (error) {
      throw this.#crossed ? this.#firmwareChanged(info, 'the password of the local user') : error;
    }
  }

  #tokenAuthenticator(info: GatewayInfo): TokenAuthenticator {
    const { settings, memory, credentials, obtainToken, onToken, onProblem, now } = this.#options;
    const send = this.#sender('https');
    this.#keeper = new TokenKeeper({
      serial: info.serial,
      refreshBefore: settings.refreshBefore,
      account: () => enlightenAccount(credentials()),
      candidates: () => {
        const configured = credentials();
        return candidates(memory.value.token, configured.token, enlightenAccount(configured)?.username);
      },
      obtain: (account, serial, reason, keep) =>
        obtainToken(account, serial, reason === 'needed' ? this.reason : reason, keep),
      check: (token) => checkToken(send, token, this.#cookies),
      keep: async (token) => {
        this.#cookies.reset();
        await memory.change({ token: token && kept(token), cookies: undefined });
        onToken(token?.value);
      },
      missing: () => this.#missing(info),
      onProblem,
      now,
    });
    return new TokenAuthenticator(send, this.#keeper, this.#cookies, now);
  }

  #missing(info: GatewayInfo): AuthenticationError {
    const { token } = this.#options.credentials();
    const flaw = flawOf(token?.trim() ?? '');
    if (flaw) return flaw;
    if (this.#crossed) return this.#firmwareChanged(info, 'an Enlighten account or a token');
    const message = `Firmware ${info.firmware} wants an Enlighten account or a token, and neither was given.`;
    return new AuthenticationError('credentials_missing', message, { parameters: { firmware: info.firmware } });
  }

  #firmwareChanged({ firmware }: GatewayInfo, wanted: string): AuthenticationError {
    const { username } = this.#options.credentials();
    return new AuthenticationError(
      'firmware_changed',
      `The gateway runs firmware ${firmware} now, which wants ${wanted}.`,
      {
        parameters: { firmware },
        ...(username && { account: maskAccount(username) }),
      },
    );
  }

  #sender(scheme: 'http' | 'https'): Send {
    const { host, timeout } = this.#options.settings;
    const base = gatewayUrl(scheme, host);
    return async ({ path, method, body }, headers, options) => {
      try {
        return await this.#transport.send({
          url: new URL(path, base),
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: {
            accept: 'application/json',
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body }),
          timeout: timeout * 1000,
          keepAlive: options?.keepAlive ?? true,
        });
      } catch (error) {
        throw gatewayError(error, host, path);
      }
    };
  }
}
