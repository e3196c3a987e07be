import type { Node, NodeMessage } from 'node-red';
import type { AuthenticationError } from '../../lib/errors.js';
import { authenticationPayload, type Texts } from './texts.js';

/** What an authentication error is about: a gateway, or an account for Linky data. */
export type AuthenticationSource = 'envoy' | 'enedis';

/**
 * The message of an authentication output (design section 5): the one that asked, with topic and payload replaced and
 * in `error` what a Catch node would be given. The config node's id stands for the gateway or the account, since a full
 * serial number does not belong into errors.
 */
export function authenticationMessage(
  node: Node,
  id: string,
  message: NodeMessage,
  error: AuthenticationError,
  texts: Texts,
  source: AuthenticationSource = 'envoy',
): NodeMessage {
  const payload = authenticationPayload(error, texts, Date.now());
  return Object.assign(message, {
    topic: `${source}/${id}/auth`,
    payload,
    error: {
      message: `${error.name}: ${payload.message}`,
      name: error.name,
      code: error.code,
      source: { id: node.id, type: node.type, name: node.name, count: 1 },
    },
  });
}
