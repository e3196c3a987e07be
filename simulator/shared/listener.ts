import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer } from 'node:https';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.js';

/** What a connection begins with. */
export type Protocol = 'tls' | 'http';

/** The first byte of a TLS handshake record. */
const handshakeRecord = 0x16;

/** How long an idle connection is kept, ms. */
const keepAliveTimeout = 65_000;

/** Where a listener stands and what answers there. */
export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly certificate: Certificate;
  readonly handler: RequestListener;
}

/** One port that speaks TLS and plain HTTP, told apart by the first byte. */
export class Listener {
  /** Whether that kind of connection is served; asked at each new one, cut off where it is not. */
  accept: (protocol: Protocol) => boolean = () => true;
  readonly #host: string;
  readonly #handler: RequestListener;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #plain: HttpServer;
  #secure: HttpsServer;
  #port: number;
  #connections = 0;
  #tlsHandshakes = 0;

  /** @throws where the address is none of 127.0.0.0/8 */
  constructor({ host, port, certificate, handler }: ListenerOptions) {
    if (!/^127(\.\d{1,3}){3}$/.test(host)) throw new Error('A simulator listens on loopback only.');
    this.#host = host;
    this.#port = port;
    this.#handler = handler;
    this.#plain = createHttpServer({ keepAliveTimeout }, handler);
    this.#secure = this.#secureServer(certificate);
    this.#server = createServer((socket) => {
      this.#connected(socket);
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** TLS handshakes finished so far. */
  get tlsHandshakes(): number {
    return this.#tlsHandshakes;
  }

  /** Listens; after `close` again, on the same port. */
  async open(): Promise<void> {
    this.#server.listen(this.#port, this.#host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** From now on this certificate; open connections are cut. */
  setCertificate(certificate: Certificate): void {
    this.#secure = this.#secureServer(certificate);
    this.disconnect();
  }

  /** Cuts every open connection. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops listening and cuts every connection: new ones are refused. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.disconnect();
    await once(this.#server, 'close');
  }

  #secureServer({ key, cert }: Certificate): HttpsServer {
    const server = createHttpsServer({ key, cert, keepAliveTimeout }, this.#handler);
    server.on('secureConnection', () => {
      this.#tlsHandshakes++;
    });
    // A client that does not trust the certificate hangs up in the handshake: its business, not ours.
    server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
    return server;
  }

  #connected(socket: Socket): void {
    this.#connections++;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      this.#dispatch(socket, first);
    });
  }

  #dispatch(socket: Socket, first: Buffer): void {
    const protocol: Protocol = first[0] === handshakeRecord ? 'tls' : 'http';
    if (!this.accept(protocol)) {
      socket.destroy();
      return;
    }
    socket.pause();
    socket.unshift(first);
    (protocol === 'tls' ? this.#secure : this.#plain).emit('connection', socket);
    // TLS drains what was put back by itself; resuming here would take it away from there.
    if (protocol === 'http') socket.resume();
  }
}
