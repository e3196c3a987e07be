import { gatewayUrl } from '../address.js';
import { normalizeAddress } from './addresses.js';

/** A gateway that announces itself on the local network (spec/envoy 1.6). A suggestion: anybody there can announce. */
export interface FoundGateway {
  readonly serial: string;
  /** What to put into the field for the host: the best address, or the `.local` name where no address is usable. */
  readonly host: string;
  /** All usable IP addresses, the preferred one first; a gateway on Ethernet and Wi-Fi has two. */
  readonly addresses: readonly string[];
  /** `protovers` of the announcement. */
  readonly protocolVersion?: string;
  /** The name that it announces, such as `envoy`. */
  readonly name?: string;
  /** Dotted version; present only where the gateway at `host` answered with the serial number announced. */
  readonly firmware?: string;
}

/** A configured gateway that was found, but not at its configured host. */
export interface MovedGateway {
  readonly serial: string;
  /** The host as configured. */
  readonly configuredHost: string;
  /** Where it was found: to be offered, never taken silently. */
  readonly host: string;
  readonly addresses: readonly string[];
  /** Dotted version; present only where the gateway at the new host confirmed its serial number. */
  readonly firmware?: string;
}

function currentAddresses(host: string, resolved: readonly string[]): string[] {
  let hostname: string;
  try {
    hostname = gatewayUrl('http', host).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return [];
  }
  const own = normalizeAddress(hostname);
  if (own !== undefined) return [own];
  return resolved.flatMap((address) => normalizeAddress(address) ?? []);
}

/**
 * Tells when the gateway of a serial number announces other addresses than the configured one (spec/envoy 1.6).
 * `undefined` where it was not found, where one of its addresses is the configured one, or where nothing can be
 * compared. A configured name counts by `resolved`, the addresses that it stands for; without them it is taken to
 * follow the gateway by itself.
 */
export function movedGateway(
  found: readonly FoundGateway[],
  expectedSerial: string,
  host: string,
  resolved: readonly string[] = [],
): MovedGateway | undefined {
  const gateway = found.find(({ serial }) => serial === expectedSerial);
  const current = currentAddresses(host, resolved);
  if (!gateway || gateway.addresses.length === 0 || current.length === 0) return undefined;
  if (current.some((address) => gateway.addresses.includes(address))) return undefined;
  return {
    serial: gateway.serial,
    configuredHost: host,
    host: gateway.host,
    addresses: gateway.addresses,
    ...(gateway.firmware !== undefined && { firmware: gateway.firmware }),
  };
}
