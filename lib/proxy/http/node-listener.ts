import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from './dispatch.js';
import { discardRest, readBody } from './node-body.js';
import { splitTarget } from './target.js';
import type { ProxyRequest, ProxyResponse } from './types.js';

/** What the listener may be told. */
export interface NodeListenerOptions {
  /** Path below which the proxy stands, such as `/enedis`; paths without it are taken as they are, or left to `next`. */
  readonly basePath?: string;
  /** Whether connections are to end after their answer. */
  readonly closing?: () => boolean;
}

/** A listener of node:http, and a handler of Express. */
export type NodeListener = (message: IncomingMessage, reply: ServerResponse, next?: () => void) => void;

/**
 * How long a connection stays open between two requests, ms. Old clients give up when it ends between two polls, which
 * they make every 5 to 10 s; the default of node:http is 5 s (spec/device-flow 5.3).
 */
export const idleTime = 65_000;

class NodeRequest implements ProxyRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: { get(name: string): string | null };
  readonly #message: IncomingMessage;

  constructor(message: IncomingMessage, path: string, query: string) {
    this.#message = message;
    this.method = message.method ?? 'GET';
    this.path = path;
    this.query = query;
    this.headers = {
      get: (name) => {
        const value = message.headers[name];
        return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
      },
    };
  }

  get peer(): string {
    return this.#message.socket.remoteAddress ?? '';
  }

  body(limit: number): Promise<string> {
    return readBody(this.#message, limit);
  }
}

/** Keeps the connection longer than a server that is not ours would; it sets its own time at the same moment. */
function keepOpen(message: IncomingMessage, reply: ServerResponse): void {
  const { socket } = message;
  reply.setHeader('connection', 'keep-alive');
  reply.setHeader('keep-alive', `timeout=${String(idleTime / 1000)}`);
  reply.once('finish', () => {
    if (!socket.destroyed) socket.setTimeout(idleTime);
  });
}

function isShortLived(message: IncomingMessage): boolean {
  const { server } = message.socket as { readonly server?: { readonly keepAliveTimeout?: number } };
  const time = server?.keepAliveTimeout ?? 0;
  return time > 0 && time < idleTime;
}

function write(message: IncomingMessage, reply: ServerResponse, answer: ProxyResponse, closing: boolean): void {
  if (reply.destroyed || reply.headersSent) return;
  const { status, headers, body } = answer;
  if (closing) reply.setHeader('connection', 'close');
  else if (reply.shouldKeepAlive && headers['connection'] === undefined && isShortLived(message)) {
    keepOpen(message, reply);
  }
  const hasBody = message.method !== 'HEAD' && status !== 204;
  try {
    reply.writeHead(status, {
      ...(headers as Record<string, string | string[]>),
      ...(hasBody && { 'content-length': Buffer.byteLength(body) }),
    });
    reply.end(hasBody ? body : undefined);
  } catch {
    // A character that may not stand in a header: node:http refuses all of it, and the client must not wait for ever.
    reply.writeHead(500, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    reply.end('{"error":"server_error"}');
  }
  discardRest(message);
}

/**
 * Puts a proxy behind node:http or Express. It needs the body unread; where a parser has read it as a form, the form is
 * rebuilt from what the parser made.
 */
export function nodeListener(
  proxy: { readonly handle: Dispatcher },
  { basePath = '', closing = () => false }: NodeListenerOptions = {},
): NodeListener {
  return (message, reply, next) => {
    const target = splitTarget(message.url ?? '/', basePath);
    if (!target.below && next) {
      next();
      return;
    }
    void proxy.handle(new NodeRequest(message, target.path, target.query)).then((answer) => {
      write(message, reply, answer, closing());
    });
  };
}
