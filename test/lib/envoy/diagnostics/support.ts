import { bundleFormat, type DiagnosticsBundle, type EndpointRecord } from '../../../../lib/envoy/diagnostics/bundle.js';
import { redact, type RedactionOptions } from '../../../../lib/envoy/diagnostics/redact.js';
import { gatewaySettings } from '../../../../lib/envoy/settings.js';

export const at = Date.UTC(2026, 6, 1, 12);

/** A bundle as it is before redaction, with these bodies. */
export function bundleOf(
  bodies: Readonly<Record<string, string>>,
  more: Partial<DiagnosticsBundle> = {},
): DiagnosticsBundle {
  const { host, tls, refreshBefore, timeout } = gatewaySettings({ host: 'envoy.local' });
  const endpoints = Object.entries(bodies).map(([path, body]): EndpointRecord => {
    return { path, status: 200, milliseconds: 12, bytes: Buffer.byteLength(body), body };
  });
  return {
    format: bundleFormat,
    redacted: false,
    collectedAt: at,
    versions: { package: '1.2.3', nodeRed: '4.1.0', node: '20.20.0', system: 'linux 6.1.0', architecture: 'arm64' },
    settings: { host, tls, fingerprintSet: false, refreshBefore, timeout },
    session: { authentication: 'token', role: 'owner' },
    endpoints,
    ...more,
  };
}

/** The bodies of some replies after redaction, in the order given. */
export function redactedBodies(bodies: readonly string[], options: Partial<RedactionOptions> = {}): string[] {
  const named = Object.fromEntries(bodies.map((body, index) => [`/${index}`, body]));
  return redact(bundleOf(named), { salt: 'salt', ...options }).endpoints.map(({ body = '' }) => body);
}

/** One body after redaction. */
export function redactedBody(body: string, options: Partial<RedactionOptions> = {}): string {
  return redactedBodies([body], options)[0] ?? '';
}

/** A document after redaction, as JSON. */
export function redactedDocument(document: unknown): unknown {
  return JSON.parse(redactedBody(JSON.stringify(document)));
}
