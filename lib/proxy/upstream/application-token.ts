import { wait } from '../../async/retry.js';
import { numberOf, objectOf, parseJson, textOf } from '../../linky/json.js';
import { newId } from '../codes.js';
import type { ProxyRecords } from '../context.js';
import { ProxyError } from '../http/error.js';
import { needToken, releaseLease, renewalFailed, renewed, type TokenAnswer } from '../records/application-token.js';
import type { Secrets } from '../secrets.js';
import type { ProxySettings } from '../settings/settings.js';
import { misconfigured, UpstreamFailure } from './failure.js';
import type { Wire } from './wire.js';

/** The application's token, ready to be sent. */
export interface ApplicationToken {
  readonly token: string;
  /** As it is stored: names the token without telling it. */
  readonly sealed: string;
}

/** What the keeper of the application's token needs. */
export interface ApplicationTokenOptions {
  readonly settings: ProxySettings;
  readonly records: Pick<ProxyRecords, 'applicationTokens'>;
  readonly secrets: Secrets;
  readonly wire: Wire;
  readonly now: () => number;
  /** Milliseconds for a request. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** How long a renewal by another instance is waited for, ms (spec/device-flow 2.5 (9)). */
const longestWait = 5000;
/** Between two looks, ms. */
const shortestLook = 50;
/** Seconds that a token lives where the answer does not say. */
const usualLifetime = 3600;

interface NewToken {
  readonly token: string;
  readonly lifetime: number;
}

/** Reads the answer of the token endpoint; `expires_in` may be a string (spec/device-flow 4.2). */
function readNewToken(status: number, body: string): NewToken {
  const members = objectOf(parseJson(body));
  const token = textOf(members['access_token']);
  if (status >= 400 && status < 500 && status !== 429 && status !== 408) {
    throw misconfigured();
  }
  if (status !== 200 || token === undefined || !/^[\x21-\x7e]+$/.test(token)) throw new UpstreamFailure('invalid');
  const lifetime = numberOf(members['expires_in']) ?? usualLifetime;
  return { token, lifetime: Math.max(0, lifetime) };
}

/**
 * Keeps the token with which the proxy itself asks the data interfaces. It lies sealed in the store and is shared by
 * all instances; one of them renews it, under a lease (spec/device-flow 2.5 (9), D16).
 */
export class ApplicationTokens {
  readonly #options: ApplicationTokenOptions;
  readonly #id: string;
  readonly #place: string;
  readonly #running = new Map<string, Promise<ApplicationToken | ProxyError>>();
  #opened: ApplicationToken | undefined;

  constructor(options: ApplicationTokenOptions) {
    const { clientId, endpoints } = options.settings;
    this.#options = options;
    this.#id = options.secrets.hash('application_token', `${clientId} ${endpoints.applicationToken}`);
    this.#place = `upstream_token:${this.#id}:token`;
  }

  /** The token to send. @throws ProxyError 502, 503, 504 where none can be had */
  async current(): Promise<ApplicationToken> {
    const found = await this.#shared('');
    if (found instanceof ProxyError) throw found;
    return found;
  }

  /** Another token in the place of one that was refused; `undefined` where none can be had now. */
  async instead(refused: ApplicationToken): Promise<ApplicationToken | undefined> {
    const found = await this.#shared(refused.sealed);
    return found instanceof ProxyError ? undefined : found;
  }

  /** Resolves when no renewal is under way any more, so that no lease is left behind. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** Lets all who want the same share one look into the store, and one renewal. */
  #shared(refused: string): Promise<ApplicationToken | ProxyError> {
    const running = this.#running.get(refused);
    if (running) return running;
    const started = this.#obtain(refused).finally(() => this.#running.delete(refused));
    this.#running.set(refused, started);
    return started;
  }

  async #obtain(refused: string): Promise<ApplicationToken | ProxyError> {
    const owner = newId();
    const giveUpAt = performance.now() + longestWait;
    for (;;) {
      const answer = await this.#ask(owner, refused);
      if (answer.kind === 'renew') return this.#renewOrKeep(owner, refused);
      if (answer.kind === 'use') return this.#use(answer.tokenSealed);
      if (answer.kind === 'pause' || performance.now() >= giveUpAt) return this.#unavailable(answer.until);
      await this.#pause();
    }
  }

  /** A token sealed with a key that is gone is as good as refused. */
  async #use(sealed: string): Promise<ApplicationToken | ProxyError> {
    return (await this.#open(sealed)) ?? this.#obtain(sealed);
  }

  /** A new token; where none can be had, the one from before while it lasts. */
  async #renewOrKeep(owner: string, refused: string): Promise<ApplicationToken | ProxyError> {
    const { records, now } = this.#options;
    const outcome = await this.#renew(owner);
    if (!(outcome instanceof ProxyError)) return outcome;
    const { tokenSealed, expiresAt = 0 } = (await records.applicationTokens.get(this.#id)) ?? {};
    const isGood = tokenSealed !== undefined && tokenSealed !== refused && expiresAt > now();
    return (isGood ? await this.#open(tokenSealed) : undefined) ?? outcome;
  }

  #ask(owner: string, refused: string): Promise<TokenAnswer> {
    const { records, now } = this.#options;
    return records.applicationTokens.change(this.#id, (record) =>
      needToken(record, { owner, now: now(), ...(refused !== '' && { refused }) }),
    );
  }

  async #pause(): Promise<void> {
    await wait(shortestLook * (1 + Math.random()), this.#options.signal).catch(() => {
      throw new UpstreamFailure('closed');
    });
  }

  #unavailable(until: number): ProxyError {
    return new ProxyError(503, 'temporarily_unavailable', {
      description: 'The proxy has no access to the upstream server at the moment.',
      retryAfter: Math.min(60, (until - this.#options.now()) / 1000),
    });
  }

  async #open(sealed: string): Promise<ApplicationToken | undefined> {
    if (this.#opened?.sealed === sealed) return this.#opened;
    try {
      this.#opened = { sealed, token: await this.#options.secrets.open(sealed, this.#place) };
      return this.#opened;
    } catch {
      return undefined;
    }
  }

  async #renew(owner: string): Promise<ApplicationToken | ProxyError> {
    const { records, secrets, now } = this.#options;
    try {
      const { token, lifetime } = await this.#request();
      const tokenSealed = await secrets.seal(token, this.#place);
      const given = { owner, tokenSealed, expiresAt: now() + lifetime * 1000 };
      await records.applicationTokens.change(this.#id, (record) => renewed(record, { ...given, now: now() }));
      this.#opened = { token, sealed: tokenSealed };
      return this.#opened;
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      const isClosed = error instanceof UpstreamFailure && error.kind === 'closed';
      await (isClosed
        ? records.applicationTokens.change(this.#id, (record) => releaseLease(record, owner))
        : records.applicationTokens.change(this.#id, (record) => renewalFailed(record, { owner, now: now() })));
      return error;
    }
  }

  /** Credentials go in the body, never into the URL (spec/device-flow 4.2). */
  async #request(): Promise<NewToken> {
    const { settings, wire, timeout } = this.#options;
    if (settings.clientSecret === undefined) throw misconfigured();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
    });
    const { status, body } = await wire.send({
      call: 'application_token',
      url: new URL(settings.endpoints.applicationToken),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      deadline: performance.now() + timeout,
    });
    return readNewToken(status, body);
  }
}
