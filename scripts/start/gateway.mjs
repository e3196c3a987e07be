const names = ['ENVOY_HOST', 'ENVOY_USERNAME', 'ENVOY_PASSWORD', 'ENVOY_TOKEN', 'ENVOY_CLOUD_URL', 'ENVOY_TOKEN_URL'];

/** Whether the environment names a gateway of the user's own: its address, or at least who may read it. */
export function namesGateway({ ENVOY_HOST, ENVOY_USERNAME, ENVOY_TOKEN }) {
  return Boolean(ENVOY_HOST || ENVOY_USERNAME || ENVOY_TOKEN);
}

/**
 * The variables that the demo flow reads: those of the simulator, or where there is none those of the user. Each is
 * defined, an empty one counts as left out: `envoy.local`, the vendor's addresses, no password, no token.
 */
export function gatewayVariables(environment, simulated) {
  const source = simulated ?? environment;
  return Object.fromEntries(names.map((name) => [name, source[name] ?? '']));
}
