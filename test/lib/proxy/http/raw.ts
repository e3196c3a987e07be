import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to a server on loopback on which bytes are sent as they are. */
export interface RawConnection {
  readonly socket: Socket;
  send(text: string): void;
  /** What came so far. */
  readonly received: string;
  /** Resolves when the text has come so often. */
  until(text: string, times?: number): Promise<void>;
  /** Resolves with everything that came, when the server has ended the connection. */
  end(): Promise<string>;
}

/** Opens a bare connection. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  // A cut connection is what some tests wait for.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let more = (): void => undefined;
  socket.on('data', () => more());
  await once(socket, 'connect');
  return {
    socket,
    send: (text) => socket.write(text),
    get received() {
      return received;
    },
    until: async (text, times = 1) => {
      while (received.split(text).length <= times) {
        if (socket.closed) throw new Error(`The connection ended before ${JSON.stringify(text)}: ${received}`);
        await Promise.race([new Promise<void>((resolve) => (more = resolve)), closed]);
      }
    },
    end: async () => {
      await closed;
      return received;
    },
  };
}

/** The text of a POST of a form. */
export function postText(path: string, body: string, headers: readonly string[] = []): string {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: evil.test',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
}
