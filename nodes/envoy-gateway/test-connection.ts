import type { NodeAPI } from 'node-red';
import type { TestOutcome, TestStep } from '../../lib/envoy/connection-test.js';
import type { GatewayMemory } from '../../lib/envoy/memory.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import {
  gatewaySettings,
  maskAccount,
  type GatewayCredentials,
  type GatewaySettings,
} from '../../lib/envoy/settings.js';
import type { SessionState } from '../../lib/envoy/state.js';
import { keptInMemory, type Kept } from '../../lib/store/sealed-file.js';
import { allFromEnvironment } from '../shared/environment.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { fieldsOf, type Fields } from '../shared/admin-answer.js';
import { spoken, type Texts } from '../shared/texts.js';
import type { AdminParts } from './admin-parts.js';
import { createSession } from './create-session.js';

/** A connection test with what it was made with. */
interface Trial {
  readonly outcome: TestOutcome;
  readonly settings: GatewaySettings;
  readonly username: string;
  /** Whether no certificate of this gateway was kept before. */
  readonly firstContact: boolean;
}

/** Variant of a step's text: what exactly went well. */
function variant(step: TestStep, { outcome, settings, firstContact }: Trial): string {
  if (step.result !== 'ok') return step.result;
  const { token, gateway, certificate } = outcome.state;
  if (step.name === 'authentication') return token ? 'token' : 'ok';
  if (step.name !== 'certificate') return 'ok';
  if (gateway?.authentication === 'digest' || !certificate) return 'plain';
  if (settings.tls !== 'pin') return settings.tls === 'verify' ? 'verified' : 'unchecked';
  return firstContact ? 'first' : 'ok';
}

function stepReply(step: TestStep, trial: Trial, texts: Texts) {
  const { outcome, settings, username } = trial;
  const { token, gateway } = outcome.state;
  const values = {
    host: settings.host,
    firmware: gateway?.firmware ?? '–',
    serial: gateway?.serial ?? '–',
    role: token?.role ?? '–',
    user: maskAccount(username),
    watts: Math.round(outcome.wattsNow ?? 0),
  };
  const key = `test.${step.name}.${variant(step, trial)}`;
  const text = texts(key, values) ?? `${step.name}: ${step.result}`;
  const base = { name: step.name, ok: step.result === 'ok', text };
  if (!step.error) return base;
  const { code, message, action } = spoken(step.error, texts);
  return { ...base, text: `${text} ${message}`, code, ...(action !== undefined && { action }) };
}

/** What the dialog shows of a session. */
export function stateReply({ gateway, token, certificate }: SessionState) {
  return { ...(gateway && { gateway }), ...(token && { token }), ...(certificate && { certificate }) };
}

function sameSettings(session: GatewaySession, settings: GatewaySettings): boolean {
  return JSON.stringify(session.settings) === JSON.stringify(settings);
}

/** The memory for a trial: what is kept for this node, changed in memory only while the node itself is running. */
async function trialMemory(parts: AdminParts, id: string, deployed: boolean): Promise<Kept<GatewayMemory>> {
  const kept = parts.storage.gateway(id);
  return deployed ? keptInMemory(await kept.read().catch(() => undefined)) : kept;
}

/**
 * Tries the settings of the dialog: with the running session where they are its own, else with a session for the trial.
 * A credential that the dialog leaves out is the deployed one.
 * @throws EnergyError `invalid_argument` for settings that cannot be used
 */
export async function runTest(RED: NodeAPI, parts: AdminParts, body: Fields) {
  const { testConnection } = await import('../../lib/envoy/connection-test.js');
  const id = typeof body.id === 'string' ? body.id : '';
  const settings = gatewaySettings(allFromEnvironment(body));
  const typed = fieldsOf(body.credentials) as GatewayCredentials;
  const credentials = allFromEnvironment({ ...parts.credentialsOf(id), ...typed });
  const node = RED.nodes.getNode(id) as GatewayNode | null;
  const running = node?.session();
  const usable = running && Object.keys(typed).length === 0 && sameSettings(running, settings);
  const session = usable
    ? running
    : await createSession({
        settings,
        credentials: () => credentials,
        memory: await trialMemory(parts, id, running !== undefined),
        logins: parts.logins,
        startedByPerson: true,
      });
  try {
    const firstContact = (await session.connection).pinned === undefined;
    const outcome = await testConnection(session);
    const trial = { outcome, settings, username: credentials.username ?? '', firstContact };
    const step = (each: TestStep) => stepReply(each, trial, parts.texts);
    return { ok: outcome.ok, steps: outcome.steps.map(step), ...stateReply(outcome.state) };
  } finally {
    if (session !== running) await session.close();
  }
}
