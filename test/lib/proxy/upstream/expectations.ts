import assert from 'node:assert/strict';
import type { ProxyError } from '../../../../lib/proxy/http/error.js';
import type { DataRequest } from '../../../../lib/proxy/upstream/upstream.js';
import { week } from './suite.js';

/** A moment as the gateway writes it. */
export const gatewayTime = (at: number) => {
  const [, day, month, year, time] = new Date(at).toUTCString().split(/,? /);
  return `${year}-${month}-${day} ${time}+0000 UTC`;
};

/** Asks for the contracts of the usage point. */
export const contracts: DataRequest = {
  path: 'customers_upc/v5/usage_points/contracts',
  usagePoint: week.usagePoint,
};

/** Whether a client is told this, and nothing of a wait but what is given. */
export const isError = (status: number, error: string, retryAfter?: string) => (reason: ProxyError) => {
  const { status: seen, error: code, headers } = reason;
  assert.deepEqual([seen, code, headers['retry-after']], [status, error, retryAfter]);
  return true;
};
