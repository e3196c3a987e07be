import { asEnergyError, AuthenticationError, type EnergyError } from '../errors.js';
import type { GatewayPayload } from './payload.js';
import type { GatewaySession } from './session.js';
import type { SessionState } from './state.js';

/** Steps of a connection test, in their order. */
const testSteps = ['reachable', 'firmware', 'certificate', 'authentication', 'production'] as const;
type TestStepName = (typeof testSteps)[number];

/** How one step went; a step behind one that failed is skipped. */
export interface TestStep {
  readonly name: TestStepName;
  readonly result: 'ok' | 'failed' | 'skipped';
  readonly error?: EnergyError;
}

/** What a connection test found. */
export interface TestOutcome {
  readonly ok: boolean;
  readonly steps: readonly TestStep[];
  readonly state: SessionState;
  /** W; absent where production could not be read. */
  readonly wattsNow?: number;
}

function failingStep(error: EnergyError, state: SessionState): TestStepName {
  if (error.code === 'certificate_changed' || error.code === 'certificate_untrusted') return 'certificate';
  if (error.code === 'not_a_gateway') return 'firmware';
  if (!state.gateway) return 'reachable';
  return error instanceof AuthenticationError ? 'authentication' : 'production';
}

/** The steps by what a reading came to: those before the failing one went well, those behind it were not tried. */
function stepsOf(state: SessionState, error: EnergyError | undefined): TestStep[] {
  const failing = error ? testSteps.indexOf(failingStep(error, state)) : testSteps.length;
  return testSteps.map((name, index): TestStep => {
    if (index < failing) return { name, result: 'ok' };
    return index === failing && error ? { name, result: 'failed', error } : { name, result: 'skipped' };
  });
}

function wattsOf(payload: GatewayPayload): number | undefined {
  const production = payload.production as { readonly wattsNow?: number } | undefined;
  return production?.wattsNow;
}

/** Reads a gateway once and says what works and what does not. Never raises. */
export async function testConnection(session: GatewaySession): Promise<TestOutcome> {
  let error: EnergyError | undefined;
  let wattsNow: number | undefined;
  try {
    wattsNow = wattsOf(await session.read({ datasets: ['production'], raw: false }));
    // Production that anybody may read says nothing about credentials that were turned down elsewhere.
    error = session.state.problem;
  } catch (raw) {
    error = asEnergyError(raw);
  }
  const { state } = session;
  const steps = stepsOf(state, error);
  return { ok: !error, steps, state, ...(wattsNow !== undefined && { wattsNow }) };
}
