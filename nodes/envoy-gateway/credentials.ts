import type { GatewayCredentials } from '../../lib/envoy/settings.js';

const keys = ['username', 'password', 'token'] as const;
const reference = /^\$\{([^}]+)\}$/;

/** Whether a value stands as a whole for an environment variable. */
export function isEnvironmentReference(value: unknown): boolean {
  return typeof value === 'string' && reference.test(value);
}

/** The value, or that of the environment variable that it stands for; Node-RED does so only for deployed nodes. */
function fromEnvironment(value: unknown): unknown {
  const name = typeof value === 'string' ? reference.exec(value)?.[1] : undefined;
  return name === undefined ? value : (process.env[name] ?? '');
}

/** Fields with their environment variables put in. */
export function allFromEnvironment<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fromEnvironment(value)])) as T;
}

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
