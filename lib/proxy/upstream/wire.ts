import { Transport, type TransportReply } from '../../http/transport.js';
import { upstreamFailure, UpstreamFailure } from './failure.js';
import type { UpstreamCall, UpstreamHealth, UpstreamObserver } from './upstream.js';

/** One request to the upstream server. */
export interface WireRequest {
  readonly call: UpstreamCall;
  readonly url: URL;
  /** GET unless given. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** When the answer must be there, in ms of `performance.now()`. */
  readonly deadline: number;
}

/** What the wire needs. */
export interface WireOptions {
  readonly now: () => number;
  readonly observer?: UpstreamObserver;
}

/** Many devices are served side by side; the upstream server's own quota keeps calls below this. */
const connections = 16;
/** Largest answer, bytes (spec/device-flow D15). */
const largestAnswer = 5 * 1024 * 1024;

/** Sends requests to the upstream server, tells the observer, and remembers how it went last. */
export class Wire {
  readonly #transport = new Transport({ mode: 'verify' }, { connections });
  readonly #now: () => number;
  readonly #observer: UpstreamObserver | undefined;
  #health: UpstreamHealth = {};

  constructor({ now, observer }: WireOptions) {
    this.#now = now;
    this.#observer = observer;
  }

  /** How it went last. */
  get health(): UpstreamHealth {
    return this.#health;
  }

  /** Redirections are never followed. @throws UpstreamFailure where there is no answer, or a redirection */
  async send({ call, url, method, headers, body, deadline }: WireRequest): Promise<TransportReply> {
    const started = performance.now();
    try {
      const reply = await this.#transport.send({
        url,
        ...(method !== undefined && { method }),
        headers: { accept: 'application/json', 'user-agent': 'node-red-envoy-linky', ...headers },
        ...(body !== undefined && { body }),
        timeout: Math.max(1, deadline - started),
        limit: largestAnswer,
      });
      this.#tell(call, `status_${reply.status}`, started, isSound(reply.status));
      if (reply.status >= 300 && reply.status < 400) throw new UpstreamFailure('redirect');
      return reply;
    } catch (error) {
      const failure = upstreamFailure(error);
      if (failure.kind !== 'redirect') this.#tell(call, failure.kind, started, failure.kind === 'closed');
      throw failure;
    }
  }

  /** Ends every exchange under way. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  #tell(call: UpstreamCall, outcome: string, started: number, isGood: boolean): void {
    const at = this.#now();
    if (outcome !== 'closed') {
      const failed = { lastFailureAt: at, lastFailure: outcome };
      this.#health = { ...this.#health, ...(isGood ? { lastSuccessAt: at } : failed) };
    }
    this.#observer?.(call, outcome, (performance.now() - started) / 1000);
  }
}

/** Whether a server that answers so is well; a turned-down request is the asker's business, except for these. */
function isSound(status: number): boolean {
  return status < 500 && (status < 300 || status >= 400) && status !== 401 && status !== 429;
}
