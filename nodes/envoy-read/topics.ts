import type { NodeAPI, NodeMessage } from 'node-red';
import { EnergyError } from '../../lib/errors.js';
import { diagnosticsOf } from '../shared/diagnostics.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { ownRequest } from '../shared/own-request.js';

/** A message into `envoy-read`. */
export type ReadMessage = NodeMessage & { fingerprint?: unknown };

/** What a message is answered with instead of a reading. */
export interface Answer {
  readonly topic: string;
  readonly payload: unknown;
}

/** The token of a message, which must not go on with it, neither to the next node nor to a Catch node. */
function takeToken(message: ReadMessage): string {
  const token = message.payload;
  delete message.payload;
  if (typeof token === 'string' && token.trim() !== '') return token;
  throw new EnergyError('invalid_argument', 'With the topic "token" msg.payload must hold the token as text.', {
    parameters: { field: 'payload' },
  });
}

async function requested(gateway: GatewayNode, payload: unknown): Promise<Answer> {
  const wanted = ownRequest(payload);
  if (wanted.method !== 'GET') {
    throw new EnergyError('not_allowed', 'envoy-read only reads: use envoy-control for other methods than GET.', {
      parameters: { field: 'method' },
    });
  }
  const session = await gateway.openSession();
  return { topic: `envoy/request${wanted.path}`, payload: await session.request(wanted) };
}

/**
 * Does what the topic of a message asks for (design 3.2). `undefined` where the gateway is to be read after that.
 * @throws EnergyError
 */
export async function followTopic(
  RED: NodeAPI,
  gateway: GatewayNode,
  message: ReadMessage,
): Promise<Answer | undefined> {
  switch (message.topic) {
    case 'reauthenticate':
      await gateway.reauthenticate(typeof message.fingerprint === 'string' ? message.fingerprint : undefined);
      return undefined;
    case 'token':
      await gateway.setToken(takeToken(message));
      return undefined;
    case 'probe':
      await gateway.probeGateway();
      return undefined;
    case 'request':
      return requested(gateway, message.payload);
    case 'diagnostics':
      return { topic: 'envoy/diagnostics', payload: await diagnosticsOf(RED, gateway) };
    default:
      return undefined;
  }
}
