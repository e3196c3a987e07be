import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Dispatcher } from './http/dispatch.js';
import { idleTime, nodeListener, type NodeListener } from './http/node-listener.js';

/** How much patience the server has with its clients; times in ms. */
interface ServerLimits {
  /** Until the headers of a request must be there. */
  readonly headers: number;
  /** Until a whole request must be there. */
  readonly request: number;
  /** Between two requests on one connection. */
  readonly idle: number;
  /** Without a byte in either direction while an answer is awaited or being read. */
  readonly silence: number;
  /** How often all that is looked at. */
  readonly check: number;
  /** Bytes of all headers together. */
  readonly headerBytes: number;
  /** Connections at once; further ones are closed at once. */
  readonly connections: number;
}

const usual: ServerLimits = {
  headers: 10_000,
  request: 30_000,
  idle: idleTime,
  silence: 120_000,
  check: 1_000,
  headerBytes: 16 * 1024,
  connections: 10_000,
};

/** Where the server listens, and what it puts up with. */
export interface ServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default: this machine only. */
  readonly host?: string;
  /** Path of the public URL, where the reverse proxy in front does not take it off; it may be missing in a request. */
  readonly basePath?: string;
  /** What is asked before the proxy; it calls `next` for what is not its own (figures, for example). */
  readonly before?: NodeListener;
  readonly limits?: Partial<ServerLimits>;
}

/** A server that runs. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /**
   * Stops: no new connections, requests under way are answered as the last of their connections, idle connections are
   * closed. What is still open after so many milliseconds is cut. Resolves when all connections are closed. May be
   * called again with less patience.
   */
  drain(milliseconds: number): Promise<void>;
}

function limitedServer(limits: ServerLimits, listener: NodeListener): Server {
  const server = createServer(
    {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.idle,
      connectionsCheckingInterval: limits.check,
      maxHeaderSize: limits.headerBytes,
      noDelay: true,
    },
    (message, reply) => {
      listener(message, reply);
    },
  );
  server.timeout = limits.silence;
  server.maxConnections = limits.connections;
  return server;
}

/**
 * Starts a server of its own for a proxy (plain HTTP; TLS is for the reverse proxy in front of it).
 * @throws what `listen` fails with, such as an address in use
 */
export async function startServer(
  proxy: { readonly handle: Dispatcher },
  { port, host = '127.0.0.1', basePath = '', before, limits }: ServerOptions,
): Promise<RunningServer> {
  let closing = false;
  const main = nodeListener(proxy, { basePath, closing: () => closing });
  const listener: NodeListener = before
    ? (message, reply) => {
        before(message, reply, () => {
          main(message, reply);
        });
      }
    : main;
  const server = limitedServer({ ...usual, ...limits }, listener);
  server.listen(port, host);
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const closed = once(server, 'close');

  async function drain(milliseconds: number): Promise<void> {
    if (!closing) {
      closing = true;
      server.close();
      // Node closes what is idle after a request; what has not sent a byte yet is idle, too.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, milliseconds);
    await closed;
    clearTimeout(timer);
  }

  return {
    host,
    port: (server.address() as AddressInfo).port,
    drain,
  };
}
