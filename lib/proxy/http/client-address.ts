import { BlockList, isIP, isIPv4 } from 'node:net';
import type { ProxySettings } from '../settings/settings.js';
import type { ProxyRequest } from './types.js';

/** More entries than any chain of proxies makes; what stands further left is not looked at. */
const longestChain = 20;

const trusted = new WeakMap<readonly string[], BlockList>();

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

function trustedList(entries: readonly string[]): BlockList {
  const known = trusted.get(entries);
  if (known) return known;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.trim().split('/');
    const plain = plainAddress(address);
    if (plain === undefined) continue;
    // A range of IPv4-mapped addresses is a range of IPv4.
    const mapped = address.includes(':') && isIPv4(plain) ? 96 : 0;
    const prefix = Number(bits) - mapped;
    if (bits === undefined) list.addAddress(plain, family(plain));
    else if (/^\d+$/.test(bits) && prefix >= 0 && prefix <= (isIPv4(plain) ? 32 : 128))
      list.addSubnet(plain, prefix, family(plain));
  }
  trusted.set(entries, list);
  return list;
}

/** The eight groups of an IPv6 address, or `undefined` where it is none. */
function groups(address: string): number[] | undefined {
  if (isIP(address) !== 6) return undefined;
  // URL brings every notation into one, the dotted end included.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(gap).fill('0'), ...right].map((group) => Number.parseInt(group, 16));
}

/**
 * An address as it is compared: without port, brackets and zone, an IPv4-mapped IPv6 address as IPv4; `undefined` where
 * the text is no address.
 */
function plainAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  let address = text;
  if (address.startsWith('[')) address = address.slice(1, Math.max(1, address.indexOf(']')));
  else if (address.indexOf(':') === address.lastIndexOf(':')) address = address.split(':', 1)[0] ?? '';
  const zone = address.indexOf('%');
  if (zone >= 0) address = address.slice(0, zone);
  if (isIPv4(address)) return address;
  const parts = groups(address);
  if (!parts) return undefined;
  if (parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff) {
    const [high = 0, low = 0] = parts.slice(6);
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  }
  return address;
}

/**
 * The address that a request came from: the peer of the connection or, where that is a trusted proxy, the last entry of
 * `X-Forwarded-For` that is not one. An entry that is no address ends the search: what stands left of it was written by
 * nobody who is trusted (spec/device-flow D18).
 */
export function clientAddress(settings: ProxySettings, request: ProxyRequest): string {
  let address = plainAddress(request.peer) ?? request.peer;
  if (settings.trustedProxies.length === 0 || isIP(address) === 0) return address;
  const list = trustedList(settings.trustedProxies);
  if (!list.check(address, family(address))) return address;
  const chain = request.headers.get('x-forwarded-for')?.split(',').slice(-longestChain) ?? [];
  for (const entry of chain.reverse()) {
    const next = plainAddress(entry.trim());
    if (next === undefined) return address;
    address = next;
    if (!list.check(address, family(address))) return address;
  }
  return address;
}

/** What limits count by: an IPv4 address as it is, an IPv6 address by its network (/64). */
export function addressSubject(address: string): string {
  const parts = groups(plainAddress(address) ?? '');
  if (!parts) return plainAddress(address) ?? address;
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
