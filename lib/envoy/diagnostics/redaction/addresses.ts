import { isIPv6 } from 'node:net';
import type { Replacements } from './replacements.js';

type Octets = readonly number[];

/** Addresses that are the same everywhere: none, this computer, masks, multicast and broadcast. */
function saysNothing([first = 0]: Octets): boolean {
  return first === 0 || first === 127 || first >= 224;
}

/** The part of an IPv4 address that stays: its private range, or the range for tests in place of a public one. */
function rangeOf([first = 0, second = 0]: Octets, byte: number): Octets {
  if (first === 10) return [10];
  if (first === 172 && second >= 16 && second < 32) return [172, 16 + (byte % 16)];
  if (first === 192 && second === 168) return [192, 168];
  if (first === 169 && second === 254) return [169, 254];
  if (first === 100 && second >= 64 && second < 128) return [100, 64 + (byte % 64)];
  return [198, 18 + (byte % 2)];
}

/** Another IPv4 address of the same range; a public one becomes one of 198.18.0.0/15. */
export function otherIpv4(address: string, replacements: Replacements): string {
  const octets = address.split('.').map(Number);
  if (saysNothing(octets)) return address;
  return replacements.made('ipv4', address, (next) => {
    const range = rangeOf(octets, next());
    return [...range, ...Array.from({ length: 4 - range.length }, () => 1 + (next() % 254))].join('.');
  });
}

/**
 * Another IPv6 address; a link-local one stays link-local. A colon behind it, as in a sentence, stays.
 * @returns `undefined` where the text is no IPv6 address
 */
export function otherIpv6(text: string, replacements: Replacements): string | undefined {
  if (!isIPv6(text)) {
    const colon = /[^:]:$/.test(text) && isIPv6(text.slice(0, -1));
    return colon ? `${otherIpv6(text.slice(0, -1), replacements) ?? ''}:` : undefined;
  }
  const address = text.toLowerCase();
  if (address === '::' || address === '::1') return text;
  const prefix = address.startsWith('fe80:') ? 'fe80' : '2001:db8';
  return replacements.made('ipv6', address, (next) => {
    const groups = Array.from({ length: 3 }, () => (0x1000 + (((next() << 8) | next()) % 0xf000)).toString(16));
    return `${prefix}::${groups.join(':')}`;
  });
}
