import type { Agent, Dispatcher } from 'undici';
import { createConnector, type CertificatePolicy } from './certificate.js';
import { failureOf, TransportFailure } from './failure.js';

/** One request over HTTP or HTTPS. */
export interface TransportRequest {
  readonly url: URL;
  /** GET unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Largest body in bytes; 8 MiB unless given. */
  readonly limit?: number;
  /** Whether the connection may serve the next request too; true unless given. */
  readonly keepAlive?: boolean;
}

/** An answer, whole. */
export interface TransportReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const defaultLimit = 8 * 1024 * 1024;
/** Milliseconds until a connection must stand (spec/envoy 2.4). */
const connectTimeout = 10_000;
/** Milliseconds that an idle connection is kept, a little over the usual minute between two readings. */
const idleTimeout = 75_000;

async function readBody(body: Dispatcher.ResponseData['body'], limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) {
      body.destroy();
      throw new TransportFailure('too_large', `The answer is larger than ${limit} bytes.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Sends requests, one connection per server, with the certificate policy of its owner. The HTTP library is loaded at
 * the first request. Node's global TLS settings are neither used nor touched.
 */
export class Transport {
  readonly #policy: CertificatePolicy;
  readonly #closing = new AbortController();
  #agent: Promise<Agent> | undefined;

  constructor(policy: CertificatePolicy) {
    this.#policy = policy;
  }

  /** @throws TransportFailure, or the error of the certificate policy */
  async send(request: TransportRequest): Promise<TransportReply> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(request.timeout)]);
    let begun = false;
    try {
      signal.throwIfAborted();
      const dispatcher = await (this.#agent ??= this.#createAgent());
      const { statusCode, headers, body } = await dispatcher.request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method ?? 'GET',
        headers: { ...request.headers },
        body: request.body ?? null,
        reset: request.keepAlive === false,
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      begun = true;
      return { status: statusCode, headers, body: await readBody(body, request.limit ?? defaultLimit) };
    } catch (error) {
      if (this.#closing.signal.aborted) throw new TransportFailure('closed', 'The connection was closed.');
      throw failureOf(error, begun);
    }
  }

  /** Ends every request under way and all connections. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.disconnect();
  }

  /** Ends the connections; the next request opens a new one. */
  async disconnect(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await (await agent)?.destroy();
  }

  async #createAgent(): Promise<Agent> {
    const undici = await import('undici');
    return new undici.Agent({
      connections: 1,
      pipelining: 1,
      keepAliveTimeout: idleTimeout,
      keepAliveMaxTimeout: idleTimeout,
      connect: createConnector(undici.buildConnector, this.#policy, connectTimeout),
    });
  }
}
