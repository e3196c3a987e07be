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
