import type { GatewayRequest } from '../../lib/envoy/authenticator.js';
import type { EnergyError } from '../../lib/errors.js';
import { invalidArgument, type BrokenRule } from '../../lib/explanations.js';

const methods = ['GET', 'POST', 'PUT', 'DELETE'];

function invalid(field: string, broken: BrokenRule, remedy: string): EnergyError {
  return invalidArgument(field, broken, `msg.payload.${field} ${remedy}`);
}

/**
 * The request that a message with the topic `request` asks for: `{ path, method?, body? }`, a path alone as text.
 * @throws EnergyError `invalid_argument` naming the field
 */
export function ownRequest(payload: unknown): GatewayRequest & { readonly method: string } {
  const given = typeof payload === 'string' ? { path: payload } : payload;
  const fields = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const { path, body } = fields;
  // One slash: "//host" would be another machine, which must never see the token.
  if (typeof path !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(path)) {
    throw invalid('path', { rule: 'requestPath' }, 'must be a path of the gateway, such as /ivp/meters.');
  }
  const method = typeof fields['method'] === 'string' ? fields['method'].toUpperCase() : 'GET';
  if (!methods.includes(method)) {
    throw invalid('method', { rule: 'requestMethod', words: methods }, 'must be GET, POST, PUT or DELETE.');
  }
  if (method === 'GET' && body !== undefined) throw invalid('body', { rule: 'bodyWithGet' }, 'does not go with GET.');
  return { path, method, ...(body !== undefined && { body: JSON.stringify(body) }) };
}
