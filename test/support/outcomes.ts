import assert from 'node:assert/strict';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import { AuthenticationError, EnergyError } from '../../lib/errors.js';

/** `data` where a reading holds the power of now, else the code of its error. */
export async function outcomeOf(reading: Promise<GatewayPayload>): Promise<string> {
  const payload = await reading.catch((error: unknown) => {
    if (error instanceof EnergyError) return error;
    throw error;
  });
  if (payload instanceof EnergyError) return payload.code;
  return typeof (payload['production'] as { wattsNow?: unknown } | undefined)?.wattsNow === 'number'
    ? 'data'
    : 'no production';
}

/** The authentication error of a reading or another call; fails where there is none. */
export async function refusalOf(call: Promise<unknown>): Promise<AuthenticationError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AuthenticationError, `an authentication error was expected, not ${String(error)}`);
  return error;
}
