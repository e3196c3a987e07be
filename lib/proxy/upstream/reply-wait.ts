import { longestWait, retryWait } from '../../http/retry-after.js';
import type { TransportReply } from '../../http/transport.js';
import { readFault } from '../../linky/translation/errors.js';

/** What a `Retry-After` header says, ms from now; 0 for a date that has passed. */
export function retryAfter(reply: Pick<TransportReply, 'headers'>, now: number): number | undefined {
  const wait = retryWait(reply, now);
  return wait === undefined || wait > longestWait ? undefined : Math.max(0, wait);
}

/** How long to leave the upstream server alone, ms: by its header, or by the body of the gateway (spec/device-flow 4.7). */
export function replyWait(reply: TransportReply, now: number): number | undefined {
  const fromHeader = retryAfter(reply, now);
  if (fromHeader !== undefined) return fromHeader;
  const { nextAccess } = readFault(reply.status, reply.body);
  return nextAccess === undefined ? undefined : Math.max(0, nextAccess - now);
}
