import { withRetry, type RetryPolicy } from '../async/retry.js';
import type { ErrorCode } from '../errors.js';
import type { Connection } from './connection.js';
import { interpretJson, isNetworkError } from './failures.js';

/** A reading is begun anew so often where the firmware changed under it. */
export const restartLimit = 2;

/** Failures that another firmware may be behind. */
export const telling = new Set<ErrorCode>([
  'http_status',
  'reply_invalid',
  'gateway_busy',
  'no_production_source',
  'token_rejected',
  'credentials_rejected',
  'role_insufficient',
]);

/** Failures after which the gateway is asked who it is before the next reading; an update may renew its certificate. */
export const suspicious = new Set<ErrorCode>(['gateway_busy', 'http_status', 'certificate_changed']);

/**
 * The JSON at a path, asked again while the gateway is not there. `beforeRetry` looks whether it is another one by now.
 * @throws EnergyError, AuthenticationError of the exchange; what `beforeRetry` throws
 */
export async function fetchPatiently(
  connection: Connection,
  path: string,
  policy: RetryPolicy,
  beforeRetry: () => Promise<void>,
): Promise<unknown> {
  const { signal } = connection;
  const reply = await withRetry(() => connection.send({ path }), {
    policy,
    signal,
    retryable: isNetworkError,
    beforeRetry,
  });
  return interpretJson(reply, path);
}
