import { wait } from '../../async/retry.js';
import { asEnergyError, EnergyError } from '../../errors.js';
import { checkRequirements, definitionOf } from './commands.js';
import type { Observation, Plan } from './definition.js';
import { documentAt, exchange } from './replies.js';
import type { CommandArguments, CommandGateway, CommandName, CommandResult, CommandWarning } from './types.js';

/** Waits before each look at the state, ms: a relay takes some seconds to move (spec 5.1). */
const readBackWaits: readonly number[] = [300, 1200, 2000, 3000, 3500];

/** How a command is carried out. */
export interface PerformOptions {
  /** Waits before each look at the state, ms; `readBackWaits` where there are none. */
  readonly waits?: readonly number[];
}

const lostCodes = new Set<string>([
  'gateway_timeout',
  'gateway_unreachable',
  'reply_incomplete',
  'reply_invalid',
  'reply_too_large',
]);

/** Whether an error leaves open if the gateway carried a command out: no answer, or one of the server in front. */
function isLostAnswer({ code, parameters }: EnergyError): boolean {
  return lostCodes.has(code) || (code === 'gateway_busy' && (parameters.status === 502 || parameters.status === 504));
}

/** Sends the command, once. Gives the error where the answer got lost, so that the outcome is open. */
async function send(gateway: CommandGateway, plan: Plan): Promise<EnergyError | undefined> {
  let reply: unknown;
  try {
    reply = await exchange(gateway, plan.request);
  } catch (cause) {
    const error = asEnergyError(cause);
    if (isLostAnswer(error)) return error;
    throw plan.refusal?.(error) ?? error;
  }
  if (plan.isComplete?.(reply) === false) {
    const { path } = plan.request;
    const message = `The gateway took the change, but ${path} answered with an incomplete document: check the settings.`;
    throw new EnergyError('reply_incomplete', message, { parameters: { path } });
  }
  return undefined;
}

function closed(cause?: unknown): EnergyError {
  return new EnergyError('closed', 'The session was closed before the command was sent.', { cause });
}

/** Lets some time pass; raises `closed` where the session ends meanwhile. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, signal);
  } catch (cause) {
    const message = 'The session was closed while the state was read back; the command had been sent.';
    throw new EnergyError('closed', message, { cause });
  }
}

/** What was seen of the state, and the error of the look that failed last. */
interface Seen {
  readonly observation?: Observation;
  readonly failure?: EnergyError;
}

async function look(gateway: CommandGateway, readBack: NonNullable<Plan['readBack']>): Promise<Seen> {
  try {
    return { observation: readBack.observe(await exchange(gateway, { path: readBack.path })) };
  } catch (cause) {
    const failure = asEnergyError(cause);
    if (failure.code === 'closed') throw failure;
    return { failure };
  }
}

/** Looks at the state until it is the one that is wanted, or the waits are used up. */
async function readBack(gateway: CommandGateway, plan: Plan, waits: readonly number[]): Promise<Seen> {
  if (!plan.readBack) return {};
  let seen: Seen = {};
  for (const milliseconds of waits) {
    await pause(milliseconds, gateway.signal);
    seen = { ...seen, ...(await look(gateway, plan.readBack)) };
    if (seen.observation?.confirmed === true) break;
  }
  return seen;
}

function unknownOutcome(lost: EnergyError): EnergyError {
  const message = `${lost.message} Whether the command was carried out is not known.`;
  return new EnergyError(lost.code, message, { cause: lost, parameters: lost.parameters });
}

function warningsOf(plan: Plan, { observation, failure }: Seen, lost: EnergyError | undefined): CommandWarning[] {
  const warnings = [...(observation?.warnings ?? []), ...(plan.warnings ?? [])];
  if (lost) {
    const message = `The answer got lost, so that only the state read back tells the outcome: ${lost.message}`;
    warnings.push({ code: 'answer_lost', message });
  }
  if (!observation) {
    const message = failure?.message ?? 'This gateway does not show what the command changes.';
    warnings.push({ code: 'state_unknown', message: `The state could not be read back: ${message}` });
  }
  return warnings;
}

/**
 * Carries out a command: feature and role are checked, then the argument, then what is to change is read anew, sent
 * with the one change, and the state read back until it is the wanted one, for up to ten seconds. Nothing is ever
 * sent twice: where the answer gets lost, the state tells the outcome.
 * @param payload the argument as the flow gives it, or as `parseArgument` does
 * @throws EnergyError `feature_not_available`, `invalid_argument`: nothing was sent; `reply_incomplete` of generator
 * settings: sent, and the message says so; `closed`; every refusal and failure of the exchange. AuthenticationError
 * `role_insufficient` and the others of the session.
 */
export async function performCommand<N extends CommandName>(
  gateway: CommandGateway,
  command: N,
  payload: unknown,
  { waits = readBackWaits }: PerformOptions = {},
): Promise<CommandResult<N>> {
  const definition = definitionOf(command);
  const known = await gateway.known();
  checkRequirements(command, known);
  const argument: CommandArguments[N] = definition.parse(payload);
  const plan = await definition.plan({ ...known, document: (path) => documentAt(gateway, path) }, argument);
  if (gateway.signal.aborted) throw closed(gateway.signal.reason);
  const lost = await send(gateway, plan);
  const seen = await readBack(gateway, plan, waits);
  if (lost && !seen.observation) throw unknownOutcome(lost);
  return {
    command,
    argument,
    confirmed: seen.observation?.confirmed ?? false,
    state: seen.observation?.state ?? {},
    warnings: warningsOf(plan, seen, lost),
  };
}
