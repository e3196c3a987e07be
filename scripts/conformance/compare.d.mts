/**
 * Holds a payload of `envoy-read` against the expected values of a recorded system: one line for each difference, with the
 * path in the payload.
 */
export function differences(
  expected: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>>,
): string[];
