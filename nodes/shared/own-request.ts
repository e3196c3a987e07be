import type { GatewayRequest } from '../../lib/envoy/authenticator.js';
import { EnergyError } from '../../lib/errors.js';

const methods = new Set(['GET', 'POST', 'PUT', 'DELETE']);

function invalid(field: string, remedy: string): EnergyError {
  return new EnergyError('invalid_argument', `msg.payload.${field} ${remedy}`, { parameters: { field } });
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
    throw invalid('path', 'must be a path of the gateway, such as /ivp/meters.');
  }
  const method = typeof fields['method'] === 'string' ? fields['method'].toUpperCase() : 'GET';
  if (!methods.has(method)) throw invalid('method', 'must be GET, POST, PUT or DELETE.');
  if (method === 'GET' && body !== undefined) throw invalid('body', 'does not go with GET.');
  return { path, method, ...(body !== undefined && { body: JSON.stringify(body) }) };
}
