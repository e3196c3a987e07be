import { json } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';
import type { AccessToken } from '../tokens.js';

/** An error in the words of the gateway in front of the interfaces (spec/device-flow 4.7). */
function gatewayError(status: number, code: string, message: string, description: string): Reply {
  return json(status, { code, message, description });
}

/** The gateway's answer to a path that it does not know. */
export function unknownPath(): Reply {
  const message = 'No matching resource found in the API for the given request';
  return gatewayError(404, '404', message, 'Access failure for API');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment as the gateway writes it, such as `2026-Nov-08 10:00:00+0000 UTC`. */
function accessTime(time: number): string {
  // The gateway names whole seconds; the next one is the first that is let through.
  const [date = '', clock = ''] = new Date(Math.ceil(time / 1000) * 1000).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${year}-${months[Number(month) - 1] ?? ''}-${day} ${clock.slice(0, 8)}+0000 UTC`;
}

function quotaExceeded(parts: EnedisParts, until: number): Reply {
  const description = `You have exceeded your quota. You can access API after ${accessTime(until)}`;
  if (parts.switches.quotaAsFault) {
    return json(429, { fault: { code: 900807, message: 'Message throttled out', description } });
  }
  const document = { code: '900804', message: 'Message throttled out', description };
  return json(429, { ...document, nextAccessTime: accessTime(until) });
}

/** The token that a request shows, or the answer that turns it away. */
function tokenOf(parts: EnedisParts, { headers }: EnedisRequest): AccessToken | Reply {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) {
    const description = 'Invalid Credentials. Make sure your API invocation call has a header: Authorization';
    return gatewayError(401, '900902', 'Missing Credentials', description);
  }
  const description = 'Make sure you have provided the correct security credentials';
  return parts.tokens.accept(token) ?? gatewayError(401, '900901', 'Invalid Credentials', description);
}

/**
 * Lets a request through to an interface: token, subscription, quota.
 * @param generation v5 counts all calls of an application together, 2026 those of each interface
 * @param answer what the interface answers
 */
export function throughGateway(
  parts: EnedisParts,
  request: EnedisRequest,
  generation: 'v5' | 'current',
  answer: (token: AccessToken) => Reply,
): Reply {
  const token = tokenOf(parts, request);
  if ('status' in token) return token;
  const { switches } = parts;
  const name = request.path.split('/')[1] ?? '';
  if (switches.unsubscribed.has(name)) {
    const description = `User is NOT authorized to access the Resource. API Subscription validation failed.`;
    return gatewayError(403, '900908', 'Resource forbidden', description);
  }
  const subject = `${token.clientId} ${generation === 'v5' ? 'v5' : name}`;
  const until = switches.quotas && parts.quotas.take(subject, switches.quotas);
  return until === undefined ? answer(token) : quotaExceeded(parts, until);
}
