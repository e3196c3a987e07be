import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import makeMulticastDns, { type ResponseOutgoingPacket } from 'multicast-dns';
import type { Announced } from './announcements.js';

/** What a query asked for, as `TYPE name`, and whether it came from the shared port. */
interface Heard {
  readonly questions: readonly string[];
  readonly shared: boolean;
}

/** A real mDNS responder on the loopback interface. */
export interface Responder {
  readonly port: number;
  readonly heard: readonly Heard[];
  /** Sends records to everybody. */
  announce(answers: readonly Announced[], additionals?: readonly Announced[]): void;
  /** Sends these bytes to everybody, from the responders' port. */
  sendRaw(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Where a responder is bound. */
export interface ResponderOptions {
  /** Port of the query; a free one unless given. */
  readonly port?: number;
  /** Port that it sends from and is bound to; that of the query unless given. */
  readonly localPort?: number;
  /** Whether others may be bound to its port too. */
  readonly shared?: boolean;
}

/** Starts a responder; `onQuery` answers, with the number of the query and what it asked for. */
export async function startResponder(
  onQuery: (responder: Responder, query: number, questions: readonly string[]) => void,
  { port, localPort, shared = true }: ResponderOptions = {},
): Promise<Responder> {
  const used = port ?? (await freePort());
  const socket = createSocket({ type: 'udp4', reuseAddr: shared });
  const multicast = makeMulticastDns({ socket, bind: false, port: used, interface: '127.0.0.1' });
  const heard: Heard[] = [];
  // A query from another port is answered to its sender.
  let asker: { port: number; address: string } | undefined;
  const responder: Responder = {
    port: used,
    heard,
    announce: (answers, additionals = []) => {
      // The encoder changes what it is given.
      const packet = structuredClone({ answers: [...answers], additionals: [...additionals] });
      multicast.respond(packet as ResponseOutgoingPacket, asker);
    },
    sendRaw: (bytes) => socket.send(bytes, used, '224.0.0.251'),
    close: () => new Promise((resolve) => multicast.destroy(resolve)),
  };
  multicast.on('query', (query, source) => {
    const questions = (query.questions ?? []).map(({ type, name }) => `${type} ${name}`);
    asker = source.port === used ? undefined : source;
    heard.push({ questions, shared: source.port === used });
    onQuery(responder, heard.length, questions);
  });
  socket.bind(localPort ?? used, '0.0.0.0');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  return responder;
}
