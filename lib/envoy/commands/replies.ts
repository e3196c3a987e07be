import { EnergyError } from '../../errors.js';
import type { GatewayRequest } from '../authenticator.js';
import { meansNotThere, isRefusal } from '../datasets/failures.js';
import { isErrorReply, isFields } from '../datasets/fields.js';
import type { CommandGateway } from './types.js';

/** The text of an error reply, short and without anything that may be a serial number. */
function errorText(reply: unknown): string {
  const error = isFields(reply) ? (reply.err ?? reply.error) : undefined;
  const text = typeof error === 'string' ? error : JSON.stringify(error ?? null);
  return text.replaceAll(/\d{5,}/g, '…').slice(0, 100);
}

/** The error in a reply with the status 200 (spec 7.5); undefined where there is none. */
function errorOf(reply: unknown, path: string): EnergyError | undefined {
  if (!isErrorReply(reply)) return undefined;
  const text = errorText(reply);
  const status = Number(/^[45]\d\d\b/.exec(text)?.[0] ?? 200);
  return new EnergyError('http_status', `${path} answers with an error: ${text}.`, { parameters: { path, status } });
}

/**
 * Sends a request once.
 * @throws EnergyError of the exchange; `http_status` for an error in a reply with the status 200
 */
export async function exchange(gateway: CommandGateway, request: GatewayRequest): Promise<unknown> {
  const reply = await gateway.request(request);
  const error = errorOf(reply, request.path);
  if (error) throw error;
  return reply;
}

/**
 * A document as it is now.
 * @throws EnergyError `feature_not_available` where the gateway has none; else as `exchange`
 */
export async function documentAt(gateway: CommandGateway, path: string): Promise<unknown> {
  try {
    return await exchange(gateway, { path });
  } catch (error) {
    if (!meansNotThere(error) || isRefusal(error)) throw error;
    throw new EnergyError('feature_not_available', `This gateway has no ${path}. ${error.message}`, {
      cause: error,
      parameters: { path, feature: path },
    });
  }
}
