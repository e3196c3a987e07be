import { invalidArgument } from '../explanations.js';

/** The scheme of a gateway's requests: Digest over http, tokens over https (spec/envoy 1.3). */
export type Scheme = 'http' | 'https';

/**
 * The base URL of a gateway by its host as typed: a name or an IP, optionally `:port`; an IPv6 address in brackets.
 * @throws EnergyError `invalid_argument` naming the field
 */
export function gatewayUrl(scheme: Scheme, host: string): URL {
  const text = host.trim();
  const usable = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(text);
  try {
    if (usable) return new URL(`${scheme}://${text}/`);
  } catch {
    // A port over 65535 or an address that is none: told below, as any other text that is no host.
  }
  const message = 'The host of the gateway must be a name or an IP address, with :port where needed.';
  throw invalidArgument('host', { rule: 'host' }, message);
}
