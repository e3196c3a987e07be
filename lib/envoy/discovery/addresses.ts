import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Ports that a gateway is reached at without naming them in its host. */
const usualPorts = new Set([0, 80, 443]);

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');

/** Nobody can be called at these; an IPv6 link-local address is of no use without the interface it belongs to. */
const unusable = new BlockList();
unusable.addSubnet('0.0.0.0', 8, 'ipv4');
unusable.addSubnet('224.0.0.0', 3, 'ipv4');
unusable.addAddress('::', 'ipv6');
unusable.addSubnet('fe80::', 10, 'ipv6');
unusable.addSubnet('ff00::', 8, 'ipv6');

/**
 * An IP address in the one form that is compared: IPv4 dotted, IPv6 short and in lower case. `undefined` where it is
 * none, or only an IPv4 address in the clothes of IPv6, which no machine announces.
 */
export function normalizeAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const address = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return address.startsWith('::ffff:') ? undefined : address;
}

/** Whether a gateway may be reached at a normalized address; `acceptLoopback` lets this machine's own ones pass. */
export function isUsable(address: string, acceptLoopback: boolean): boolean {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (loopback.check(address, family)) return acceptLoopback;
  return !unusable.check(address, family);
}

/** IPv4 first, then IPv6, and the address of a gateway's own access point (169.254/16) last. */
function rank(address: string): number {
  if (!isIPv4(address)) return 1;
  return linkLocal.check(address, 'ipv4') ? 2 : 0;
}

/** Order of preference. Addresses of one kind stand in numeric order, so that every search suggests the same one. */
export function compareAddresses(a: string, b: string): number {
  return rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });
}

/** The host as it is typed: an IPv6 address in brackets, the port only where it is an unusual one. */
export function hostText(nameOrAddress: string, port: number): string {
  const host = nameOrAddress.includes(':') ? `[${nameOrAddress}]` : nameOrAddress;
  return usualPorts.has(port) ? host : `${host}:${port}`;
}
