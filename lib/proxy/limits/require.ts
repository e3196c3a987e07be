import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import type { LimitRule } from './limits.js';

/**
 * Counts one request under each of the rules.
 * @throws ProxyError 429 `slow_down` with `Retry-After` where one of them is used up (spec/device-flow 1.6, 1.8)
 */
export async function requireAllowance(
  { limits, events, now }: ProxyContext,
  rules: readonly LimitRule[],
  subject: string,
  clientId?: string,
): Promise<void> {
  const { allowed, wait } = await limits.take(rules, subject);
  if (allowed) return;
  const reason = rules.map(({ name }) => name).join(' ');
  events({ name: 'limited', at: now(), reason, ...(clientId !== undefined && { clientId }) });
  throw new ProxyError(429, 'slow_down', { description: 'Too many requests', retryAfter: wait / 1000 });
}
