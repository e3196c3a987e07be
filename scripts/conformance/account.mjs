/** The account of the cloud that comes with the recordings; our own one has the same. */
export const account = { username: 'user@example.com', password: 'right' };

/** Whether gateways of this firmware want tokens; others Digest (spec/envoy 1.2). */
export function usesTokens(firmware) {
  return Number.parseInt(firmware, 10) >= 7;
}
