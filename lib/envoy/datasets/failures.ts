import { authenticationCodes, EnergyError } from '../../errors.js';
import type { DatasetName, Facts, SourceContext } from './types.js';

const refusals = new Set<string>(['role_insufficient', 'credentials_rejected']);
const passing = new Set<string>(['gateway_unreachable', 'gateway_timeout', 'gateway_busy']);

/** Whether the gateway refused this one path to the account in use (401 or 403). */
export function isRefusal(error: unknown): boolean {
  return error instanceof EnergyError && refusals.has(error.code);
}

/** Whether the failure says nothing about the gateway's features: it did not answer, or is still starting. */
function isPassing(error: unknown): error is EnergyError {
  return error instanceof EnergyError && passing.has(error.code);
}

/** Whether the failure means, in a probe, that the gateway has no such endpoint (spec 3.1). */
export function meansNotThere(error: unknown): error is EnergyError {
  if (!(error instanceof EnergyError)) return false;
  if (error.code === 'http_status') {
    const status = Number(error.parameters.status);
    return status >= 300 && status < 500;
  }
  return error.code === 'reply_invalid' || isRefusal(error);
}

/** Whether a failure ends the whole cycle, whichever part it came up in. */
export function endsCycle(error: EnergyError): boolean {
  return (
    error.code === 'closed' || (!isRefusal(error) && (authenticationCodes as readonly string[]).includes(error.code))
  );
}

/**
 * The reply of an endpoint in a probe; undefined where the gateway has none.
 * @throws EnergyError for every failure that says nothing about what the gateway has.
 */
export async function replyIfThere(context: SourceContext, path: string): Promise<unknown> {
  try {
    return await context.endpoints(path);
  } catch (error) {
    if (meansNotThere(error)) return undefined;
    throw error;
  }
}

/**
 * Probes an endpoint that the gateway can do without: `claim` is given the reply. Where the gateway does not answer
 * just now, the feature counts as absent, with a warning, and the facts are marked as incomplete.
 */
export async function probeOptional(
  context: SourceContext,
  facts: Facts,
  path: string,
  part: DatasetName,
  claim: (reply: unknown) => Facts,
): Promise<Facts> {
  let reply: unknown;
  try {
    reply = await replyIfThere(context, path);
  } catch (error) {
    if (!isPassing(error)) throw error;
    context.warn({ part, code: error.code, message: `${path} could not be probed: ${error.message}` });
    return { ...facts, incomplete: true };
  }
  return reply === undefined ? facts : claim(reply);
}
