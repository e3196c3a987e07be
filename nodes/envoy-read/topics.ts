import type { NodeAPI, NodeMessage } from 'node-red';
import type { GatewaySession } from '../../lib/envoy/session.js';
import { invalidArgument, notAllowed } from '../../lib/explanations.js';
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

/**
 * Takes the token out of a message with the topic `token`, before anything can fail: a message that fails goes on to
 * Catch nodes, and one that does not to the next node. `undefined` for any other message.
 */
export function takeToken(message: ReadMessage): unknown {
  if (message.topic !== 'token') return undefined;
  const token = message.payload;
  delete message.payload;
  return token;
}

function usableToken(token: unknown): string {
  if (typeof token === 'string' && token.trim() !== '') return token;
  const message = 'With the topic "token" msg.payload must hold the token as text.';
  throw invalidArgument('payload', { rule: 'tokenText' }, message);
}

async function requested(session: GatewaySession, payload: unknown): Promise<Answer> {
  const wanted = ownRequest(payload);
  if (wanted.method !== 'GET') {
    const message = 'envoy-read only reads: use envoy-control for other methods than GET.';
    throw notAllowed('method', { rule: 'getOnly' }, message);
  }
  return { topic: `envoy/request${wanted.path}`, payload: await session.request(wanted) };
}

/**
 * Does what the topic of a message asks for (design 3.2). `undefined` where the gateway is to be read after that.
 * @param token what `takeToken` took out of the message
 * @throws EnergyError
 */
export async function followTopic(
  RED: NodeAPI,
  gateway: GatewayNode,
  message: ReadMessage,
  token: unknown,
): Promise<Answer | undefined> {
  const session = await gateway.openSession();
  switch (message.topic) {
    case 'reauthenticate':
      await session.reauthenticate(typeof message.fingerprint === 'string' ? message.fingerprint : undefined);
      return undefined;
    case 'token':
      await session.setToken(usableToken(token));
      return undefined;
    case 'probe':
      await session.probe();
      return undefined;
    case 'request':
      return requested(session, message.payload);
    case 'diagnostics':
      return { topic: 'envoy/diagnostics', payload: await diagnosticsOf(RED, gateway) };
    default:
      return undefined;
  }
}
