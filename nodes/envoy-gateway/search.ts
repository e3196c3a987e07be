import type { NodeAPI } from 'node-red';
import type { FoundGateway } from '../../lib/envoy/discovery/found-gateway.js';
import { maskSerial } from '../../lib/envoy/settings.js';
import type { GatewayNode } from '../shared/gateway-node.js';

/** Milliseconds for one found gateway to say who it is. */
const identifyTimeout = 3000;

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

/**
 * Looks for gateways on the local network by mDNS. The one that the node `id` reads is marked; a new address of it is
 * only told, never taken over (spec/envoy 1.6).
 * @throws EnergyError of the discovery
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
    const found = await discoverGateways({ signal, identify: (host) => identify(transport, host, identifyTimeout) });
    const moved = serial === undefined ? undefined : movedGateway(found, serial, session?.settings.host ?? '');
    return found.map((each) => {
      const ours = each.serial === serial;
      return resultOf(each, ours && moved !== undefined, ours && moved === undefined);
    });
  } finally {
    await transport.close();
  }
}
