import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on loopback that counts what passes. */
export interface Wire {
  readonly host: string;
  /** Bytes so far, both ways, TLS included. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** Opens a port on loopback that leads to another one there. */
export async function openWire(port: number): Promise<Wire> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const add = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => (bytes += chunk.length));
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    const gateway = connect(port, '127.0.0.1');
    add(client);
    add(gateway);
    client.pipe(gateway).pipe(client);
    client.on('close', () => gateway.destroy());
    gateway.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bytes() {
      // Every byte comes in at one side and goes out at the other; it is counted where it comes in.
      return bytes;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
