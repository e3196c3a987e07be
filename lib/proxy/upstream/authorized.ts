import { wait } from '../../async/retry.js';
import type { TransportReply } from '../../http/transport.js';
import { readFault } from '../../linky/translation/errors.js';
import { ProxyError } from '../http/error.js';
import type { Limits } from '../limits/limits.js';
import { everybody, upstreamRules } from '../limits/rules.js';
import type { LimitSettings } from '../settings/settings.js';
import type { ApplicationToken, ApplicationTokens } from './application-token.js';
import { UpstreamFailure } from './failure.js';
import { replyWait } from './reply-wait.js';
import { RetriedErrors } from './retried-errors.js';
import type { Wire, WireRequest } from './wire.js';

/** What calls with the application's token need. */
export interface AuthorizedOptions {
  readonly limits: Limits;
  readonly limitSettings: LimitSettings;
  readonly tokens: ApplicationTokens;
  readonly wire: Wire;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A request that the application's token is put to. */
export interface AuthorizedRequest extends WireRequest {
  /** The interface whose quota it counts for. */
  readonly api: string;
}

/** Before another try after a network failure or a server error, and after a quota of a second, ms (1.13). */
const networkPause = 200;
const quotaPause = 700;
/** A longer wait than this is left to whoever asks, ms. */
const longestQuotaWait = 1000;

/** Whether the answer means that the token is no good, or does not say what else it means (spec/device-flow D16). */
function isRefused({ status, body }: TransportReply): boolean {
  if (status === 401) return true;
  const meaning = status === 403 ? readFault(status, body).meaning : undefined;
  return meaning === 'application_token' || meaning === 'trouble';
}

/**
 * Sends requests with the application's token, within the quotas, with one more try where that may help
 * (spec/device-flow 1.8, 1.13).
 */
export class AuthorizedCalls {
  readonly #options: AuthorizedOptions;
  readonly #retried: RetriedErrors;

  constructor(options: AuthorizedOptions) {
    this.#options = options;
    this.#retried = new RetriedErrors(options.now);
  }

  /**
   * The answer, whatever its status. A refused token is renewed once.
   * @throws ProxyError 429 where the quotas are used up, 502, 503 or 504 where there is no answer
   */
  async send(request: AuthorizedRequest): Promise<TransportReply> {
    const { tokens } = this.#options;
    await this.#admit(request.api);
    const token = await before(request.deadline, tokens.current());
    const reply = await this.#patiently(request, token);
    if (!isRefused(reply)) return reply;
    const other = await before(request.deadline, tokens.instead(token));
    if (other === undefined || !(await this.#isAdmitted(request.api))) return reply;
    return this.#patiently(request, other);
  }

  async #admit(api: string): Promise<void> {
    const { limits, limitSettings } = this.#options;
    const { allowed, wait: left } = await limits.take(upstreamRules(limitSettings, api), everybody);
    if (allowed) return;
    throw new ProxyError(429, 'slow_down', {
      description: 'The quota of the application at the upstream server is used up.',
      retryAfter: left / 1000,
    });
  }

  async #isAdmitted(api: string): Promise<boolean> {
    const { limits, limitSettings } = this.#options;
    return (await limits.take(upstreamRules(limitSettings, api), everybody)).allowed;
  }

  /** Sends it, and once more after a network failure, a server error or a quota of a second. */
  async #patiently(request: AuthorizedRequest, token: ApplicationToken): Promise<TransportReply> {
    const first = await this.#once(request, token);
    const pause = this.#pauseAfter(request, first);
    const isWorthIt = pause !== undefined && performance.now() + pause < request.deadline;
    if (isWorthIt && (await this.#isAdmitted(request.api))) {
      await wait(pause, this.#options.signal).catch(() => {
        throw new UpstreamFailure('closed');
      });
      return settled(await this.#once(request, token));
    }
    return settled(first);
  }

  async #once(request: AuthorizedRequest, { token }: ApplicationToken): Promise<TransportReply | UpstreamFailure> {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    try {
      return await this.#options.wire.send({ ...request, headers });
    } catch (error) {
      if (error instanceof UpstreamFailure) return error;
      throw error;
    }
  }

  #pauseAfter(request: AuthorizedRequest, outcome: TransportReply | UpstreamFailure): number | undefined {
    if (outcome instanceof UpstreamFailure) return outcome.kind === 'network' ? networkPause : undefined;
    if (outcome.status >= 500) {
      const isFirst = outcome.status !== 500 || this.#retried.note(`${request.url.href} ${request.body ?? ''}`);
      return isFirst ? networkPause : undefined;
    }
    if (outcome.status !== 429) return undefined;
    const left = replyWait(outcome, this.#options.now()) ?? 0;
    return left <= longestQuotaWait ? Math.max(quotaPause, left) : undefined;
  }
}

function settled(outcome: TransportReply | UpstreamFailure): TransportReply {
  if (outcome instanceof UpstreamFailure) throw outcome;
  return outcome;
}

/** What a promise gives, if it does so in time. @throws UpstreamFailure `timeout` */
async function before<T>(deadline: number, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = wait(Math.max(1, deadline - performance.now()), over.signal).then(
    () => new UpstreamFailure('timeout'),
    () => new UpstreamFailure('closed'),
  );
  try {
    const first = await Promise.race([promise, late]);
    if (first instanceof UpstreamFailure) throw first;
    return first;
  } finally {
    over.abort(new Error('Not needed any more.'));
  }
}
