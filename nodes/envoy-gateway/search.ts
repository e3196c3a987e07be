import type { NodeAPI } from 'node-red';
import type { DiscoveryOptions } from '../../lib/envoy/discovery/discover.js';
import type { FoundGateway } from '../../lib/envoy/discovery/found-gateway.js';
import { maskSerial } from '../../lib/envoy/settings.js';
import { invalidArgument } from '../../lib/explanations.js';
import type { GatewayNode } from '../shared/gateway-node.js';

/** Milliseconds for one found gateway to say who it is. */
const identifyTimeout = 3000;

/**
 * Where the search looks, as `envoyGatewaySearch` in the settings file of Node-RED has it: `interfaces`, one IPv4 address
 * of this machine for each network to search (all of its networks unless given), and `port`, the UDP port of the
 * responders (5353 unless given). Gateways on this machine itself are found only where an address of 127/8 is named.
 */
interface SearchSettings {
  readonly interfaces?: readonly string[];
  readonly port?: number;
}

/** The name of these settings and what they are by default, as a node type registers them. */
export const searchSettings = { envoyGatewaySearch: { value: {}, exportable: false } } as const;

/** A gateway on the local network, as the dialog lists it. */
export interface SearchResult {
  /** Last digits only. */
  readonly serial: string;
  readonly host: string;
  readonly addresses: readonly string[];
  readonly firmware?: string;
  readonly name?: string;
  /** Whether it is the one that is configured here, at the configured address. */
  readonly current: boolean;
  /** Whether it is the one that is configured here, at another address. */
  readonly moved: boolean;
}

function resultOf(found: FoundGateway, moved: boolean, current: boolean): SearchResult {
  const { host, addresses, firmware, name } = found;
  return {
    serial: maskSerial(found.serial),
    host,
    addresses,
    ...(firmware !== undefined && { firmware }),
    ...(name !== undefined && { name }),
    current,
    moved,
  };
}

/** @throws EnergyError `invalid_argument`: a setting that is wrong must not make the search go elsewhere */
function placeToSearch(RED: NodeAPI): DiscoveryOptions {
  const { envoyGatewaySearch = {} } = RED.settings as { readonly envoyGatewaySearch?: SearchSettings };
  const { interfaces, port } = envoyGatewaySearch;
  if (interfaces !== undefined && !Array.isArray(interfaces)) {
    const message = 'The setting envoyGatewaySearch.interfaces must be a list of addresses.';
    throw invalidArgument('interfaces', { rule: 'searchNetworks' }, message);
  }
  return {
    ...(interfaces && { interfaces, loopback: interfaces.some((address) => String(address).startsWith('127.')) }),
    ...(port !== undefined && { port }),
  };
}

/**
 * Looks for gateways on the local network by mDNS. The one that the node `id` reads is marked; a new address of it is
 * only told, never taken over (spec/envoy 1.6).
 * @throws EnergyError of the discovery and of the settings
 */
export async function searchGateways(RED: NodeAPI, id: string, signal: AbortSignal): Promise<SearchResult[]> {
  const { discoverGateways } = await import('../../lib/envoy/discovery/discover.js');
  const { movedGateway } = await import('../../lib/envoy/discovery/found-gateway.js');
  const { identify } = await import('../../lib/envoy/identify.js');
  const { Transport } = await import('../../lib/http/transport.js');
  const session = (RED.nodes.getNode(id) as GatewayNode | null)?.session();
  const serial = session?.info?.serial;
  // Nothing but /info is asked, which is open to anybody.
  const transport = new Transport({ mode: 'insecure' });
  try {
    const place = placeToSearch(RED);
    const found = await discoverGateways({
      ...place,
      signal,
      identify: (host) => identify(transport, host, identifyTimeout),
    });
    const moved = serial === undefined ? undefined : movedGateway(found, serial, session?.settings.host ?? '');
    return found.map((each) => {
      const ours = each.serial === serial;
      return resultOf(each, ours && moved !== undefined, ours && moved === undefined);
    });
  } finally {
    await transport.close();
  }
}
