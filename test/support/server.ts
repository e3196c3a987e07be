import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server of a test on a loopback port. */
export interface TestServer {
  readonly url: URL;
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Cuts all connections and stops listening. */
  close(): Promise<void>;
}

/** What a server of a test listens with; without a certificate it speaks plain HTTP. */
export interface ServerOptions {
  readonly port?: number;
  readonly certificate?: { readonly key: string; readonly cert: string };
}

async function listening(server: Server, scheme: 'http' | 'https', port: number): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: new URL(`${scheme}://127.0.0.1:${address.port}/`),
    port: address.port,
    get connections() {
      return connections;
    },
    close: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Starts an HTTP or HTTPS server. */
export function serve(listener: RequestListener, { certificate, port = 0 }: ServerOptions = {}): Promise<TestServer> {
  if (!certificate) return listening(createHttpServer(listener), 'http', port);
  const server: HttpServer = createHttpsServer({ key: certificate.key, cert: certificate.cert }, listener);
  return listening(server, 'https', port);
}

/** Starts a server that sees the bare bytes. */
export function serveBytes(listener: (socket: Socket) => void, port = 0): Promise<TestServer> {
  return listening(createNetServer(listener), 'http', port);
}

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = await serveBytes((socket) => socket.destroy());
  await server.close();
  return server.port;
}
