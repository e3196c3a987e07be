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
  /** Gives the exchange up; it then fails as `closed`. */
  readonly signal?: AbortSignal;
}

/** A request whose answer is read as it comes. */
export interface StreamRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the head of the answer must be there. */
  readonly timeout: number;
  /** Milliseconds without a byte after which the stream counts as dead. */
  readonly idle: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** An answer that is still coming. Its body must be read, or the answer closed. */
export interface StreamReply extends Pick<TransportReply, 'status' | 'headers'> {
  /** The bytes as they come; raises a TransportFailure. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** How a transport works beyond its certificate policy. */
export interface TransportOptions {
  /** Most connections at a time to one server; 1 unless given, since a gateway is a weak computer. */
  readonly connections?: number;
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

/** The chunks of a stream; `fail` is called where none came for `idle` ms, the time that the reader takes not counted. */
async function* chunksOf(body: AsyncIterable<Uint8Array>, idle: number, fail: () => void): AsyncGenerator<Uint8Array> {
  let timer = setTimeout(fail, idle);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(fail, idle);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The chunks with the errors of the HTTP library as failures; whoever stops reading ends the connection. */
async function* ended(chunks: AsyncIterable<Uint8Array>, close: () => Promise<void>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw failureOf(error, true);
  } finally {
    await close();
  }
}

function closed(): TransportFailure {
  return new TransportFailure('closed', 'The connection was closed.');
}

function silent(milliseconds: number): TransportFailure {
  return new TransportFailure('timeout', `Nothing came for ${milliseconds} ms.`);
}

/**
 * Sends requests, one connection per server unless told otherwise, with the certificate policy of its owner. The HTTP
 * library is loaded at the first request. Node's global TLS settings are neither used nor touched.
 */
export class Transport {
  readonly #policy: CertificatePolicy;
  readonly #connections: number;
  readonly #requests = new Set<AbortController>();
  readonly #streams = new Set<AbortController>();
  #closed = false;
  #agent: Promise<Agent> | undefined;

  constructor(policy: CertificatePolicy, { connections = 1 }: TransportOptions = {}) {
    this.#policy = policy;
    this.#connections = connections;
  }

  /** @throws TransportFailure, or the error of the certificate policy */
  async send(request: TransportRequest): Promise<TransportReply> {
    if (this.#isClosed()) throw closed();
    // Not AbortSignal.any: each of its signals costs more than the rest of the request, and lives as long as the session.
    const ending = new AbortController();
    const limit = setTimeout(() => ending.abort(silent(request.timeout)), request.timeout);
    const cancel = () => ending.abort(closed());
    request.signal?.addEventListener('abort', cancel, { once: true });
    this.#requests.add(ending);
    let begun = false;
    try {
      if (request.signal?.aborted) throw closed();
      const dispatcher = await (this.#agent ??= this.#createAgent());
      const { statusCode, headers, body } = await dispatcher.request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method ?? 'GET',
        headers: { ...request.headers },
        body: request.body ?? null,
        reset: request.keepAlive === false,
        signal: ending.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      begun = true;
      return { status: statusCode, headers, body: await readBody(body, request.limit ?? defaultLimit) };
    } catch (error) {
      throw this.#isClosed() ? closed() : failureOf(error, begun);
    } finally {
      clearTimeout(limit);
      request.signal?.removeEventListener('abort', cancel);
      this.#requests.delete(ending);
    }
  }

  /**
   * Opens a stream on a connection of its own, so that requests do not wait for its end.
   * @throws TransportFailure, or the error of the certificate policy
   */
  async stream(request: StreamRequest): Promise<StreamReply> {
    const { url, timeout, idle } = request;
    const ending = new AbortController();
    const agent = await this.#createAgent();
    const end = (reason: TransportFailure): Promise<void> => {
      this.#streams.delete(ending);
      request.signal?.removeEventListener('abort', cancel);
      ending.abort(reason);
      return agent.destroy();
    };
    const cancel = () => void end(closed());
    const limit = setTimeout(() => void end(silent(timeout)), timeout);
    this.#streams.add(ending);
    request.signal?.addEventListener('abort', cancel, { once: true });
    try {
      if (this.#closed || request.signal?.aborted) throw closed();
      const { statusCode, headers, body } = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { accept: 'text/event-stream', ...request.headers },
        signal: ending.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const close = () => end(closed());
      const chunks = chunksOf(body, idle, () => void end(silent(idle)));
      return { status: statusCode, headers, body: ended(chunks, close), close };
    } catch (error) {
      await end(closed());
      throw failureOf(error, false);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Ends every request under way and all connections. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const request of this.#requests) request.abort(closed());
    await this.#disconnect(closed());
  }

  /** Ends the connections; the next request opens a new one. */
  async disconnect(): Promise<void> {
    await this.#disconnect(new TransportFailure('incomplete', 'The connection was given up.'));
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  async #disconnect(reason: TransportFailure): Promise<void> {
    for (const stream of this.#streams) stream.abort(reason);
    const agent = this.#agent;
    this.#agent = undefined;
    await (await agent)?.destroy();
  }

  async #createAgent(): Promise<Agent> {
    const undici = await import('undici');
    return new undici.Agent({
      connections: this.#connections,
      pipelining: 1,
      keepAliveTimeout: idleTimeout,
      keepAliveMaxTimeout: idleTimeout,
      connect: createConnector(undici.buildConnector, this.#policy, connectTimeout),
    });
  }
}
