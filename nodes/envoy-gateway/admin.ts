import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { asEnergyError, AuthenticationError, type EnergyError } from '../../lib/errors.js';
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
import type { EnlightenLogins } from '../shared/enlighten-logins.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import type { Storage } from '../shared/storage.js';
import { authenticationPayload, localized, moment, type Texts } from '../shared/texts.js';
import { createSession } from './create-session.js';
import { allFromEnvironment } from './credentials.js';

/** What the admin routes work with. */
export interface AdminParts {
  readonly storage: Storage;
  readonly logins: EnlightenLogins;
  readonly texts: Texts;
  /** The credentials of a deployed config node. */
  readonly credentialsOf: (id: string) => GatewayCredentials | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function spoken(error: EnergyError, texts: Texts): { code: string; message: string; action?: string } {
  if (!(error instanceof AuthenticationError)) return { code: error.code, message: localized(error, texts).message };
  const { code, message, action } = authenticationPayload(error, texts, Date.now());
  return { code, message, action };
}

/** Variant of a step's text: what exactly went well. */
function variant(step: TestStep, outcome: TestOutcome, settings: GatewaySettings): string {
  if (step.result !== 'ok') return step.result;
  const { token, gateway, certificate } = outcome.state;
  if (step.name === 'authentication') return token ? 'token' : 'ok';
  if (step.name !== 'certificate') return 'ok';
  if (gateway?.authentication === 'digest' || !certificate) return 'plain';
  if (settings.tls !== 'pin') return settings.tls === 'verify' ? 'verified' : 'unchecked';
  return 'ok';
}

function stepReply(step: TestStep, outcome: TestOutcome, settings: GatewaySettings, username: string, texts: Texts) {
  const { token, gateway } = outcome.state;
  const values = {
    host: settings.host,
    firmware: gateway?.firmware ?? '–',
    serial: gateway?.serial ?? '–',
    role: token?.role ?? '–',
    until: token ? moment(token.expiresAt) : '–',
    user: maskAccount(username),
    watts: Math.round(outcome.wattsNow ?? 0),
  };
  const key = `test.${step.name}.${variant(step, outcome, settings)}`;
  const text = texts(key, values) ?? `${step.name}: ${step.result}`;
  const base = { name: step.name, ok: step.result === 'ok', text };
  if (!step.error) return base;
  const { code, message, action } = spoken(step.error, texts);
  return { ...base, text: `${text} ${message}`, code, ...(action !== undefined && { action }) };
}

function stateReply({ gateway, token, certificate }: SessionState) {
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

async function runTest(RED: NodeAPI, parts: AdminParts, body: Fields) {
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
    const outcome = await testConnection(session);
    const step = (each: TestStep) => stepReply(each, outcome, settings, credentials.username ?? '', parts.texts);
    return { ok: outcome.ok, steps: outcome.steps.map(step), ...stateReply(outcome.state) };
  } finally {
    if (session !== running) await session.close();
  }
}

function readState(RED: NodeAPI, parts: AdminParts, id: string) {
  const node = RED.nodes.getNode(id) as GatewayNode | null;
  const state = node?.sessionState();
  return {
    deployed: node !== null,
    ...(state && stateReply(state)),
    ...(state?.problem && { problem: spoken(state.problem, parts.texts) }),
  };
}

/**
 * Serves the routes of the dialog under the admin API: `POST envoy-gateway/test` tries the settings in the dialog,
 * `GET envoy-gateway/state/:id` tells what the deployed node knows. Both show masked serial numbers and no secrets.
 */
export function serveAdmin(RED: NodeAPI, parts: AdminParts): void {
  RED.httpAdmin.post(
    '/envoy-gateway/test',
    RED.auth.needsPermission('envoy-gateway.write'),
    (request: Request, response: Response) => {
      runTest(RED, parts, fieldsOf(request.body)).then(
        (reply) => response.json(reply),
        (error: unknown) => response.status(400).json({ error: spoken(asEnergyError(error), parts.texts).message }),
      );
    },
  );
  RED.httpAdmin.get(
    '/envoy-gateway/state/:id',
    RED.auth.needsPermission('envoy-gateway.read'),
    (request: Request, response: Response) => {
      response.json(readState(RED, parts, String(request.params.id)));
    },
  );
}
