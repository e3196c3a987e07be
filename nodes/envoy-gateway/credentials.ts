import type { GatewayCredentials } from '../../lib/envoy/settings.js';

const keys = ['username', 'password', 'token'] as const;

/**
 * The credentials as they are at each moment. `given` are those of the node, environment variables put in; what was
 * changed since (a token mirrored, a password set at run time) counts before them.
 */
export function liveCredentials(
  given: GatewayCredentials | undefined,
  stored: () => GatewayCredentials | undefined,
): () => GatewayCredentials {
  const atStart = { ...stored() };
  return () => {
    const now = stored() ?? {};
    const current = keys.map((key) => [key, now[key] === atStart[key] ? given?.[key] : now[key]] as const);
    return Object.fromEntries(current.filter(([, value]) => value !== undefined));
  };
}
