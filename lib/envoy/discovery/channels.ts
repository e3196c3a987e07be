import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type makeMulticastDns from 'multicast-dns';
import type { DiscoveryQuestion } from './interpret.js';

/** One socket that asks and listens on one network. */
export interface Channel {
  /** Sends a query; rejects with the error of the system. */
  ask(questions: readonly DiscoveryQuestion[]): Promise<void>;
  /** Closes the socket. */
  close(): Promise<void>;
}

/** Where and how to ask. */
export interface ChannelOptions {
  /** IPv4 addresses of this machine, one for each network to search. */
  readonly interfaces: readonly string[];
  /** UDP port of the responders. */
  readonly port: number;
  /** Told each response. */
  readonly onPacket: (packet: unknown) => void;
}

type MakeMulticastDns = typeof makeMulticastDns;

/** Where the port cannot be shared, responders answer a query from another port directly (RFC 6762, 6.7). */
const unshared = new Set(['EADDRINUSE', 'EACCES', 'EPERM']);

/** One IPv4 address of each network of this machine, itself left out. */
export function localInterfaces(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => {
    const first = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
    return first ? [first.address] : [];
  });
}

function bind(make: MakeMulticastDns, address: string, localPort: number, options: ChannelOptions): Promise<Channel> {
  const { port, onPacket } = options;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  // Bound to all addresses and not by the library to that of the interface, where no multicast would arrive.
  const multicast = make({ socket, bind: false, port, interface: address });
  // What goes wrong on a socket shows in the results of bind and send; a packet that cannot be decoded is no gateway's.
  const ignore = () => undefined;
  multicast.on('error', ignore).on('warning', ignore);
  // Answers come from the port of the responders only (RFC 6762, 6).
  multicast.on('response', (packet, source) => {
    if (source.port === port) onPacket(packet);
  });
  const close = () => new Promise<void>((resolve) => multicast.destroy(resolve));
  const ask = (questions: readonly DiscoveryQuestion[]) =>
    new Promise<void>((resolve, reject) => {
      multicast.query([...questions], (error) => (error ? reject(error) : resolve()));
    });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => void close().then(() => reject(error));
    socket.once('error', fail);
    socket.bind({ port: localPort, address: '0.0.0.0' }, () => {
      socket.off('error', fail);
      try {
        // An address that this machine does not have must not make the query go out on another network.
        socket.setMulticastInterface(address);
        resolve({ ask, close });
      } catch (error) {
        fail(error as Error);
      }
    });
  });
}

async function open(make: MakeMulticastDns, address: string, options: ChannelOptions): Promise<Channel> {
  try {
    return await bind(make, address, options.port, options);
  } catch (error) {
    if (!unshared.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return bind(make, address, 0, options);
  }
}

/**
 * Opens a channel for each interface; an interface that cannot be used is left out. The mDNS library is loaded here.
 * Rejects with the error of the system where no interface can be used though there are some.
 */
export async function openChannels(options: ChannelOptions): Promise<Channel[]> {
  const { default: make } = await import('multicast-dns');
  const results = await Promise.allSettled(options.interfaces.map((address) => open(make, address, options)));
  const channels = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (channels.length === 0 && failed) throw failed.reason;
  return channels;
}
