import type { NodeAPI } from 'node-red';
import type { DiagnosticsBundle } from '../../lib/envoy/diagnostics/bundle.js';
import type { GatewayCredentials } from '../../lib/envoy/settings.js';
import type { GatewayNode } from './gateway-node.js';
import { packageVersion } from './package-version.js';

/** A redacted bundle about a gateway, to be attached to a bug report. @throws EnergyError of the settings */
export async function diagnosticsOf(RED: NodeAPI, gateway: GatewayNode): Promise<DiagnosticsBundle> {
  const { collectDiagnostics } = await import('../../lib/envoy/diagnostics/collect.js');
  const given = RED.nodes.getCredentials(gateway.id) as GatewayCredentials | undefined;
  return collectDiagnostics(await gateway.openSession(), {
    packageVersion: await packageVersion(),
    nodeRedVersion: await RED.version(),
    secrets: [given?.username, given?.password, given?.token],
  });
}
