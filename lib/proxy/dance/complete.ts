import { setTimeout as pause } from 'node:timers/promises';
import type { ProxyContext } from '../context.js';
import type { Parameters } from '../http/parameters.js';
import { hashed } from '../ids.js';
import { autorisationRules } from '../limits/rules.js';
import { presentableCode } from '../pages/error.js';
import { deny } from '../records/grants.js';
import { beginCallback, endCallback, type CallbackAnswer } from '../records/states.js';
import type { AuthState, DenyReason, DeviceGrant } from '../records/types.js';
import { readCallback, type Callback } from './callback.js';
import { completeCode } from './code-exchange.js';
import { completeAutorisation, completeUsagePoints } from './consent.js';
import { problem, type Completion, type Outcome } from './outcome.js';
import { newCorrelation } from './report.js';
import { report, type Visit } from './visit.js';

/** How often, and for how long, a callback looks whether the one that is under way has ended, ms. */
const lookInterval = 150;
const longestWait = 8000;

/** A visitor who comes back from the consent page. */
export interface ReturningVisitor {
  /** The cookie of the browser. */
  readonly browser: string | undefined;
  /** Subject of limits: hash of the address. */
  readonly requester: string;
  /** What the callback was called with. */
  readonly parameters: Parameters;
}

/** A callback with its state, as it was found. */
interface Arrival {
  readonly stateId: string;
  readonly state: AuthState;
  readonly browserHash: string;
  readonly requester: string;
}

const done: Outcome = { state: 'done', completion: { kind: 'done' } };

/** What a state that failed shows when its page is loaded again. */
const pageOfReason: Readonly<Record<DenyReason, string>> = {
  refused_by_user: 'access_denied',
  upstream_error: 'server_error',
  exchange_failed: 'exchange_failed',
  consent_taken: 'consent_taken',
  consent_not_fresh: 'consent_not_fresh',
  consent_ambiguous: 'consent_ambiguous',
};

async function failedBefore({ records }: ProxyContext, { grant: grantId }: AuthState): Promise<Completion> {
  const grant = await records.deviceGrants.get(grantId);
  return problem(400, grant?.denyReason === undefined ? 'too_many_tries' : pageOfReason[grant.denyReason]);
}

async function awaitOther(context: ProxyContext, { stateId, browserHash }: Arrival): Promise<Completion> {
  const started = performance.now();
  while (performance.now() - started < longestWait) {
    await pause(lookInterval);
    const state = await context.records.authStates.get(stateId);
    const { answer } = beginCallback(state, { browserHash, now: context.now() });
    if (state && answer === 'failed') return failedBefore(context, state);
    if (answer === 'done') return { kind: 'done' };
    if (answer !== 'busy') break;
  }
  return { kind: 'wait' };
}

/** What is shown where the callback did not get the lease. */
function withoutLease(
  context: ProxyContext,
  arrival: Arrival,
  answer: Exclude<CallbackAnswer, 'begun'>,
): Promise<Completion> | Completion {
  switch (answer) {
    case 'unknown':
      return problem(400, 'invalid_state');
    case 'other_browser':
      return problem(403, 'other_browser');
    case 'done':
      return { kind: 'done' };
    case 'busy':
      return awaitOther(context, arrival);
    case 'failed':
      return failedBefore(context, arrival.state);
  }
}

/** The consent page reported a failure: the device is told (spec/device-flow D10). */
async function refuse(context: ProxyContext, visit: Visit, error: string): Promise<Outcome> {
  const { records, now } = context;
  const reason: DenyReason = error === 'access_denied' ? 'refused_by_user' : 'upstream_error';
  await records.deviceGrants.change(visit.grantId, (grant) => deny(grant, reason, now()));
  const correlation = newCorrelation();
  await report(context, visit, { name: 'denied', reason: presentableCode(error) ?? 'unreadable', correlation });
  return { state: 'failed', completion: problem(400, error, { correlation }) };
}

function exchange(context: ProxyContext, visit: Visit, grant: DeviceGrant, callback: Callback): Promise<Outcome> {
  switch (callback.kind) {
    case 'error':
      return refuse(context, visit, callback.error);
    case 'autorisation':
      return completeAutorisation(context, visit, callback.autorisationId);
    case 'usage_points':
      return completeUsagePoints(context, visit, callback.usagePoints);
    case 'code':
      return completeCode(context, visit, grant, callback);
  }
}

/** Carries out a callback that has the lease. A grant that is settled already needs no exchange. */
async function carryOut(context: ProxyContext, arrival: Arrival, callback: Callback): Promise<Outcome> {
  const grantId = arrival.state.grant;
  const grant = await context.records.deviceGrants.get(grantId);
  if (grant?.status === 'approved' || grant?.status === 'redeemed') return done;
  if (grant?.status !== 'authorizing' || context.now() >= grant.completeUntil) {
    const known = grant?.denyReason === undefined ? 'too_late' : pageOfReason[grant.denyReason];
    return { state: 'failed', completion: problem(400, known) };
  }
  const { browserHash, requester } = arrival;
  return exchange(context, { grantId, clientId: grant.clientId, browserHash, requester }, grant, callback);
}

/** Whether the address may bring this authorisation id; one that the state has seen costs nothing (D1b (5)). */
async function mayBring(
  { limits, settings, events, now }: ProxyContext,
  { state, requester }: Arrival,
  autorisationHash: string | undefined,
): Promise<Completion | undefined> {
  if (autorisationHash === undefined || state.autorisations.includes(autorisationHash)) return undefined;
  const { allowed, wait } = await limits.take(autorisationRules(settings.limits), requester);
  if (allowed) return undefined;
  events({ name: 'limited', at: now(), reason: 'autorisation_hour' });
  return problem(429, 'slow_down', { retryAfter: Math.max(1, Math.ceil(wait / 1000)) });
}

async function withLease(context: ProxyContext, arrival: Arrival, callback: Callback): Promise<Completion> {
  const { authStates } = context.records;
  const end = (outcome: Outcome['state']) => authStates.change(arrival.stateId, (state) => endCallback(state, outcome));
  let outcome: Outcome;
  try {
    outcome = await carryOut(context, arrival, callback);
  } catch (error) {
    // Without this the state would stay leased; the lease ends by itself where the store is what failed.
    await end('open').catch(() => undefined);
    throw error;
  }
  await end(outcome.state);
  return outcome.completion;
}

async function handle(context: ProxyContext, arrival: Arrival, callback: Callback): Promise<Completion> {
  const { records, secrets, now } = context;
  const { stateId, browserHash } = arrival;
  const autorisationHash =
    callback.kind === 'autorisation' ? hashed(secrets, 'autorisation', callback.autorisationId) : undefined;
  const limited = await mayBring(context, arrival, autorisationHash);
  if (limited) return limited;
  const answer = await records.authStates.change(stateId, (state) =>
    beginCallback(state, { browserHash, autorisationHash, now: now() }),
  );
  return answer === 'begun' ? withLease(context, arrival, callback) : withoutLease(context, arrival, answer);
}

/**
 * Completes a visit to the consent page (spec/device-flow 1.5, 2.5 (3, 4)). State and browser are checked before
 * anything else is looked at. Of several callbacks with one state one is carried out, the others show how it ended.
 * @throws EnergyError `storage_failed`; the callback may be repeated
 */
export async function completeVisit(context: ProxyContext, visitor: ReturningVisitor): Promise<Completion> {
  const { records, secrets, settings, now } = context;
  const { parameters, requester, browser } = visitor;
  const stateText = parameters.get('state');
  const reported = parameters.get('error');
  if (stateText === undefined) return problem(400, reported ?? 'missing_parameters');
  const stateId = hashed(secrets, 'state', stateText);
  const browserHash = browser === undefined ? undefined : hashed(secrets, 'browser', browser);
  const state = await records.authStates.get(stateId);
  const { answer } = beginCallback(state, { browserHash, now: now() });
  if (!state || answer === 'unknown') return problem(400, reported ?? 'invalid_state');
  if (browserHash === undefined || answer === 'other_browser') return problem(403, 'other_browser');
  const arrival: Arrival = { stateId, state, browserHash, requester };
  if (answer === 'done' || answer === 'failed') return withoutLease(context, arrival, answer);
  const callback = readCallback(parameters, settings);
  return callback.kind === 'unusable' ? problem(400, callback.code) : handle(context, arrival, callback);
}
