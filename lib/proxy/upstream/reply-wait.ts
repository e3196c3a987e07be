import type { TransportReply } from '../../http/transport.js';
import { readFault } from '../../linky/translation/errors.js';

/** What a `Retry-After` header says: seconds or a date; ms from now. */
export function retryAfter({ headers }: Pick<TransportReply, 'headers'>, now: number): number | undefined {
  const text = [headers['retry-after']].flat()[0]?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** How long to leave the upstream server alone, ms: by its header, or by the body of the gateway (spec/device-flow 4.7). */
export function replyWait(reply: TransportReply, now: number): number | undefined {
  const fromHeader = retryAfter(reply, now);
  if (fromHeader !== undefined) return fromHeader;
  const { nextAccess } = readFault(reply.status, reply.body);
  return nextAccess === undefined ? undefined : Math.max(0, nextAccess - now);
}
